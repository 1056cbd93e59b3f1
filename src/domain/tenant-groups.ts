import { type Group, type GroupId, groupRights, type Listed } from './group.js';
import { everybodyIn, listsOf } from './group-members.js';
import type { Extension } from './names.js';
import type { GroupDocument, TenantDocument } from './tenant-document.js';
import { waitingNoticeOf } from './waiting-notice.js';

/** The groups (TelecomX) of a document whose ids are in their one spelling, each with everybody who is in it. */
export const groupsOf = (document: TenantDocument): Map<GroupId, Group> => {
  const written = Object.entries(document.groups ?? {}) as [GroupId, GroupDocument][];
  const lists = listsOf(document);
  const listOf = (id: GroupId) => lists.get(id) ?? [];
  return new Map(
    written.map(([id, group]) => {
      const { extensions } = everybodyIn(id, listOf);
      return [id, groupOf(id, group, { listed: listOf(id), members: extensions })];
    }),
  );
};

interface Members {
  readonly listed: readonly Listed[];
  readonly members: readonly Extension[];
}

const groupOf = (id: GroupId, group: GroupDocument, members: Members): Group => ({
  id,
  name: group.name,
  ...(group.number !== undefined && { number: group.number as Extension }),
  notes: group.notes ?? '',
  ...members,
  controllers: (group.controllers ?? []) as Extension[],
  rights: new Set(groupRights.filter((right) => group[right])),
  strategy: group.strategy ?? 'ALL',
  ringTime: group.ringTime ?? 0,
  ...(group.timeoutGoto !== undefined && { timeoutGoto: group.timeoutGoto }),
  ...(group.startAudio !== undefined && { startAudio: group.startAudio }),
  ...(group.redirect !== undefined && { redirect: group.redirect }),
  ...(group.notify && { notify: waitingNoticeOf(group.notify) }),
});
