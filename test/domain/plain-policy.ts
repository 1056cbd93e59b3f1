import type { GroupId } from '../../src/domain/group.js';
import type { Tenant } from '../../src/domain/office.js';
import type { Act, Ask } from '../../src/domain/rules/rule.js';
import type { CallControlDocument, GroupDocument, TenantDocument } from '../../src/domain/tenant-document.js';
import { number } from './acme.js';

/** A question as it is asked of a document. */
export interface PlainAsk {
  readonly picker: string;
  readonly act: Act;
  /** A number, or a group's id. */
  readonly target: { readonly number: string } | { readonly group: string };
  readonly by: 'number' | 'group';
}

/** The question as the policy takes it. */
export const askOf = (tenant: Tenant, { picker, act, target, by }: PlainAsk): Ask => ({
  tenant,
  picker: number(picker),
  act,
  target:
    'group' in target
      ? { kind: 'group', id: target.group as GroupId }
      : { kind: 'extension', number: number(target.number) },
  by,
});

/** The policy a second time: slow, straight from the documents, nothing looked up beforehand, every grant there is. */
export const plainly = (document: TenantDocument, ask: PlainAsk): { refusal?: string; grants: string[] } => {
  if (!has(document.extensions, ask.picker)) return { refusal: 'unknown-extension', grants: [] };
  if ('group' in ask.target) return toGroup(document, ask, ask.target.group);
  const target = ask.target.number;
  const callee = has(document.extensions, target) ? document.extensions[target] : undefined;
  if (!callee) return { refusal: 'unknown-extension', grants: [] };
  if (target === ask.picker) return toOneself(document, ask);
  if (ask.act === 'pickup' && callee.refusesPickup) return { refusal: 'opted-out', grants: [] };
  const kept: Act[] = ['pickup', 'steal', 'eavesdrop', 'whisper', 'barge', 'view-other-party'];
  if (callee.private && kept.includes(ask.act)) return { refusal: 'private-call', grants: [] };
  const grants = toOther(document, ask, target);
  return grants.length > 0 ? { grants } : { refusal: no(document, ask), grants };
};

const has = (object: object, key: string) => Object.keys(object).includes(key);

const no = (document: TenantDocument, { act, by, picker }: PlainAsk): string => {
  if (act !== 'pickup' || by !== 'group') return 'not-allowed';
  const others = Object.keys(document.extensions).filter((other) => other !== picker);
  const ask = { picker, act, by };
  const someone = others.some((number) => toOther(document, { ...ask, target: { number } }, number).length > 0);
  return someone ? 'not-allowed' : 'no-group';
};

const toOneself = (document: TenantDocument, ask: PlainAsk): { refusal?: string; grants: string[] } => {
  const mayDo = (ask.act === 'pickup' && ask.by === 'number') || ['view-other-party', 'set-presence'].includes(ask.act);
  return mayDo ? { grants: ['own own-extension'] } : { refusal: no(document, ask), grants: [] };
};

const toOther = (document: TenantDocument, ask: PlainAsk, target: string): string[] => [
  ...pickupGroups(document, ask, target),
  ...callControl(document.callControl, ask, target),
  ...groups(document, ask, target),
  ...contexts(document, ask, target),
];

const pickupGroups = ({ pickupGroups = {} }: TenantDocument, { act, picker }: PlainAsk, target: string): string[] => {
  if (act !== 'pickup') return [];
  const all = Object.entries(pickupGroups).map(([name, group]) => ({
    name,
    ...(Array.isArray(group) ? { members: group, associated: [] } : { associated: [], ...group }),
  }));
  const own = all.filter(({ members }) => members.includes(picker));
  const others = all.filter(({ name }) => own.some(({ associated }) => associated.includes(name)));
  const granted = (rule: string, groups: typeof all) =>
    groups.filter(({ members }) => members.includes(target)).map(({ name }) => `pickup-group ${rule} ${name}`);
  return [...granted('shared', own), ...granted('associated', others)];
};

