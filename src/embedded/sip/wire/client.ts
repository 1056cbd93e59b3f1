import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';

/** What may wait for an application that does not read, in bytes; beyond it the connection is given up. */
const mostUnsent = 64 * 1024 * 1024;

/** An application on the control socket. */
export interface Client {
  readonly open: boolean;
  authenticated: boolean;
  /** Sends `payload` behind a fresh message id. */
  send(payload: string): void;
  /** Answers the message with that id. */
  answer(messageId: string, rest: string): void;
  close(): void;
}

/** The application behind that socket. */
export function clientOn(socket: Socket): Client {
  const write = (payload: string): void => {
    if (socket.destroyed) return;
    const text = `${randomUUID()}|${payload}`;
    // An application that does not read is not read from, until it does.
    if (!socket.write(`${text.length}#${text}`, 'latin1')) socket.pause();
    if (socket.writableLength > mostUnsent) socket.destroy();
  };
  socket.on('drain', () => socket.resume());
  return {
    authenticated: false,
    get open() {
      return !socket.destroyed;
    },
    send: write,
    answer: (messageId, rest) => write(`response|${messageId}|${rest}`),
    close: () => socket.end(),
  };
}
