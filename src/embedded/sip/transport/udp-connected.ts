import type { RemoteInfo, Socket } from 'node:dgram';
import type { Clock } from '../clock.js';
import { makeSocket } from './udp-socket.js';

/** How many peers are watched at a time; further ones are only noticed by their silence. */
const mostPeers = 512;
/** A socket outlives its last use, so that a late datagram does not die with it. */
const idleTime = 70_000;

interface Link {
  readonly socket: Socket;
  readonly listeners: Set<() => void>;
  stopIdling: () => void;
}

/** Sockets that are bound to our port and connected to one peer each. */
export interface ConnectedSockets {
  /** Sends on the peer's socket; false when there is none. */
  send(address: string, port: number, data: Buffer): boolean;
  /** Calls `listener` when the peer's port turns out to be closed, until the result is called. */
  watch(address: string, port: number, listener: () => void): () => void;
  close(): void;
}

/**
 * The kernel reports ICMP port unreachable on connected sockets only. So while a request waits for its first answer,
 * its peer has a socket of its own; the answer arrives there, too.
 */
export function connectedSockets(options: {
  readonly host: string;
  readonly port: number;
  readonly clock: Clock;
  readonly arrived: (data: Buffer, from: RemoteInfo) => void;
}): ConnectedSockets {
  const links = new Map<string, Link>();

  const open = (key: string, address: string, port: number): Link => {
    const socket = makeSocket(options.host);
    const link: Link = { socket, listeners: new Set(), stopIdling: () => {} };
    socket.on('message', options.arrived);
    socket.on('error', () => refused(link));
    socket.bind({ port: options.port, address: options.host, exclusive: true });
    socket.connect(port, address);
    links.set(key, link);
    return link;
  };

  const refused = (link: Link): void => {
    for (const listener of [...link.listeners]) listener();
  };

  const idle = (key: string, link: Link): void => {
    link.stopIdling = options.clock.after(idleTime, () => {
      links.delete(key);
      link.socket.close();
    });
  };

  return {
    send: (address, port, data) => {
      const link = links.get(`${address} ${port}`);
      link?.socket.send(data, (problem) => problem && refused(link));
      return link !== undefined;
    },
    watch: (address, port, listener) => {
      const key = `${address} ${port}`;
      if (!links.has(key) && links.size >= mostPeers) return () => {};
      const link = links.get(key) ?? open(key, address, port);
      link.stopIdling();
      link.listeners.add(listener);
      return () => {
        if (link.listeners.delete(listener) && link.listeners.size === 0) idle(key, link);
      };
    },
    close: () => {
      for (const link of links.values()) {
        link.stopIdling();
        link.socket.close();
      }
      links.clear();
    },
  };
}
