import type { Dialog } from '../dialog/dialog.js';
import { makeHeader, print } from '../message/message.js';
import { clientPlain } from '../transaction/client-plain.js';
import { unsolicited } from '../wire/events.js';
import { composeInDialog } from './compose-request.js';
import { pathInDialog } from './dialog-path.js';
import type { Engine } from './engine.js';
import type { Incoming } from './incoming.js';
import { makeOutgoing } from './outgoing.js';

/** Ends a dialog in the application's name, and tells it. */
export function hangUp(engine: Engine, dialog: Dialog, reason: string): void {
  sendBye(engine, dialog, reason);
  engine.dialogs.remove(dialog);
}

/** The 2xx that the application sent was never acknowledged: the call cannot stand (RFC 3261 section 13.3.1.4). */
export function hangUpUnacknowledged(engine: Engine, incoming: Incoming): void {
  const { dialog } = incoming;
  if (dialog && engine.dialogs.byId(dialog.id) === dialog) hangUp(engine, dialog, 'SIP;cause=200;text="ACK timeout"');
}

/** Sends a BYE whose answer interests nobody. */
export function sendBye(engine: Engine, dialog: Dialog, reason: string): void {
  const path = pathInDialog(engine, dialog);
  if (!path) return;
  dialog.localSeq += 1;
  const parts = { method: 'BYE', seq: dialog.localSeq, path, more: [makeHeader('Reason', reason)] };
  const { request, branch } = composeInDialog(dialog, parts);
  const text = print(request);
  const outgoing = makeOutgoing({ branch, request, path });
  engine.outgoing.add(outgoing);
  const user = { response: () => {}, failed: () => {}, ended: () => engine.outgoing.remove(outgoing) };
  outgoing.transaction = clientPlain({ clock: engine.clock, path, text, user });
  dialog.owner?.send(unsolicited({ text, transactionId: 'unsolicited', dialogId: dialog.id, path }));
}
