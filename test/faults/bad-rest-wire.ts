import { connect, type Socket } from 'node:net';

/** What came back on a connection. */
export interface Heard {
  /** The statuses of all answers, in their order. */
  readonly statuses: readonly number[];
  readonly text: string;
}

/** Sends bytes as they are; resolves when the other side has closed, or has sent as many answers as wanted. */
export const sendRaw = (
  http: string,
  text: string | Buffer,
  { answers = 1, from, patience = 10_000 }: { answers?: number; from?: string; patience?: number } = {},
): Promise<Heard> =>
  new Promise((resolve, reject) => {
    const { hostname: host, port } = new URL(http);
    const socket: Socket = connect({ host, port: Number(port), ...(from !== undefined && { localAddress: from }) });
    let heard = '';
    const done = () => {
      socket.destroy();
      resolve({ statuses: statusesIn(heard), text: heard });
    };
    socket.setEncoding('utf8');
    socket.on('data', (data: string) => {
      heard += data;
      if (statusesIn(heard).length >= answers && isWhole(heard)) done();
    });
    socket.once('close', done);
    // Who is cut off while he still talks hears a reset, after the answer or without one.
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (!['ECONNRESET', 'EPIPE'].includes(error.code ?? '')) reject(error);
    });
    socket.setTimeout(patience, () => socket.destroy(new Error('no answer')));
    socket.write(text);
  });

const statusesIn = (text: string): number[] =>
  [...text.matchAll(/HTTP\/1\.[01] (\d{3}) /g)].map(([, status]) => Number(status));

/** True if the last answer has all of its body. */
const isWhole = (text: string): boolean => {
  const last = text.slice(text.lastIndexOf('HTTP/1.'));
  const end = last.indexOf('\r\n\r\n');
  const length = /^content-length: (\d+)/im.exec(last)?.[1];
  return end >= 0 && (length === undefined || Buffer.byteLength(last.slice(end + 4)) >= Number(length));
};

const lines = (...each: string[]): string => [...each, '', ''].join('\r\n');

