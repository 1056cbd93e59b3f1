/** SDP enough to be carried. */
export const sdp = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\n';

/** What a request of a test peer says; all the rest is usual. */
export interface Wanted {
  readonly callId?: string;
  readonly branch?: string;
  readonly seq?: number;
  readonly fromTag?: string;
  readonly toTag?: string;
  readonly uri?: string;
  readonly proto?: string;
  readonly host?: string;
  readonly port?: number;
  readonly contact?: string;
  readonly more?: string;
  readonly body?: string;
}

let branches = 0;

/** A request as a phone would write it. */
export function requestText(method: string, wanted: Wanted = {}): string {
  branches += 1;
  const host = `${wanted.host ?? '127.0.0.1'}:${wanted.port ?? 7001}`;
  const body = wanted.body ?? '';
  return [
    `${method} ${wanted.uri ?? 'sip:101@127.0.0.1:5060'} SIP/2.0`,
    `Via: SIP/2.0/${wanted.proto ?? 'UDP'} ${host};branch=${wanted.branch ?? `z9hG4bK-t${branches}`}`,
    `From: <sip:alice@${host}>;tag=${wanted.fromTag ?? 'alice'}`,
    `To: <sip:101@127.0.0.1:5060>${wanted.toTag ? `;tag=${wanted.toTag}` : ''}`,
    `Call-ID: ${wanted.callId ?? `call-${branches}`}`,
    `CSeq: ${wanted.seq ?? 1} ${method}`,
    `Contact: ${wanted.contact ?? `<sip:alice@${host}>`}`,
    'Max-Forwards: 70',
    ...(wanted.more ? [wanted.more] : []),
    ...(body ? ['Content-Type: application/sdp'] : []),
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}

/** The response of a phone to a request that it was sent. */
export function responseText(
  request: string,
  status: string,
  more: { tag?: string; lines?: string[]; body?: string } = {},
): string {
  const lines = (name: string) => request.split('\r\n').filter((line) => line.toLowerCase().startsWith(`${name}:`));
  const to = lines('to').map((line) =>
    line.includes(';tag=') || status.startsWith('100') ? line : `${line};tag=${more.tag ?? 'bob'}`,
  );
  const body = more.body ?? '';
  return [
    `SIP/2.0 ${status}`,
    ...lines('via'),
    ...lines('record-route'),
    ...lines('from'),
    ...to,
    ...lines('call-id'),
    ...lines('cseq'),
    ...(more.lines ?? ['Contact: <sip:bob@127.0.0.1:7002>']),
    ...(body ? ['Content-Type: application/sdp'] : []),
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}

/** The value of a header in a message's text. */
export function header(text: string, name: string): string {
  return new RegExp(`^${name}:[ \\t]*(.*)$`, 'im').exec(text)?.[1] ?? '';
}

/** The tag in a From or To value of a message's text. */
export function tagIn(text: string, name: 'From' | 'To'): string {
  return /;tag=([^;>\s]+)/.exec(header(text, name))?.[1] ?? '';
}
