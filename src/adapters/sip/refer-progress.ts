import type { Log } from '../../flows/ports.js';
import type { SipLeg } from './sip-leg.js';
import { type SipDialog, type SipRequest, within } from './srf.js';

/** How long the phone may take to answer one NOTIFY, in milliseconds; a transfer does not wait longer for it. */
const notifyDeadline = 4_000;

/** How long the phone may expect news, in seconds: longer than anything rings. */
const expires = 300;

const phrases: Readonly<Record<number, string>> = {
  100: 'Trying',
  180: 'Ringing',
  200: 'OK',
  404: 'Not Found',
  408: 'Request Timeout',
  480: 'Temporarily Unavailable',
  486: 'Busy Here',
  487: 'Request Terminated',
  488: 'Not Acceptable Here',
  491: 'Request Pending',
  503: 'Service Unavailable',
  600: 'Busy Everywhere',
  603: 'Decline',
};

const classes = ['', 'Trying', 'OK', 'Moved', 'Request Failure', 'Server Failure', 'Global Failure'];

const followed = new WeakMap<SipDialog, true>();

/** What a phone's REFER is told by (RFC 3515 section 2.4.6): the first of a dialog needs no id, each other has its own. */
export const eventOf = ({ dialog }: SipLeg, req: SipRequest): string => {
  if (followed.has(dialog)) return `refer;id=${req.getParsedHeader('cseq').seq}`;
  followed.set(dialog, true);
  return 'refer';
};

/** Tells a phone how far its transfer is (RFC 3515 section 2.4.4), one status after the other, the final one once. */
export const referProgress = (
  leg: SipLeg,
  { event, log }: { event: string; log: Log },
): ((status: number) => Promise<void>) => {
  let told: Promise<void> = Promise.resolve();
  let isOver = false;
  return (status) => {
    if (isOver) return told;
    isOver = status >= 200;
    told = told
      .then(() => notify(leg, { event, status }))
      .catch((error) => {
        log.warn({ error: String(error), status }, 'phone not told of its transfer');
      });
    return told;
  };
};

/** Who has hung up hears nothing more: its dialog, and the subscription in it, are gone. */
const notify = async (
  { dialog, ended }: SipLeg,
  { event, status }: { event: string; status: number },
): Promise<void> => {
  if (!dialog.connected) return;
  const phrase = phrases[status] ?? classes[Math.floor(status / 100)];
  const answered = dialog.request({
    method: 'NOTIFY',
    headers: {
      Event: event,
      'Subscription-State': status < 200 ? `active;expires=${expires}` : 'terminated;reason=noresource',
      Contact: dialog.local.contact,
      'Content-Type': 'message/sipfrag;version=2.0',
    },
    body: `SIP/2.0 ${status} ${phrase}\r\n`,
  });
  await within(notifyDeadline, 'NOTIFY', { promise: Promise.race([answered, ended]) });
};
