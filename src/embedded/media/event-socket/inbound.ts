import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { MediaServer } from '../server.js';
import { type Connection, speakOn } from './connection.js';
import type { Command } from './frame-reader.js';
import { obeyCommand, showsSecret } from './obey.js';

/** How many clients there may be at a time. */
const mostClients = 200;

/** Where clients connect. */
export interface Inbound {
  readonly port: number;
  close(): void;
}

/** A wrong secret ends the connection; nothing else is heard before the right one. */
function authenticate(connection: Connection, { line }: Command, secret: string): void {
  if (!line.startsWith('auth ')) {
    connection.reply('-ERR command not found');
    return;
  }
  connection.isTrusted = showsSecret(line, secret);
  if (connection.isTrusted) {
    connection.reply('+OK accepted');
    return;
  }
  connection.reply('-ERR invalid');
  connection.end();
}

/** Listens for clients. Rejects when the address is taken or not ours. */
export async function openInbound(
  serverNow: () => MediaServer,
  options: { readonly host: string; readonly port: number; readonly secret: string },
): Promise<Inbound> {
  const sockets = new Set<Socket>();
  const listener = createServer((socket) => {
    if (sockets.size >= mostClients) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    const server = serverNow();
    const connection = speakOn({
      socket,
      events: server.events,
      obey: (from, command) =>
        from.isTrusted ? obeyCommand(server, from, command) : authenticate(from, command, options.secret),
      closed: () => sockets.delete(socket),
    });
    connection.send('Content-Type: auth/request\n\n');
  });
  listener.listen(options.port, options.host);
  await once(listener, 'listening');
  const bound = listener.address();
  return {
    port: typeof bound === 'object' && bound ? bound.port : options.port,
    close: () => {
      listener.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
