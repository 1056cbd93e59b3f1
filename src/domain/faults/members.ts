import type { GroupId } from '../group.js';
import { everybodyIn, listsOf, memberReader, mostMembers, mostNested } from '../group-members.js';
import type { Fault, TenantDocument } from '../tenant-document.js';

/**
 * Members and controllers that the company does not have, and groups that cannot be members. The numbers of the call control
 * document are not among them: UIS does not check their existence either.
 */
export const memberFaults = (document: TenantDocument): Fault[] => {
  const faults = [...pickupGroupFaults(document), ...groupFaults(document)];
  return faults.length > 0 ? faults : sizeFaults(document);
};

/** What is said of a text in a list; undefined if nothing is wrong with it. */
type Judge = (text: string) => string | undefined;

const judged = (texts: readonly string[] | undefined, path: readonly string[], judge: Judge): Fault[] =>
  (texts ?? []).flatMap((text, index) => {
    const why = judge(text);
    return why === undefined ? [] : [{ path: [...path, String(index)], why }];
  });

const extensionJudge =
  ({ extensions }: TenantDocument): Judge =>
  (number) =>
    Object.hasOwn(extensions, number) ? undefined : `there is no extension "${number}"`;

const pickupGroupFaults = (document: TenantDocument): Fault[] =>
  Object.entries(document.pickupGroups ?? {}).flatMap(([name, group]) => {
    const [members, at] = Array.isArray(group) ? [group, []] : [group.members, ['members']];
    return judged(members, ['pickupGroups', name, ...at], extensionJudge(document));
  });

const groupFaults = (document: TenantDocument): Fault[] => {
  const read = memberReader(document);
  const isExtension = extensionJudge(document);
  return Object.entries(document.groups ?? {}).flatMap(([id, { members, controllers }]) => {
    const isMember: Judge = (text) => {
      const listed = read(text);
      if (typeof listed !== 'string') return listed.group === id.toLowerCase() ? 'is the group itself' : undefined;
      return isExtension(text) && `there is no extension or group "${text}"`;
    };
    return [
      ...judged(members, ['groups', id, 'members'], isMember),
      ...judged(controllers, ['groups', id, 'controllers'], isExtension),
    ];
  });
};

/** Groups in groups in groups can be more than anybody means. */
const sizeFaults = (document: TenantDocument): Fault[] => {
  const lists = listsOf(document);
  return Object.keys(document.groups ?? {}).flatMap((id) => {
    const { extensions, groups } = everybodyIn(id.toLowerCase() as GroupId, (each) => lists.get(each) ?? []);
    const path = ['groups', id, 'members'];
    if (groups.size > mostNested + 1) return [{ path, why: `leads to more than ${mostNested} other groups` }];
    if (extensions.length <= mostMembers) return [];
    return [{ path, why: `has more than ${mostMembers} members, with those of the groups in it` }];
  });
};
