import { ringing } from '../support/office.js';
import type { Call, Leg, Message, Phone } from '../support/phone.js';

/** One end of a call: who began it, or who was called. */
export type End = Call | Leg;

/** A call that is answered, both ends. */
export const talking = async (caller: Phone, callee: Phone): Promise<{ call: Call; leg: Leg }> => {
  const { call, leg } = await ringing(caller, callee);
  await leg.answers();
  await call.answered();
  return { call, leg };
};

/** Asks for the other party of a call to be connected with somebody else. */
export const refers = (end: End, to: string, headers: Record<string, string> = {}): Promise<Message> =>
  end.sends('REFER', { headers: { 'Refer-To': to, ...headers } });

/** Where a phone sends the other party of one call to be connected with that of another, this end of which is its own. */
export const towards = (other: End): string =>
  `<sip:somebody@acme.example?Replaces=${encodeURIComponent(replacing(other))}>`;

/** What names a dialog to us: our tag, then the phone's (RFC 3891 section 6.1). */
export const replacing = ({ callId, remoteTag, localTag }: End): string =>
  `${callId};to-tag=${remoteTag};from-tag=${localTag}`;

/** The news of a transfer up to the final one, as `status subscription`. */
export const progress = async (end: End, deadline?: number): Promise<string[]> => {
  const heard: string[] = [];
  for (;;) {
    const notify = await end.receives('NOTIFY', deadline);
    const [, status = ''] = /^SIP\/2\.0 (\d+) /.exec(notify.body) ?? [];
    heard.push(status);
    if (/^terminated/.test(notify.get('subscription-state') ?? '')) return heard;
  }
};

/** Whom a phone was told last that it talks to (RFC 3325). */
export const talksTo = (end: End): string =>
  end.log
    .filter(({ direction, text }) => direction === 'in' && text.startsWith('INVITE'))
    .map(({ text }) => /^P-Asserted-Identity: (.*)$/im.exec(text)?.[1]?.trim() ?? '')
    .at(-1) ?? '';

/** Where a description wants its audio. */
export const audioPort = (sdp: string | undefined): number => Number(/^m=audio (\d+)/m.exec(sdp ?? '')?.[1]);

/** Whether two phones send their audio to each other, by what each was told last. */
export const areAt = (one: { phone: Phone; end: End }, other: { phone: Phone; end: End }): boolean =>
  audioPort(one.end.remoteSdp) === other.phone.rtp.port && audioPort(other.end.remoteSdp) === one.phone.rtp.port;
