import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import t from 'tap';

t.test('docs/conformance.md names a test that is there for every requirement, or a reason', async (t) => {
  const program = fileURLToPath(new URL('../../scripts/conformance.mjs', import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, [program, '--check'], { encoding: 'utf8' });
  t.equal(stderr, '');
  t.equal(status, 0);
});
