import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A phone made of a raw socket: it says exactly what it is told to, and keeps all that it hears. */
export interface Peer {
  readonly port: number;
  readonly heard: string[];
  say(text: string | Buffer): void;
  /** The next message that matches; each is handed out once. Rejects when none comes. */
  hears(pattern: RegExp): Promise<string>;
  close(): void;
}

/** Long enough for a loaded machine; a test that waits so long has failed. */
const patience = 10_000;

function listener() {
  const heard: string[] = [];
  const unread: string[] = [];
  const waiting = new Set<() => void>();
  return {
    heard,
    take: (text: string) => {
      heard.push(text);
      unread.push(text);
      for (const look of [...waiting]) look();
    },
    hears: (pattern: RegExp) =>
      new Promise<string>((resolve, reject) => {
        const look = () => {
          const index = unread.findIndex((text) => pattern.test(text));
          if (index < 0) return;
          waiting.delete(look);
          clearTimeout(timer);
          resolve(unread.splice(index, 1)[0] ?? '');
        };
        const timer = setTimeout(() => {
          waiting.delete(look);
          const lines = heard.map((text) => text.split('\r\n', 1)[0]).join(' / ');
          reject(new Error(`never heard ${pattern}, only: ${lines}`));
        }, patience);
        waiting.add(look);
        look();
      }),
  };
}

/** A phone on UDP that talks to the engine's port. */
export async function udpPeer(enginePort: number): Promise<Peer> {
  const socket = createSocket('udp4');
  const { heard, take, hears } = listener();
  socket.on('message', (data) => take(data.toString('latin1')));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    port: socket.address().port,
    heard,
    hears,
    say: (text) => socket.send(typeof text === 'string' ? Buffer.from(text, 'latin1') : text, enginePort, '127.0.0.1'),
    close: () => socket.close(),
  };
}

/** How long the first message in a stream is, or the line end that answers a keep-alive; 0 when it is not all there. */
function firstMessage(stream: string): number {
  if (stream.startsWith('\r\n')) return 2;
  const head = stream.indexOf('\r\n\r\n');
  const body = Number(/^content-length: *(\d+)/im.exec(stream.slice(0, head))?.[1] ?? 0);
  return head >= 0 && stream.length >= head + 4 + body ? head + 4 + body : 0;
}

/** A phone on TCP; `socket` for those who want to cut the stream themselves. */
export async function tcpPeer(enginePort: number): Promise<Peer & { readonly socket: Socket }> {
  const socket = connect(enginePort, '127.0.0.1');
  const { heard, take, hears } = listener();
  let stream = '';
  socket.on('data', (data) => {
    stream += data.toString('latin1');
    for (let length = firstMessage(stream); length > 0; length = firstMessage(stream)) {
      take(stream.slice(0, length));
      stream = stream.slice(length);
    }
  });
  socket.on('close', () => take('closed'));
  socket.on('error', () => {});
  await once(socket, 'connect');
  return {
    port: socket.localPort ?? 0,
    heard,
    hears,
    socket,
    say: (text) => socket.write(typeof text === 'string' ? Buffer.from(text, 'latin1') : text),
    close: () => socket.destroy(),
  };
}

/** An application on the control port that speaks in frames. */
export interface RawApp {
  readonly socket: Socket;
  /** Sends one payload with that id. */
  say(id: string, rest: string): void;
  hears(pattern: RegExp): Promise<string>;
  close(): void;
}

/** Connects to the control port; says nothing by itself. */
export async function rawApp(adminPort: number): Promise<RawApp> {
  const socket = connect(adminPort, '127.0.0.1');
  const { take, hears } = listener();
  let waiting = Buffer.alloc(0);
  socket.on('data', (data) => {
    waiting = Buffer.concat([waiting, data]);
    for (let hash = waiting.indexOf('#'); hash > 0; hash = waiting.indexOf('#')) {
      const length = Number(waiting.toString('latin1', 0, hash));
      if (waiting.length < hash + 1 + length) return;
      take(waiting.toString('latin1', hash + 1, hash + 1 + length));
      waiting = waiting.subarray(hash + 1 + length);
    }
  });
  socket.on('close', () => take('closed'));
  socket.on('error', () => {});
  await once(socket, 'connect');
  return {
    socket,
    hears,
    say: (id, rest) => socket.write(`${Buffer.byteLength(`${id}|${rest}`)}#${id}|${rest}`),
    close: () => socket.destroy(),
  };
}
