import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectSecurely } from 'node:tls';
import { first, method, readSip, response, type SipText, status } from './sip-text.js';

/** One end of a wire: a phone, a trunk or the stub service. It does nothing by itself but answer `answering`. */
export interface Peer {
  host: string;
  port: number;
  uri: string;
  /** For the top Via of what it sends. */
  via: string;
  /** Everything received and not yet taken by `next`. */
  inbox: SipText[];
  send(text: string | Buffer, to?: { host: string; port: number }): void;
  /** The next message that fits, waiting for it; throws with the inbox when none comes. */
  next(fits: (message: SipText) => boolean): Promise<SipText>;
  close(): Promise<void>;
}

/** Takes a request of this method, with this Call-ID if one is given. */
export function requestOf(name: string, callId?: string) {
  return (message: SipText) =>
    status(message) === 0 && method(message) === name && (!callId || first(message, 'Call-ID') === callId);
}

/** Takes a response with this status, to a request of this Call-ID if one is given. */
export function answerOf(code: number, callId?: string) {
  return (message: SipText) => status(message) === code && (!callId || first(message, 'Call-ID') === callId);
}

/** How a UDP peer differs from one that only listens, on any port. */
export interface UdpOptions {
  /** What it returns is sent back at once, and the message is not kept. */
  answering?: (message: SipText) => string | undefined;
  port?: number;
}

/** A peer on UDP. */
export async function udpPeer(
  host: string,
  edge: { host: string; port: number },
  options: UdpOptions = {},
): Promise<Peer> {
  const socket = createSocket('udp4');
  socket.bind(options.port ?? 0, host);
  await once(socket, 'listening');
  // A test that fails must end, whatever it left open.
  socket.unref();
  const { port } = socket.address();
  const peer = makePeer({ host, port, transport: 'UDP' }, (text, to) => socket.send(text, to.port, to.host), edge);
  socket.on('message', (raw, from) => {
    const message = readSip(raw.toString('latin1'), from);
    const answer = options.answering?.(message);
    if (answer) socket.send(answer, from.port, from.address);
    else peer.inbox.push(message);
  });
  peer.close = async () => void socket.close();
  return peer;
}

/** A phone that holds one connection to the edge and listens nowhere; over TLS when the port says so. */
export async function tcpPeer(host: string, edge: { host: string; port: number; secure?: boolean }): Promise<Peer> {
  const target = { host: edge.host, port: edge.port, localAddress: host };
  const socket = edge.secure ? connectSecurely({ ...target, rejectUnauthorized: false }) : connect(target);
  await once(socket, edge.secure ? 'secureConnect' : 'connect');
  socket.unref();
  const port = socket.localPort ?? 0;
  const transport = edge.secure ? 'TLS' : 'TCP';
  const peer = makePeer({ host, port, transport }, (text) => void socket.write(text), edge);
  let pending = '';
  socket.on('data', (chunk: Buffer) => {
    pending += chunk.toString('latin1');
    for (let size = messageSize(pending); size > 0; size = messageSize(pending)) {
      peer.inbox.push(readSip(pending.slice(0, size), { address: edge.host, port: edge.port }));
      pending = pending.slice(size);
    }
  });
  peer.close = async () => {
    // Not destroyed: what the edge sends last is its own FIN, so after this it knows that the connection is gone.
    socket.end();
    await once(socket, 'close');
  };
  return peer;
}

/** For the stub service: 200 to the pings of the edge. */
export function answersPings(message: SipText): string | undefined {
  return requestOf('OPTIONS')(message) ? response(message, '200 OK', { tag: 'up' }) : undefined;
}

function makePeer(
  at: { host: string; port: number; transport: 'UDP' | 'TCP' | 'TLS' },
  write: (text: string | Buffer, to: { host: string; port: number }) => void,
  edge: { host: string; port: number },
): Peer {
  const inbox: SipText[] = [];
  return {
    host: at.host,
    port: at.port,
    uri: `sip:${at.host}:${at.port}`,
    via: `SIP/2.0/${at.transport} ${at.host}:${at.port}`,
    inbox,
    send: (text, to = edge) => write(text, to),
    next: (fits) => take(inbox, fits),
    close: async () => undefined,
  };
}

async function take(inbox: SipText[], fits: (message: SipText) => boolean): Promise<SipText> {
  for (let attempt = 0; attempt < 500; attempt += 1) {
    const found = inbox.findIndex(fits);
    const message = inbox[found];
    if (message) {
      inbox.splice(found, 1);
      return message;
    }
    await sleep(10);
  }
  throw new Error(`nothing that fits came; there is: ${JSON.stringify(inbox.map((message) => message.head))}`);
}

function messageSize(text: string): number {
  const head = text.indexOf('\r\n\r\n');
  if (head < 0) return 0;
  const size = head + 4 + Number(/^content-length:\s*(\d+)/im.exec(text.slice(0, head))?.[1] ?? 0);
  return size <= text.length ? size : 0;
}