/** A request that is no HTTP, or hardly; and every status that is right, 0 where it is hung up without one. */
export const hardlyHttp = (
  token: string,
): readonly { what: string; text: string; statuses: readonly number[]; answers?: number }[] => {
  const who = `Authorization: ${token}`;
  const host = 'Host: a';
  const get = (...more: string[]) => lines('GET /v1/calls HTTP/1.1', host, who, ...more);
  return [
    { what: 'two requests at once', text: get() + get('Connection: close'), statuses: [200, 200], answers: 2 },
    // The connection may be cut off before the first answer is ready.
    { what: 'a right and a wrong one at once', text: get() + lines('HELO', host), statuses: [0, 200, 400] },
    { what: 'a hundred headers', text: get(...many(100)), statuses: [200] },
    { what: 'three thousand headers', text: get(...many(3_000)), statuses: [431] },
    { what: 'a header of 64 KB', text: get(`X-A: ${'a'.repeat(65_536)}`), statuses: [431] },
    {
      what: 'a token of 10 KB',
      text: lines('GET /v1/calls HTTP/1.1', host, `Authorization: Bearer ${'a'.repeat(10_000)}`),
      statuses: [401],
    },
    { what: 'a URL of 64 KB', text: lines(`GET /v1/calls?${'a'.repeat(65_536)} HTTP/1.1`, host, who), statuses: [431] },
    { what: 'no host', text: lines('GET /v1/calls HTTP/1.1', who), statuses: [400] },
    { what: 'a hostile host', text: lines('GET /v1/calls HTTP/1.1', 'Host: "><script>', who), statuses: [200, 400] },
    { what: 'an unknown method', text: lines('PICKUP /v1/calls HTTP/1.1', host, who), statuses: [400] },
    { what: 'TRACE', text: lines('TRACE /v1/calls HTTP/1.1', host, who), statuses: [404, 405] },
    { what: 'CONNECT', text: lines('CONNECT a:443 HTTP/1.1', host, who), statuses: [0] },
    { what: 'a bare line feed in a header', text: get('X-A: b\nX-Evil: 1'), statuses: [200, 400] },
    { what: 'a bare carriage return in a header', text: get('X-A: b\rX-Evil: 1'), statuses: [400] },
    { what: 'a NUL in a header', text: get('X-A: \u0000'), statuses: [400] },
    { what: 'a NUL in the path', text: lines('GET /v1/calls\u0000 HTTP/1.1', host, who), statuses: [400] },
    { what: 'a blank before a colon', text: get('X-A : b'), statuses: [400] },
    { what: 'two lengths', text: `${post('Content-Length: 2', 'Content-Length: 3')}{}x`, statuses: [400] },
    {
      what: 'a length and chunks',
      text: `${post('Content-Length: 2', 'Transfer-Encoding: chunked')}0\r\n\r\n`,
      statuses: [400],
    },
    { what: 'a length below zero', text: `${post('Content-Length: -1')}{}`, statuses: [400] },
    {
      what: 'a chunk that is too long',
      text: `${post('Transfer-Encoding: chunked')}ffffffffffffffffff\r\n`,
      statuses: [400, 401],
    },
    {
      what: 'a chunk of letters',
      text: `${post('Transfer-Encoding: chunked')}zz\r\n{}\r\n0\r\n\r\n`,
      statuses: [400, 401],
    },
    { what: 'an expectation', text: get('Expect: miracles'), statuses: [417, 200] },
    { what: 'an upgrade', text: get('Connection: Upgrade', 'Upgrade: websocket'), statuses: [200] },
    { what: 'another version', text: lines('GET /v1/calls HTTP/9.9', host, who), statuses: [400, 505] },
    { what: 'TLS', text: '\u0016\u0003\u0001\u0002\u0000\u0001', statuses: [400] },
    { what: 'SIP', text: lines('OPTIONS sip:a SIP/2.0', 'Via: SIP/2.0/TCP a', 'CSeq: 1 OPTIONS'), statuses: [400] },
    { what: 'Redis', text: '*1\r\n$4\r\nPING\r\n', statuses: [400] },
    {
      what: 'an absolute URL',
      text: lines('GET http://evil.example/v1/calls HTTP/1.1', host, who),
      statuses: [200, 400, 404],
    },
    { what: 'a star', text: lines('OPTIONS * HTTP/1.1', host, who), statuses: [404, 405] },
    { what: 'dots in the path', text: lines('GET /v1/../../etc/passwd HTTP/1.1', host, who), statuses: [404] },
    {
      what: 'encoded dots',
      text: lines('GET /docs/static/..%2f..%2f..%2fpackage.json HTTP/1.1', host, who),
      statuses: [403, 404],
    },
    { what: 'half an escape', text: lines('GET /v1/calls/%E0%A4 HTTP/1.1', host, who), statuses: [400] },
  ];
};

const many = (count: number): string[] => Array.from({ length: count }, (_, index) => `X-${index}: ${index}`);

const post = (...more: string[]): string =>
  lines('POST /v1/explain HTTP/1.1', 'Host: a', 'Content-Type: application/json', ...more);

/** Begins a request and never ends it. */
export const beginsAndWaits = (http: string, token: string): Promise<Heard>[] => {
  const head = ['POST /v1/explain HTTP/1.1', 'Host: a', 'Content-Type: application/json', `Authorization: ${token}`];
  const patience = 60_000;
  return [
    sendRaw(http, `${lines(...head, 'Content-Length: 100')}{`, { patience }),
    sendRaw(http, `${lines(...head, 'Transfer-Encoding: chunked')}1\r\n{\r\n`, { patience }),
    sendRaw(http, 'GET /v1/calls HTTP/1.1\r\nHost: a\r\nX-A', { patience }),
  ];
};
