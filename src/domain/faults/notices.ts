import type { Fault, TenantDocument } from '../tenant-document.js';
import { isTimeZone, type WaitingNoticeDocument } from '../waiting-notice.js';

/** Quiet hours in a time zone that there is not. */
export const noticeFaults = ({ pickupGroups = {}, groups = {} }: TenantDocument): Fault[] => [
  ...Object.entries(pickupGroups).flatMap(([name, group]) =>
    Array.isArray(group) ? [] : zoneFaults(group.notify, ['pickupGroups', name]),
  ),
  ...Object.entries(groups).flatMap(([id, { notify }]) => zoneFaults(notify, ['groups', id])),
];

const zoneFaults = (notify: WaitingNoticeDocument | undefined, group: readonly string[]): Fault[] => {
  const zone = notify?.quiet?.zone;
  if (zone === undefined || isTimeZone(zone)) return [];
  return [{ path: [...group, 'notify', 'quiet', 'zone'], why: `there is no time zone "${zone}"` }];
};
