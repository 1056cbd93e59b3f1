import type { DialogIds } from '../../domain/dialog.js';
import type { CallId, Extension, TenantId } from '../../domain/names.js';
import type { LiveCall } from '../live-call.js';
import type { LiveCalls, Talking } from '../live-calls.js';
import { type Person, personAt } from '../transfer/person.js';

/** Whose connected call is meant. */
export interface Colleague {
  readonly tenant: TenantId;
  readonly extension: Extension;
  /** Only this call will do. */
  readonly call?: CallId | undefined;
  /** Only the phone with this dialog will do. */
  readonly ids?: DialogIds | undefined;
}

/**
 * Finds the phone that a colleague talks with, in a call that this instance holds; of several the one connected last. One
 * that is about to be connected is waited for.
 */
export const sideOf = async (
  live: Pick<LiveCalls, 'talks' | 'joined'>,
  colleague: Colleague,
): Promise<Talking | undefined> => {
  await live.joined((call) => mayBe(call, colleague));
  return live.talks((side) => isMeant(side, colleague))[0];
};

const mayBe = ({ tenant, record, dialogs }: LiveCall, { tenant: wanted, extension, call }: Colleague): boolean =>
  tenant.id === wanted &&
  (call === undefined || record.id === call) &&
  dialogs.open.some((shown) => shown.extension === extension);

const isMeant = ({ call, leg }: Talking, { tenant, extension, call: only, ids }: Colleague): boolean =>
  call.tenant.id === tenant &&
  (only === undefined || call.record.id === only) &&
  isAt(personAt(call, leg), { leg, extension, ids });

/** Where the phone is at another instance its own dialog is with that one, and the leg here leads to it. */
const isAt = (
  { extension, shown }: Person,
  wanted: Pick<Colleague, 'extension' | 'ids'> & Pick<Talking, 'leg'>,
): boolean => {
  const { ids, leg } = wanted;
  if (extension !== wanted.extension) return false;
  return ids === undefined || isSame(leg.ids, ids) || (shown !== undefined && isSame(shown.dialog, ids));
};

const isSame = (a: DialogIds, b: DialogIds): boolean =>
  a.sipCallId === b.sipCallId && a.localTag === b.localTag && a.remoteTag === b.remoteTag;
