import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { Message } from './phone-message.js';
import { makeCutter, type Peer } from './phone-transport.js';

/** A stranger with a socket: sends bytes as they are and remembers every answer. */
export interface Probe {
  readonly kind: 'udp' | 'tcp';
  readonly host: string;
  readonly port: number;
  readonly heard: readonly Message[];
  send(bytes: Buffer | string): void;
  /** Resolves with the first message that fits, past or to come; undefined when none comes in so many milliseconds. */
  hears(fits: (message: Message) => boolean, deadline: number): Promise<Message | undefined>;
  close(): Promise<void>;
}

interface Line {
  readonly port: number;
  write(bytes: Buffer): void;
  close(): Promise<void>;
}

const udpLine = async (host: string, server: Peer, hear: (text: string) => void): Promise<Line> => {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 1 << 20 });
  socket.on('message', (bytes) => hear(bytes.toString('latin1')));
  socket.on('error', () => undefined);
  socket.bind(0, host);
  await once(socket, 'listening');
  return {
    port: socket.address().port,
    write: (bytes) => socket.send(bytes, server.port, server.host, () => undefined),
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
};

const tcpLine = async (host: string, server: Peer, hear: (text: string) => void): Promise<Line> => {
  const socket = connect({ ...server, localAddress: host });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  const port = socket.localPort ?? 0;
  socket.on('data', makeCutter(hear));
  return {
    port,
    write: (bytes) => {
      if (socket.writable) socket.write(bytes);
    },
    close: async () => {
      if (socket.closed) return;
      socket.destroy();
      await once(socket, 'close');
    },
  };
};

/** Where a probe stands and whom it asks. */
export interface ProbeOptions {
  readonly kind?: 'udp' | 'tcp';
  readonly host?: string;
  readonly server: Peer;
}

/** Opens a probe on a free port. A refusal of an INVITE is acknowledged, so that it is not repeated for half a minute. */
export const openProbe = async ({ kind = 'udp', host = '127.0.0.1', server }: ProbeOptions): Promise<Probe> => {
  const heard: Message[] = [];
  const waiting = new Set<(message: Message) => void>();
  const line = await (kind === 'udp' ? udpLine : tcpLine)(host, server, (text) => {
    const message = new Message(text);
    heard.push(message);
    if (message.status >= 300 && message.method === 'INVITE') line.write(acknowledgement(message));
    for (const wake of waiting) wake(message);
  });
  return {
    kind,
    host,
    port: line.port,
    heard,
    send: (bytes) => line.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes),
    hears: (fits, deadline) => hears({ heard, waiting }, fits, deadline),
    close: line.close,
  };
};

/** The ACK of a refusal, as far as the refusal tells what it must say (RFC 3261 section 17.1.1.3). */
const acknowledgement = (refusal: Message): Buffer => {
  const { sequence } = refusal;
  const copied = ['Via', 'From', 'To', 'Call-ID'].map((name) => `${name}: ${refusal.get(name) ?? ''}`);
  const lines = ['ACK sip:127.0.0.1 SIP/2.0', ...copied, `CSeq: ${sequence} ACK`, 'Content-Length: 0', '', ''];
  return Buffer.from(lines.join('\r\n'), 'latin1');
};

const hears = (
  { heard, waiting }: { heard: readonly Message[]; waiting: Set<(message: Message) => void> },
  fits: (message: Message) => boolean,
  deadline: number,
): Promise<Message | undefined> =>
  new Promise((resolve) => {
    const past = heard.find(fits);
    if (past) return resolve(past);
    const settle = (message: Message | undefined) => {
      clearTimeout(timer);
      waiting.delete(wake);
      resolve(message);
    };
    const timer = setTimeout(() => settle(undefined), deadline);
    const wake = (message: Message) => {
      if (fits(message)) settle(message);
    };
    waiting.add(wake);
  });
