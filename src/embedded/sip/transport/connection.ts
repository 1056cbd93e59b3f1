import type { Socket } from 'node:net';
import type { Clock } from '../clock.js';
import type { Endpoint, Path, Receive } from './path.js';
import { streamFramer } from './stream-framer.js';

/** A message that has begun must have ended by then. */
const messageTime = 20_000;
/** A connection that has brought no message by then is none of ours. */
const firstMessageTime = 60_000;
/** Phones keep a connection between two registrations; longer silence ends it. */
const silenceTime = 2 * 3600_000;
/** What may wait for a peer that does not read. */
const mostUnsent = 4 * 1024 * 1024;

/** One TCP connection to a phone or a proxy, accepted or opened by us. */
export interface Connection extends Path {
  close(): void;
}

/** What a connection needs to know. */
export interface ConnectionOptions {
  readonly socket: Socket;
  readonly local: Endpoint;
  readonly address: string;
  readonly port: number;
  readonly clock: Clock;
  readonly receive: Receive;
  /** A stream that cannot be framed: what there is of the message. */
  readonly lost: Receive;
  readonly closed: () => void;
}

/** Takes a socket into service. */
export function connectionOn(options: ConnectionOptions): Connection {
  const { socket, clock } = options;
  const listeners = new Set<() => void>();
  let open = true;
  let stopWaiting = (): void => {};
  let stopListening = clock.after(firstMessageTime, () => socket.destroy());

  const connection: Connection = {
    proto: 'tcp',
    local: options.local,
    address: options.address,
    port: options.port,
    get open() {
      return open;
    },
    send: (text) => {
      if (!open) return;
      socket.write(text, 'latin1');
      if (socket.writableLength > mostUnsent) socket.destroy();
    },
    onFailure: (listener) => {
      listeners.add(listener);
      if (!open) setImmediate(() => listeners.delete(listener) && listener());
      return () => listeners.delete(listener);
    },
    close: () => socket.destroy(),
  };

  const framer = streamFramer({
    message: (text) => {
      stopListening();
      stopListening = () => {};
      options.receive(text, connection);
    },
    keepAlive: () => connection.send('\r\n'),
    lost: (text) => {
      options.lost(text, connection);
      socket.destroySoon();
    },
  });

  socket.setNoDelay(true);
  socket.setTimeout(silenceTime, () => socket.destroy());
  socket.on('data', (piece) => {
    stopWaiting();
    framer.push(piece);
    if (framer.waiting) stopWaiting = clock.after(messageTime, () => socket.destroy());
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    open = false;
    stopWaiting();
    stopListening();
    options.closed();
    for (const listener of [...listeners]) listener();
    listeners.clear();
  });
  return connection;
}
