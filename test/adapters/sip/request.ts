import { type SipRequest, type SipResponse, Srf } from '../../../src/adapters/sip/srf.js';

/** srf's own class, which its type declarations leave out. */
const { SipRequest: Request } = Srf as unknown as {
  SipRequest: new (message: InstanceType<typeof Srf.SipMessage>, meta: object) => SipRequest;
};

/** A request as srf makes it of what came over the wire: its own parser, the lines as they are. */
export const requestOf = (lines: readonly string[], source = '192.0.2.9', body = ''): SipRequest =>
  new Request(new Srf.SipMessage(`${lines.join('\r\n')}\r\n\r\n${body}`), {
    source: 'network',
    address: source,
    port: '5060',
    protocol: 'udp',
    time: '00:00:00.000000',
    transactionId: 'transaction',
    dialogId: 'dialog',
  });

/** An INVITE with everything it needs, some headers said otherwise; an undefined one is left out. */
export const inviteOf = (
  headers: Readonly<Record<string, string | undefined>> = {},
  { uri = 'sip:101@acme.example', source = '192.0.2.9', body = '' } = {},
): SipRequest => {
  const all: Record<string, string | undefined> = {
    Via: 'SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK1',
    From: '"Alice" <sip:100@acme.example>;tag=1',
    To: '<sip:101@acme.example>',
    'Call-ID': 'call@192.0.2.9',
    CSeq: '1 INVITE',
    Contact: '<sip:100@192.0.2.9>',
    'Max-Forwards': '70',
    ...(body && { 'Content-Type': 'application/sdp' }),
    ...headers,
  };
  const lines = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]));
  return requestOf([`INVITE ${uri} SIP/2.0`, ...lines], source, body);
};

/** What was sent as a final answer. */
export interface Sent {
  status: number;
  phrase?: string | undefined;
  headers: Record<string, string>;
}

/** A response that notes what is sent instead of sending it. */
export const responseFor = (sent: Sent[]): SipResponse =>
  ({
    msg: { headers: {} },
    get finalResponseSent() {
      return sent.length > 0;
    },
    send: (status: number, ...rest: unknown[]) => {
      const phrase = rest.find((part) => typeof part === 'string') as string | undefined;
      const options = rest.find((part) => typeof part === 'object') as { headers?: Record<string, string> } | undefined;
      sent.push({ status, phrase, headers: options?.headers ?? {} });
    },
  }) as unknown as SipResponse;
