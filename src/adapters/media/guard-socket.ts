import type { Socket } from 'node:net';

/**
 * Prepares an event socket, and has it end where its reader would throw: modesl's does at a `%` that is no escape, and
 * then has lost its place.
 */
export const guardSocket = (socket: Socket): void => {
  // Commands are written in pieces, which would wait for one another (Nagle).
  socket.setNoDelay(true);
  // A machine that is switched off says nothing.
  socket.setKeepAlive(true, 10_000);
  const readers = socket.listeners('data');
  socket.removeAllListeners('data');
  socket.on('data', (chunk: Buffer) => {
    try {
      for (const read of readers) read.call(socket, chunk);
    } catch {
      socket.destroy();
    }
  });
};
