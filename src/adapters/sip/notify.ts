import type { Heard, Notice, WatcherPhone, WatchState } from '../../flows/watch/watcher-phone.js';
import type { Headers } from './headers.js';
import { type SipRequest, type SipResponse, type Srf, within } from './srf.js';

/** The dialog of a subscription, as far as a NOTIFY needs it. */
export interface NotifyDialog {
  readonly srf: Srf;
  /** The SUBSCRIBE that began it. */
  readonly req: SipRequest;
  /** As drachtio-server names it. */
  readonly dialogId: string;
  /** The Event header as the phone wrote it. */
  readonly event: string;
  /** What its documents are. */
  readonly documentType: string;
  /** Our Contact of the 200: drachtio-server adds none to a NOTIFY (protocol.md S7). */
  readonly contact: string;
}

/** How long a phone may take to answer, in milliseconds; then nobody is there. */
const patience = 10_000;

/** The phone at the other end of a subscription's dialog. */
export const watcherPhone = (dialog: NotifyDialog): WatcherPhone => ({
  notify: async (notice) => {
    try {
      const promise = answerOf(dialog, { headers: headersOf(dialog, notice), body: notice.document });
      return heardOf(await within(patience, 'NOTIFY', { promise }));
    } catch {
      // Not sent, as when drachtio-server does not know the dialog any more; or not answered.
      return { kind: 'gone' };
    }
  },
});

const headersOf = ({ event, documentType, contact }: NotifyDialog, { state, document }: Notice): Headers => ({
  Event: event,
  'Subscription-State': stateText(state),
  Contact: contact,
  ...(document !== undefined && { 'Content-Type': documentType }),
});

const stateText = (state: WatchState): string => {
  if (state.kind === 'active') return `active;expires=${state.seconds}`;
  return `terminated;reason=${state.reason}${state.retryAfter === undefined ? '' : `;retry-after=${state.retryAfter}`}`;
};

/** srf's request with a callback and inside a dialog, which its types leave out. */
type RequestInDialog = (
  uri: string,
  options: object,
  sent: (error: Error | null, req: SipRequest | undefined) => void,
) => void;

/**
 * The final response. We keep our own book of subscriptions instead of srf's dialogs: those answer an unsubscribe by
 * themselves with a 202 without Expires, and stay in srf's book for ever where no last NOTIFY is sent (protocol.md S4, S13).
 */
const answerOf = (
  { srf, req: { socket }, dialogId }: NotifyDialog,
  { headers, body }: { headers: Headers; body: string | undefined },
): Promise<SipResponse> =>
  new Promise((resolve, reject) => {
    const request = srf.request.bind(srf) as unknown as RequestInDialog;
    const inDialog = { method: 'NOTIFY', stackDialogId: dialogId, _socket: socket, headers, ...(body && { body }) };
    // drachtio-server puts the phone's first Contact in the place of this address, whatever stands here.
    request('sip:placeholder', inDialog, (error, req) => {
      if (error || !req) return reject(error ?? new Error('not sent'));
      req.on('response', (res: SipResponse) => res.status >= 200 && resolve(res));
    });
  });

/** Answers that end a subscription (RFC 6665 section 4.2.2), and 408, which stands for none. */
const endsIt = (status: number): boolean =>
  [404, 405, 408, 410, 416, 489, 501, 604].includes(status) || (status >= 480 && status <= 485);

const heardOf = (res: SipResponse): Heard => {
  if (res.status < 300) return { kind: 'taken' };
  if (endsIt(res.status)) return { kind: 'gone' };
  const seconds = /^\s*(\d{1,5})\b/.exec(res.get('Retry-After') ?? '')?.[1];
  return seconds === undefined ? { kind: 'refused' } : { kind: 'later', seconds: Number(seconds) };
};
