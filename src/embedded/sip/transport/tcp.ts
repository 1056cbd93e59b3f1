import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { printHostPort } from '../message/uri.js';
import { type Connection, type ConnectionOptions, connectionOn } from './connection.js';

/** How many connections are kept at a time; further ones are closed as they come. */
const mostConnections = 8192;
/** A peer that does not take our connection by then is unreachable. */
const connectTime = 10_000;

/** One TCP listener and all connections of its address. */
export interface Tcp {
  readonly port: number;
  /** The open connection to that peer, or a new one. */
  reach(address: string, port: number): Connection;
  close(): void;
}

/** Where to listen, as what to be known, and whom to tell. */
export type TcpOptions = Pick<ConnectionOptions, 'local' | 'clock' | 'receive' | 'lost'> & {
  readonly host: string;
  readonly port: number;
};

/** Listens for connections. Rejects when the address is taken or not ours. */
export async function openTcp(options: TcpOptions): Promise<Tcp> {
  const connections = new Map<string, Connection>();

  const adopt = (socket: Socket, address: string, port: number): Connection => {
    const key = printHostPort(address, port);
    const connection = connectionOn({
      ...options,
      socket,
      address,
      port,
      closed: () => connections.get(key) === connection && connections.delete(key),
    });
    connections.set(key, connection);
    return connection;
  };

  const server = createServer((socket) => {
    if (connections.size >= mostConnections || !socket.remoteAddress) socket.destroy();
    else adopt(socket, socket.remoteAddress, socket.remotePort ?? 0);
  });
  server.listen(options.port, options.host);
  await once(server, 'listening');
  server.on('error', () => {});
  const bound = server.address();

  return {
    port: typeof bound === 'object' && bound ? bound.port : options.port,
    reach: (address, port) => {
      const known = connections.get(printHostPort(address, port));
      if (known) return known;
      const wildcard = options.host === '0.0.0.0' || options.host === '::';
      const socket = connect({
        host: address,
        port,
        noDelay: true,
        ...(wildcard ? {} : { localAddress: options.host }),
      });
      const giveUp = setTimeout(() => socket.destroy(), connectTime);
      for (const event of ['connect', 'close']) socket.once(event, () => clearTimeout(giveUp));
      return adopt(socket, address, port);
    },
    close: () => {
      for (const connection of connections.values()) connection.close();
      server.close();
    },
  };
}
