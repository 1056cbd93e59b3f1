import { contactOf } from '../../sip/dialog/route.js';
import { hangUp } from '../channel/hang-up.js';
import { answer } from './answer.js';
import { type Dialog, dialogKey, seqOf } from './dialog.js';
import { reinviteArrived } from './invite.js';
import type { Incoming, UserAgent } from './user-agent.js';

type InDialog = (ua: UserAgent, incoming: Incoming, dialog: Dialog) => void;

const taken: InDialog = (_ua, incoming) => answer(incoming, { status: 200 });

const byeArrived: InDialog = (ua, incoming, dialog) => {
  answer(incoming, { status: 200 });
  const channel = ua.server.channels.get(dialog.channelId);
  if (channel) hangUp(ua.server, channel, { cause: 'NORMAL_CLEARING', saysBye: false });
};

const methods: ReadonlyMap<string, InDialog> = new Map(
  Object.entries({
    INVITE: reinviteArrived,
    UPDATE: (ua, incoming, dialog) => (incoming.request.body === '' ? taken : reinviteArrived)(ua, incoming, dialog),
    BYE: byeArrived,
    INFO: taken,
    OPTIONS: taken,
    NOTIFY: taken,
  } satisfies Record<string, InDialog>),
);

/** A request in a dialog (RFC 3261 section 12.2.2). */
export function requestInDialog(ua: UserAgent, incoming: Incoming): void {
  const { request, path } = incoming;
  const dialog = ua.dialogs.get(dialogKey(request));
  if (!dialog) {
    answer(incoming, { status: 481 });
    return;
  }
  if (seqOf(request) <= dialog.remoteSeq) {
    answer(incoming, { status: 500 });
    return;
  }
  dialog.remoteSeq = seqOf(request);
  dialog.path = path;
  const method = methods.get(request.method);
  if (!method) {
    answer(incoming, { status: 501 });
    return;
  }
  // A target refresh (section 12.2.2).
  if (request.method === 'INVITE' || request.method === 'UPDATE') dialog.target = contactOf(request) ?? dialog.target;
  method(ua, incoming, dialog);
}
