import { createServer } from 'node:net';

/**
 * Settles if this address can be listened on, and rejects with the reason if not: fsmrf's own listener would throw out of a
 * callback.
 */
export const freeListener = ({ host, port }: { host: string; port: number }): Promise<void> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, host, () => server.close(() => resolve()));
  });
