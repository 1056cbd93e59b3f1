import { randomUUID } from 'node:crypto';
import { parseAddress } from '../../sip/message/address.js';
import { headerOf, type Request } from '../../sip/message/message.js';
import { parseUri, printHostPort } from '../../sip/message/uri.js';
import type { ServerInvite } from '../../sip/transaction/server-invite.js';
import { openRtp, type RtpSession } from '../audio/rtp.js';
import { negotiate } from '../audio/sdp.js';
import type { Channel } from '../channel/channel.js';
import { keyPressed } from '../channel/digits.js';
import { openChannel } from '../channel/open-channel.js';
import { connectOutbound } from '../event-socket/outbound.js';
import { answer } from './answer.js';
import { sendBye } from './bye.js';
import { type Dialog, dialogKey, dialogOf, seqOf } from './dialog.js';
import { noteMedia } from './note-media.js';
import type { Incoming, UserAgent } from './user-agent.js';

/** Samples of 8 kHz in a millisecond. */
const samplesPerMs = 8;

/** Where the application wants to be connected to: `X-esl-outbound: host:port`. */
function outboundOf(request: Request): { host: string; port: number } | undefined {
  const match = /^(?:\[([0-9a-f:]+)\]|([\w.-]+)):(\d{1,5})$/i.exec(headerOf(request, 'x-esl-outbound') ?? '');
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  return host && port > 0 && port < 65536 ? { host, port } : undefined;
}

/** Why an INVITE is refused before anything is opened for it. */
function refusalOf({ server }: UserAgent, request: Request): { status: number; reason?: string } | undefined {
  // This server is no open relay: it serves fsmrf alone.
  if (!headerOf(request, 'user-agent')?.startsWith('drachtio-fsmrf:')) return { status: 403 };
  if (!outboundOf(request)) return { status: 400, reason: 'Bad X-esl-outbound Header' };
  if (server.channels.size + server.counts.opening >= server.mostSessions) return { status: 503 };
  return request.body === '' ? { status: 488, reason: 'Offer Needed' } : undefined;
}

/** Takes a call: answers its offer, and connects the application that asked for it. */
export async function inviteArrived(ua: UserAgent, incoming: Incoming): Promise<void> {
  const { request } = incoming;
  const refusal = refusalOf(ua, request);
  if (refusal) {
    answer(incoming, refusal);
    return;
  }
  const { counts, rtpHost } = ua.server;
  counts.opening += 1;
  const rtp = await openRtp(rtpHost).catch(() => undefined);
  counts.opening -= 1;
  if (!rtp) {
    answer(incoming, { status: 503, reason: 'No Port For RTP' });
    return;
  }
  if (!serve(ua, incoming, rtp)) await rtp.close();
}

/** Answers the offer; false if that cannot be. */
function serve(ua: UserAgent, incoming: Incoming, rtp: RtpSession): boolean {
  const { request, path, toTag } = incoming;
  // It was cancelled while its port was opened.
  if (incoming.transaction.answered) return false;
  const dialog = dialogOf(request, { path, localTag: toTag, channelId: randomUUID() });
  const result = negotiate(request.body, localOf(ua, dialog, rtp));
  if (!result.ok) {
    answer(incoming, result.status === 415 ? { status: 400, reason: 'Bad Session Description' } : result);
    return false;
  }
  const channel = channelFor(ua, dialog, { request, rtp, agreed: result.agreed });
  noteRequest(channel, request);
  noteMedia(channel, { offer: request.body, answer: result.answer, agreed: result.agreed, host: ua.server.rtpHost });
  begin(ua, { channel, dialog, key: dialogKey(request, toTag) });
  awaitAck(dialog, incoming);
  answer(incoming, { status: 200, sdp: result.answer });
  const place = outboundOf(request);
  if (place) connectOutbound(ua.server, channel, place);
  return true;
}

