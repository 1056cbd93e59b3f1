// Just enough SIP to be a phone on a raw socket: what is written is written once, what is read is read by name.
import { randomBytes } from 'node:crypto';

/** A random word for branches, tags and Call-IDs. */
export const word = () => randomBytes(8).toString('hex');

/** Value of the first header of that name (full names only: our peers are drachtio's stacks), or ''. */
export const header = (text, name) => {
  const at = text.indexOf(`\r\n${name}: `);
  if (at < 0) return '';
  const from = at + name.length + 4;
  return text.slice(from, text.indexOf('\r\n', from));
};

/** All lines of that name, as they are. */
const lines = (text, name) =>
  text
    .split('\r\n\r\n', 1)[0]
    .split('\r\n')
    .filter((line) => line.startsWith(`${name}: `));

export const isResponse = (text) => text.startsWith('SIP/2.0 ');

export const statusOf = (text) => Number(text.slice(8, 11));

/** Method of a request, or the method that a response answers. */
export const methodOf = (text) =>
  isResponse(text) ? header(text, 'CSeq').split(' ')[1] : text.slice(0, text.indexOf(' '));

export const tagOf = (value) => /;tag=([^;\s]+)/.exec(value)?.[1];

export const uriOf = (value) => /<([^>]+)>/.exec(value)?.[1] ?? value.split(';')[0];

export const userOf = (text) => /^\S+ sip:([^@;\s]+)/.exec(text)?.[1];

const codecs = { 9: 'G722', 8: 'PCMA', 0: 'PCMU' };

/** An offer of the size and shape that desk phones send, with these codecs (payload types). */
export const offer = (host, port, payloads = [9, 8, 0]) =>
  [
    'v=0',
    `o=- ${port} 1 IN IP4 ${host}`,
    's=call',
    `c=IN IP4 ${host}`,
    't=0 0',
    `m=audio ${port} RTP/AVP ${payloads.join(' ')} 101`,
    ...payloads.map((payload) => `a=rtpmap:${payload} ${codecs[payload]}/8000`),
    'a=rtpmap:101 telephone-event/8000',
    'a=fmtp:101 0-16',
    'a=ptime:20',
    'a=sendrecv',
    '',
  ].join('\r\n');

/** A request of ours. `leg` holds what stays the same in a dialog. */
export const request = (method, leg, { uri, cseq, to = leg.to, branch = word(), extra = [], body = '' }) =>
  [
    `${method} ${uri} SIP/2.0`,
    `Via: SIP/2.0/UDP ${leg.local};branch=z9hG4bK${branch};rport`,
    'Max-Forwards: 70',
    `From: ${leg.from}`,
    `To: ${to}`,
    `Call-ID: ${leg.callId}`,
    `CSeq: ${cseq} ${method}`,
    `Contact: <sip:${leg.user}@${leg.local}>`,
    ...extra,
    ...(body ? ['Content-Type: application/sdp'] : []),
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');

/** A response of ours to a request as it came. */
export const response = (status, phrase, to, { tag, contact, body = '' }) => {
  const callee = header(to, 'To');
  return [
    `SIP/2.0 ${status} ${phrase}`,
    ...lines(to, 'Via'),
    ...lines(to, 'Record-Route'),
    `From: ${header(to, 'From')}`,
    `To: ${tagOf(callee) ? callee : `${callee};tag=${tag}`}`,
    `Call-ID: ${header(to, 'Call-ID')}`,
    `CSeq: ${header(to, 'CSeq')}`,
    ...(contact ? [`Contact: <${contact}>`] : []),
    ...(body ? ['Content-Type: application/sdp'] : []),
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
};
