import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import t from 'tap';
import { service } from '../support/service.js';
t.test('x', async (t) => {
  const office = await service(t);
  process.kill(Number(readFileSync('/tmp/bad-drachtio.pid', 'utf8')), 'SIGKILL');
  await new Promise((r) => setTimeout(r, 9000));
  spawn('bash', ['/tmp/start-d.sh'], { detached: true, stdio: 'ignore' }).unref();
  await new Promise((r) => setTimeout(r, 9000));
  t.comment(JSON.stringify(office.log.slice(-6).map((l) => [l['time'], l.msg])));
});
