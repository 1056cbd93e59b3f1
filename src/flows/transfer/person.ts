import type { DialogChange } from '../../domain/dialog.js';
import type { Extension } from '../../domain/names.js';
import { domainOf } from '../../domain/office.js';
import type { LiveCall } from '../live-call.js';
import { extensionParty } from '../party.js';
import type { Leg, Party } from '../ports.js';
import { callerDialogId } from '../shown-dialogs.js';

/** Who is at the phone of one leg of a connected call. */
export interface Person {
  /** As the other party is shown it. */
  readonly party: Party;
  /** Whose phone it is, where the company has the extension. */
  readonly extension?: Extension;
  /** What watchers see of the leg. */
  readonly shown?: DialogChange;
  /** The one who called; otherwise called, or come in by a pickup. */
  readonly isCaller: boolean;
}

/** Who is at this leg, by the dialogs that the call has shown. */
export const personAt = (call: LiveCall, { ids }: Leg): Person => {
  const isCaller = ids.sipCallId === call.caller.sipCallId;
  const own = call.dialogs.open.find(({ dialog }) => dialog.sipCallId === ids.sipCallId);
  // A picker at another instance has a dialog with that one, and the leg here leads to it.
  const shown = own ?? (isCaller ? undefined : call.dialogs.open.find((change) => !isOfCaller(call, change)));
  const extension = shown && call.tenant.extensions.has(shown.extension) ? shown.extension : undefined;
  return { ...(extension && { extension }), ...(shown && { shown }), isCaller, party: partyOf(call, isCaller, shown) };
};

/** A leg, and who is at it. */
export const at = (call: LiveCall, leg: Leg): { leg: Leg; party: Party } => ({ leg, party: personAt(call, leg).party });

const isOfCaller = (call: LiveCall, { dialog }: DialogChange): boolean =>
  dialog.id === callerDialogId(call) || dialog.sipCallId === call.caller.sipCallId;

/** Who called is shown as he asked to be; everybody else by what the office says, or by the number that was dialled. */
const partyOf = (call: LiveCall, isCaller: boolean, shown: DialogChange | undefined): Party => {
  if (isCaller) return call.callerParty;
  if (shown) return extensionParty(call.tenant, shown.extension, false);
  return { name: '', number: '', domain: domainOf(call.tenant), private: false };
};

/** A call that was private because of who made it stays so where that one remains; an extension's own wish always counts. */
export const isPrivateFor = (call: LiveCall, person: Person): boolean =>
  (person.isCaller && call.record.isPrivate) ||
  (person.extension !== undefined && call.tenant.extensions.get(person.extension)?.isPrivate === true);
