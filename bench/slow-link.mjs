// A relay before Redis that holds every answer back for a while: what waits for n answers gets slower by n times that.
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/** Relays to a unix socket. `delay` in milliseconds may be changed while it runs. */
export const openSlowLink = async (socket) => {
  const link = { delay: 0, url: '', close: () => undefined };
  const open = new Set();
  const server = createServer((near) => {
    const far = connect(socket);
    for (const end of [near, far]) {
      open.add(end);
      end.on('error', () => undefined);
      end.on('close', () => open.delete(end));
      end.setNoDelay?.(true);
    }
    near.pipe(far);
    // Equal delays keep their order: timers of one duration fire in the order they were set.
    far.on('data', (data) => setTimeout(() => near.write(data), link.delay));
    far.on('close', () => near.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  link.url = `redis://127.0.0.1:${server.address().port}`;
  link.close = () => {
    server.close();
    for (const end of open) end.destroy();
  };
  return link;
};
