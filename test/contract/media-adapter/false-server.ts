import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { Place } from './ground.js';

/** Who ends it when the test is over; tap's `t` is one. */
interface Stage {
  teardown(last: () => Promise<void>): unknown;
}

/** What a false server says to a command, where it says anything. */
export type Says = (command: string) => string | undefined;

const hear = (socket: Socket, says: Says): void => {
  let rest = '';
  socket.on('error', () => undefined);
  socket.on('data', (data: Buffer) => {
    const commands = (rest + data).split('\n\n');
    rest = commands.pop() ?? '';
    for (const command of commands) {
      const said = says(command.replace(/^api /, ''));
      if (said === undefined) continue;
      const isApi = command.startsWith('api ');
      const length = Buffer.byteLength(said);
      socket.write(
        isApi
          ? `Content-Type: api/response\nContent-Length: ${length}\n\n${said}`
          : `Content-Type: command/reply\nReply-Text: ${said}\n\n`,
      );
    }
  });
  socket.write('Content-Type: auth/request\n\n');
};

/** Something that speaks a media server's event socket, and is none that can be used. */
export const falseServer = async (t: Stage, name: string, says: Says): Promise<Place> => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    hear(socket, says);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((closed) => server.close(closed));
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return { name, host: '127.0.0.1', port, secret: 'any' };
};
