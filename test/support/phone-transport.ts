import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** An address to send to. */
export interface Peer {
  readonly host: string;
  readonly port: number;
}

/** What came, from where, and the way back that it came by. */
export interface Arrival {
  readonly text: string;
  readonly from: Peer;
  /** The way back on the same connection; undefined over UDP, or when the connection is gone. */
  readonly back: ((text: string) => void) | undefined;
}

/** A phone's socket. */
export interface Transport {
  readonly kind: 'udp' | 'tcp';
  readonly host: string;
  readonly port: number;
  send(text: string, to: Peer): void;
  close(): Promise<void>;
}

type Hear = (arrival: Arrival) => void;

const openUdp = async (host: string, port: number, hear: Hear): Promise<Transport> => {
  const socket = createSocket({ type: host.includes(':') ? 'udp6' : 'udp4', recvBufferSize: 4 << 20 });
  socket.on('message', (bytes, { address, port }) =>
    hear({ text: bytes.toString(), from: { host: address, port }, back: undefined }),
  );
  // A peer that is gone answers with ICMP; a phone just goes on and times out.
  socket.on('error', () => undefined);
  socket.bind(port, host);
  await once(socket, 'listening');
  let isOpen = true;
  return {
    kind: 'udp',
    host,
    port: socket.address().port,
    send: (text, to) => {
      if (isOpen) socket.send(text, to.port, to.host);
    },
    close: () => {
      isOpen = false;
      return new Promise((resolve) => socket.close(() => resolve()));
    },
  };
};

const headEnd = Buffer.from('\r\n\r\n');

/** Cuts a byte stream into messages by Content-Length (RFC 3261 section 18.3). */
export const makeCutter = (take: (text: string) => void): ((bytes: Buffer) => void) => {
  let rest: Buffer = Buffer.alloc(0);
  return (bytes) => {
    rest = rest.length > 0 ? Buffer.concat([rest, bytes]) : bytes;
    for (;;) {
      // RFC 5626 section 3.5.1: empty lines between messages keep the connection alive.
      while (rest[0] === 13 || rest[0] === 10) rest = rest.subarray(1);
      const end = rest.indexOf(headEnd);
      if (end < 0) return;
      const length = /^(?:content-length|l)\s*:\s*(\d+)/im.exec(rest.toString('latin1', 0, end))?.[1] ?? '0';
      const size = end + headEnd.length + Number(length);
      if (rest.length < size) return;
      const text = rest.toString('utf8', 0, size);
      rest = rest.subarray(size);
      take(text);
    }
  };
};

const openTcp = async (host: string, port: number, hear: Hear): Promise<Transport> => {
  const connections = new Map<string, Socket>();
  const all = new Set<Socket>();
  const adopt = (socket: Socket, key: string, from: Peer): Socket => {
    all.add(socket);
    connections.set(key, socket);
    socket.setNoDelay(true);
    const back = (text: string): void => {
      socket.write(text);
    };
    socket.on(
      'data',
      makeCutter((text) => hear({ text, from, back: socket.writable ? back : undefined })),
    );
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      all.delete(socket);
      if (connections.get(key) === socket) connections.delete(key);
    });
    return socket;
  };
  const server = createServer((socket) => {
    const from = { host: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 };
    adopt(socket, `${from.host}:${from.port}`, from);
  });
  server.listen(port, host);
  await once(server, 'listening');
  return {
    kind: 'tcp',
    host,
    port: (server.address() as AddressInfo).port,
    send: (text, to) => {
      const key = `${to.host}:${to.port}`;
      if (!server.listening) return;
      const open = connections.get(key);
      (open?.writable ? open : adopt(connect({ ...to, localAddress: host }), key, to)).write(text);
    },
    close: async () => {
      for (const socket of all) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

/** Opens a phone's socket; port 0 takes a free one. */
export const openTransport = (
  { kind, host, port = 0 }: { kind: 'udp' | 'tcp'; host: string; port?: number },
  hear: Hear,
): Promise<Transport> => (kind === 'udp' ? openUdp(host, port, hear) : openTcp(host, port, hear));
