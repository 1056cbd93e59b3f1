import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import Srf from 'drachtio-srf';

/** Who ends it when the test is over; tap's `t` is one. */
interface Stage {
  teardown(last: () => Promise<void>): unknown;
}

/** A SIP stack of the test's own: the built embedded engine, and drachtio-srf connected to it. */
export const sipStack = async (t: Stage): Promise<Srf> => {
  const port = await freePort();
  const args = ['--admin', `127.0.0.1:${port}`, '--secret', 'of this test', '--sip', '127.0.0.1:0', '--stdin-guard'];
  const child = spawn(process.execPath, ['dist/embedded/sip/main.js', ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  const srf = new Srf();
  srf.connect({ host: '127.0.0.1', port, secret: 'of this test' });
  await once(srf, 'connect');
  t.teardown(async () => {
    srf.disconnect();
    const gone = once(child, 'exit');
    child.stdin.end();
    await gone;
  });
  return srf;
};

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  return typeof address === 'object' && address ? address.port : 0;
};
