import type { Dialog } from './dialog.js';
import type { CallId } from './names.js';
import type { Presence } from './office.js';

/** Why a member's phones are left alone when the group is called. */
export type Absence = 'caller' | 'do-not-disturb' | 'away' | 'unregistered' | 'busy';

/** What is known of a member when its turn comes. */
export interface MemberNow {
  /** The member itself calls the group. */
  readonly isCaller: boolean;
  readonly presence: Presence;
  readonly phones: number;
  /** The dialogs of its phones, of this call and of others. */
  readonly dialogs: readonly Pick<Dialog, 'call' | 'state'>[];
}

/**
 * Why a member does not ring for this call; undefined if it does. Who is in another call, or rings for one, is busy: a group
 * has others for it.
 */
export const absenceOf = (call: CallId, { isCaller, presence, phones, dialogs }: MemberNow): Absence | undefined => {
  if (isCaller) return 'caller';
  if (presence !== 'available') return presence;
  if (phones === 0) return 'unregistered';
  return dialogs.some((dialog) => dialog.call !== call && dialog.state !== 'terminated') ? 'busy' : undefined;
};