const callControl = (document: CallControlDocument | undefined, ask: PlainAsk, target: string): string[] => {
  const { act, by, picker } = ask;
  const grants: string[] = [];
  const all = Object.entries(document?.groups ?? {});
  if (act === 'pickup' && by === 'number' && document?.pickup_all !== false) grants.push('call-control pickup_all');
  if (document?.allow_all && !['view-other-party', 'set-presence', 'queue-member', 'sms'].includes(act)) {
    if (act !== 'pickup' || by === 'number') grants.push('call-control allow_all');
  }
  if (act === 'pickup') grants.push(...shared(all, document?.pickup_share_groups ?? [], [picker, target]));
  if (act === 'eavesdrop' || act === 'whisper' || act === 'barge') {
    const named = Object.entries(document ?? {}).find(([field]) => field === `${act}_${picker}`)?.[1] as string[];
    for (const [name, numbers] of all) {
      if (named?.includes(name) && numbers.includes(target)) grants.push(`call-control ${act}_${picker} ${name}`);
    }
  }
  for (const [name, numbers] of all) {
    if (act !== 'replace' || !document?.phone_replace_groups?.includes(name)) continue;
    if (numbers.includes(picker) && numbers.includes(target)) grants.push(`call-control phone_replace_groups ${name}`);
  }
  return grants;
};

/** Pours one group into another as long as any two have a number in common. */
const shared = (all: [string, string[]][], named: string[], [picker, target]: [string, string]): string[] => {
  const own = all.filter(([name]) => named.includes(name));
  let pools = own.map(([, numbers]) => new Set(numbers));
  for (let pass = 0; pass < own.length; pass += 1) {
    for (const pool of pools) {
      for (const other of pools) {
        if ([...pool].some((number) => other.has(number))) for (const number of other) pool.add(number);
      }
    }
  }
  pools = pools.filter((pool) => pool.has(picker) && pool.has(target));
  if (pools.length === 0) return [];
  const of = (number: string) => own.filter(([, numbers]) => numbers.includes(number)).map(([name]) => name);
  const both = of(picker).filter((name) => of(target).includes(name));
  const through = both.length > 0 ? both : of(picker).flatMap((one) => of(target).map((two) => `${one} + ${two}`));
  return through.map((name) => `call-control pickup_share_groups ${name}`);
};

const rights: Partial<Record<Act, keyof GroupDocument>> = {
  pickup: 'pickup',
  steal: 'steal',
  eavesdrop: 'spy',
  'view-other-party': 'viewOtherParty',
  'set-presence': 'setPresence',
  'queue-member': 'queueMember',
  sms: 'sms',
};

/** A group's own members, and those of the groups in it. */
const membersOf = (document: TenantDocument, id: string, around: string[] = []): string[] =>
  (document.groups?.[id]?.members ?? []).flatMap((member) => {
    if (has(document.extensions, member)) return [member];
    return [...around, id].includes(member) ? [] : membersOf(document, member, [...around, id]);
  });

const groups = (document: TenantDocument, { act, picker }: PlainAsk, target: string): string[] =>
  Object.entries(document.groups ?? {})
    .filter(([id, group]) => group.controllers?.includes(picker) && membersOf(document, id).includes(target))
    .filter(([, group]) => rights[act] && group[rights[act]])
    .map(([, { name }]) => `group ${rights[act]} ${name}`);

const toGroup = (document: TenantDocument, ask: PlainAsk, id: string): { refusal?: string; grants: string[] } => {
  const group = Object.entries(document.groups ?? {}).find(([each]) => each === id)?.[1];
  if (!group) return { refusal: 'unknown-group', grants: [] };
  const right = ['pickup', 'sms', 'queue-member'].includes(ask.act) ? rights[ask.act] : undefined;
  if (!right || !group[right] || !group.controllers?.includes(ask.picker))
    return { refusal: 'not-allowed', grants: [] };
  const grants = [`group ${right} ${group.name}`];
  if (ask.act !== 'pickup' || group.redirect || group.timeoutGoto) return { grants };
  const others = Object.entries(document.extensions)
    .filter(([number]) => number !== ask.picker && membersOf(document, id).includes(number))
    .map(([, entry]) => entry);
  if (others.some((entry) => !entry.refusesPickup && !entry.private)) return { grants };
  if (others.some((entry) => entry.refusesPickup)) return { refusal: 'opted-out', grants: [] };
  return { refusal: others.length > 0 ? 'private-call' : 'no-group', grants: [] };
};

const contexts = (document: TenantDocument, { act, by, picker }: PlainAsk, target: string): string[] => {
  if (act !== 'pickup' && act !== 'view-other-party') return [];
  const userOf = (number: string) => document.extensions[number]?.user ?? number;
  const user = Object.entries(document.users ?? {}).find(([id]) => id === userOf(picker))?.[1];
  const context = user?.context ?? 'user';
  const grants: string[] = [];
  if (context !== 'phone' && userOf(picker) === userOf(target)) grants.push('phone-calls user');
  const isWide = context === 'organization' || context === 'global';
  if (isWide && (act !== 'pickup' || by === 'number')) grants.push(`phone-calls ${context}`);
  return grants;
};