const localOf = ({ server }: UserAgent, { description }: Dialog, { port }: RtpSession) => {
  description.version += 1;
  return { address: server.rtpHost, port, sessionId: description.id, version: description.version };
};

function channelFor(
  ua: UserAgent,
  dialog: Dialog,
  made: { request: Request } & Pick<Channel, 'rtp' | 'agreed'>,
): Channel {
  const from = parseUri(parseAddress(headerOf(made.request, 'from') ?? '')?.uri ?? '');
  const { address, port } = dialog.path;
  return openChannel({
    id: dialog.channelId,
    user: from?.user ?? '',
    from: printHostPort(address, port),
    address,
    rtp: made.rtp,
    agreed: made.agreed,
    leg: { bye: (cause) => sendBye(ua, dialog, cause), forget: () => forget(ua, dialog, made.request) },
  });
}

/** What still waits for an ACK is not repeated any more. */
function forget(ua: UserAgent, dialog: Dialog, request: Request): void {
  ua.dialogs.delete(dialogKey(request, dialog.localTag));
  for (const invite of dialog.unacknowledged.values()) invite.acknowledged();
}

function begin({ server, dialogs }: UserAgent, made: { channel: Channel; dialog: Dialog; key: string }): void {
  const { channel, dialog, key } = made;
  dialogs.set(key, dialog);
  server.channels.set(channel.id, channel);
  server.counts.total += 1;
  server.counts.peak = Math.max(server.counts.peak, server.channels.size);
  channel.rtp.apply(channel.agreed);
  channel.rtp.onDigit((digit, ms) => {
    keyPressed(server, channel, { digit, duration: Math.round(ms * samplesPerMs), source: 'RTP' });
  });
}

/** The 200 is repeated until its ACK comes. */
function awaitAck(dialog: Dialog, { request, transaction }: Incoming): void {
  dialog.unacknowledged.set(seqOf(request), transaction as ServerInvite);
}

/** What fsmrf and people who look for a channel want to know of its INVITE. */
function noteRequest({ id, name, variables }: Channel, request: Request): void {
  const noted: Record<string, string> = {
    direction: 'inbound',
    uuid: id,
    call_uuid: id,
    channel_name: name,
    sip_call_id: headerOf(request, 'call-id') ?? '',
    sip_user_agent: headerOf(request, 'user-agent') ?? '',
    sip_from_uri: (parseAddress(headerOf(request, 'from') ?? '')?.uri ?? '').replace(/^sips?:/, ''),
    send_silence_when_idle: '-1',
    hangup_after_bridge: 'false',
    park_after_bridge: 'true',
    playback_terminators: 'none',
  };
  for (const [key, value] of Object.entries(noted)) variables.set(key, value);
  for (const { key, value, line } of request.headers) {
    // The headers of the application's own come back as it wrote them.
    if (key.startsWith('x-')) variables.set(`sip_h_${line.slice(0, line.indexOf(':')).trim()}`, value);
  }
}

/** Another offer in a call: hold, another address or law. */
export function reinviteArrived(ua: UserAgent, incoming: Incoming, dialog: Dialog): void {
  const { request } = incoming;
  const channel = ua.server.channels.get(dialog.channelId);
  if (!channel) {
    answer(incoming, { status: 481 });
    return;
  }
  if (request.body === '') {
    answer(incoming, { status: 488, reason: 'Offer Needed' });
    return;
  }
  const key = channel.agreed.crypto?.ours;
  const result = negotiate(request.body, { ...localOf(ua, dialog, channel.rtp), ...(key ? { key } : {}) });
  if (!result.ok) {
    answer(incoming, { status: 488 });
    return;
  }
  channel.agreed = result.agreed;
  channel.rtp.apply(result.agreed);
  noteMedia(channel, { offer: request.body, answer: result.answer, agreed: result.agreed, host: ua.server.rtpHost });
  if (request.method === 'INVITE') awaitAck(dialog, incoming);
  answer(incoming, { status: 200, sdp: result.answer });
}
