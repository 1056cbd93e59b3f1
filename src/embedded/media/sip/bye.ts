import { composeRequest } from '../../sip/core/compose-request.js';
import { hopOf } from '../../sip/dialog/route.js';
import { parseAddress } from '../../sip/message/address.js';
import { makeHeader, print } from '../../sip/message/message.js';
import { clientPlain } from '../../sip/transaction/client-plain.js';
import { clientKey } from '../../sip/transaction/key.js';
import type { Path } from '../../sip/transport/path.js';
import type { Dialog } from './dialog.js';
import type { UserAgent } from './user-agent.js';

/** The numbers of the causes that we give (Q.850, and FreeSWITCH's own above 127). */
const causes: Readonly<Record<string, number>> = {
  UNALLOCATED_NUMBER: 1,
  NO_ROUTE_DESTINATION: 3,
  NORMAL_CLEARING: 16,
  USER_BUSY: 17,
  NO_ANSWER: 19,
  CALL_REJECTED: 21,
  DESTINATION_OUT_OF_ORDER: 27,
  RECOVERY_ON_TIMER_EXPIRE: 102,
  MANAGER_REQUEST: 503,
};

function wayTo(ua: UserAgent, dialog: Dialog): Path | undefined {
  const [first] = dialog.routes;
  if (first === undefined && dialog.path.open) return dialog.path;
  const hop = hopOf(first === undefined ? dialog.target : (parseAddress(first)?.uri ?? dialog.target));
  return hop && ua.transports.reach(hop, dialog.path.local);
}

/** Ends a dialog: a BYE whose answer interests nobody. */
export function sendBye(ua: UserAgent, dialog: Dialog, cause: string): void {
  const path = wayTo(ua, dialog);
  if (!path) return;
  dialog.localSeq += 1;
  const { routes, callId, localSeq: seq, localAddress: from, remoteAddress: to, target: uri } = dialog;
  const frame = { method: 'BYE', uri, routes, from, to, callId, seq, path };
  const reason = makeHeader('Reason', `Q.850;cause=${causes[cause] ?? 16};text="${cause}"`);
  const { request, branch } = composeRequest(frame, undefined, [reason]);
  const key = clientKey(branch, 'BYE');
  const user = { response: () => {}, failed: () => {}, ended: () => void ua.outgoing.delete(key) };
  ua.outgoing.set(key, clientPlain({ clock: ua.clock, path, text: print(request), user }));
}
