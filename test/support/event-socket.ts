import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Where a media server is steered, and with which password. */
export interface EventSocketAddress {
  readonly host: string;
  readonly port: number;
  readonly secret: string;
}

interface Frame {
  readonly type: string;
  readonly reply: string;
  readonly body: string;
}

const headOf = (text: string): Map<string, string> =>
  new Map(
    text
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );

/** Reads one frame after the other from what comes in: a head, an empty line, and so many bytes as the head says. */
const framesOf = (socket: Socket) => {
  let rest = Buffer.alloc(0);
  let isOver = false;
  const wake: (() => void)[] = [];
  const tell = () => {
    for (const each of wake.splice(0)) each();
  };
  socket.on('data', (data: Buffer) => {
    rest = Buffer.concat([rest, data]);
    tell();
  });
  socket.on('close', () => {
    isOver = true;
    tell();
  });
  const take = (): Frame | undefined => {
    const end = rest.indexOf('\n\n');
    if (end < 0) return undefined;
    const head = headOf(rest.subarray(0, end).toString());
    const length = Number(head.get('content-length') ?? 0);
    if (rest.length < end + 2 + length) return undefined;
    const body = rest.subarray(end + 2, end + 2 + length).toString();
    rest = rest.subarray(end + 2 + length);
    return { type: head.get('content-type') ?? '', reply: head.get('reply-text') ?? '', body };
  };
  return async (type: string): Promise<Frame> => {
    for (;;) {
      const frame = take();
      if (frame?.type === type) return frame;
      if (frame) continue;
      if (isOver) throw new Error('the event socket was closed');
      await new Promise<void>((resolve) => wake.push(resolve));
    }
  };
};

/** Gives a media server one command of its own, as an operator does; resolves with what it says. */
export const askMediaServer = async ({ host, port, secret }: EventSocketAddress, command: string): Promise<string> => {
  const socket = connect(port, host);
  socket.on('error', () => undefined);
  const deadline = setTimeout(() => socket.destroy(), 5_000);
  try {
    const next = framesOf(socket);
    await once(socket, 'connect');
    await next('auth/request');
    socket.write(`auth ${secret}\n\n`);
    const { reply } = await next('command/reply');
    if (!reply.startsWith('+OK')) throw new Error(`the event socket said ${reply}`);
    socket.write(`api ${command}\n\n`);
    return (await next('api/response')).body;
  } finally {
    clearTimeout(deadline);
    socket.destroy();
  }
};

/** How many channels a media server has. */
export const channelsOf = async (address: EventSocketAddress): Promise<number> =>
  Number(/(\d+) total/.exec(await askMediaServer(address, 'show channels count'))?.[1] ?? Number.NaN);
