import type { Dialog, DialogChange, DialogIds, DialogState, OtherParty } from '../domain/dialog.js';
import type { Extension } from '../domain/names.js';
import type { DialogEnd } from './call-dialogs.js';
import type { LiveCall } from './live-call.js';
import { extensionParty } from './party.js';
import type { EarlyDialog, OutgoingLeg, Party } from './ports.js';

/**
 * What watchers of the caller see of the call from now on; nothing if the caller is no extension. Who was in a call before
 * is in one all the while.
 */
export const showCaller = (call: LiveCall, reached: DialogState): DialogChange[] => {
  const { record, caller, tenant, dialogs } = call;
  if (record.caller === '') return [];
  const id = callerDialogId(call);
  const state = caller.isEstablished ? 'confirmed' : reached;
  const known = dialogs.find(id);
  if (known?.state === state) return [];
  const remote = shownParty(extensionParty(tenant, record.target, false));
  const fresh = { id, direction: 'initiator', remote, since: Date.now() } as const;
  return dialogs.show(record.caller as Extension, {
    ...(known ?? newDialog(call, { ...fresh, ids: caller.ids })),
    state,
  });
};

/** The id under which watchers see the caller's dialog. */
export const callerDialogId = ({ record }: LiveCall): string => `${record.id}-caller`;

/** Whose phones ring, and whom they show. */
export interface Rung {
  readonly extension: Extension;
  readonly shows: Party;
}

/** What watchers see from now on of one phone that rings: of the target, or of somebody who is to take the call. */
export const showRinging = (call: LiveCall, early: EarlyDialog, rung?: Rung): DialogChange[] => {
  const { leg: id, since } = early;
  const { extension, shows } = rung ?? { extension: call.record.target, shows: call.callerParty };
  // Who was shown while the phone was being woken is not shown less when it rings.
  const state = call.dialogs.find(id)?.state === 'early' ? 'early' : early.state;
  const parts = { id, direction: 'recipient', remote: shownParty(shows), since, ids: early } as const;
  return call.dialogs.show(extension, { ...newDialog(call, parts), isPrivate: isPrivateAt(call, extension), state });
};

/** A private extension in a group makes the call private where it rings, not for the others. */
const isPrivateAt = ({ record, tenant }: LiveCall, extension: Extension): boolean =>
  record.isPrivate || tenant.extensions.get(extension)?.isPrivate === true;

/** The phone has answered: it is in the call, the caller too, and the others do not ring any more. */
export const showAnswered = (call: LiveCall, by: OutgoingLeg, ids: DialogIds): DialogChange[] => {
  const { target } = call.record;
  const known = call.dialogs.find(by.id);
  const parts = { id: by.id, direction: 'recipient', remote: shownParty(call.callerParty), ids } as const;
  const dialog = newDialog(call, { ...parts, since: known?.since ?? Date.now() });
  return [
    ...call.dialogs.endAll((change) => (isOther(call, change, by.id) ? { event: 'cancelled' } : undefined)),
    ...call.dialogs.show(target, { ...dialog, isPrivate: isPrivateAt(call, target), state: 'confirmed' }),
    ...showCaller(call, 'confirmed'),
  ];
};

const isOther = (call: LiveCall, { dialog }: DialogChange, id: string): boolean =>
  dialog.id !== id && dialog.id !== callerDialogId(call);

/** The dialog of a picker: who it is, and whether its phone called us or was called. */
export interface PickerDialog {
  readonly extension: Extension;
  readonly ids: DialogIds;
  readonly direction: Dialog['direction'];
  /** Under which watchers have seen its phone ring. */
  readonly id?: string;
}

/**
 * A picker has the call: the phones that rang were replaced (RFC 4235 section 4.1.2), by the first of them if asked. Of a
 * picker whose dialog is not known nothing is shown.
 */
export const showPicked = (call: LiveCall, picker: PickerDialog | undefined): DialogChange[] => {
  const { record, dialogs } = call;
  const own = picker?.id ?? `${record.id}-picker`;
  const isTargets = ({ extension }: DialogChange) => (record.ringsAt ?? [record.target]).includes(extension);
  const replaced = dialogs.open.find((change) => isOther(call, change, own) && isTargets(change))?.dialog;
  const others = dialogs.endAll((change) =>
    isOther(call, change, own) ? { event: isTargets(change) ? 'replaced' : 'cancelled' } : undefined,
  );
  return [
    ...others,
    ...(picker ? showPicker(call, { ...picker, id: own }, replaced) : []),
    ...showCaller(call, 'confirmed'),
  ];
};

const showPicker = (
  call: LiveCall,
  { extension, id, ids, direction }: PickerDialog & { id: string },
  replaced: Dialog | undefined,
): DialogChange[] => {
  const since = call.dialogs.find(id)?.since ?? Date.now();
  const dialog = newDialog(call, { id, remote: shownParty(call.callerParty), since, direction, ids });
  const replaces = replaced && { replaces: idsOf(replaced) };
  return call.dialogs.show(extension, { ...dialog, state: 'confirmed', ...replaces });
};

/** A phone that rang does so no more, with the status that it refused by. */
export const showRefused = (call: LiveCall, leg: OutgoingLeg, status: number): DialogChange[] =>
  call.dialogs.end(leg.id, refusedBy(status));

const refusedBy = (status: number): DialogEnd => {
  if (status === 408 || status === 480) return { event: 'timeout', code: status };
  return status === 487 ? { event: 'cancelled' } : { event: 'rejected', code: status };
};

const idsOf = ({ sipCallId, localTag, remoteTag }: DialogIds): DialogIds => ({
  sipCallId,
  ...(localTag !== undefined && { localTag }),
  ...(remoteTag !== undefined && { remoteTag }),
});

interface NewDialog {
  readonly id: string;
  readonly direction: Dialog['direction'];
  readonly remote: OtherParty;
  readonly ids: DialogIds;
  readonly since: number;
}

const newDialog = ({ record }: LiveCall, { ids, ...parts }: NewDialog): Dialog => ({
  ...parts,
  ...idsOf(ids),
  call: record.id,
  state: 'trying',
  isHeld: false,
  isPrivate: record.isPrivate,
});

/** What watchers may be shown of a party (RFC 3323 section 4, protocol.md D27). */
export const shownParty = ({ name, number, domain, private: isAnonymous }: Party): OtherParty =>
  isAnonymous
    ? { name: '', number: '', domain: 'anonymous.invalid', isAnonymous }
    : { name, number, domain, isAnonymous };
