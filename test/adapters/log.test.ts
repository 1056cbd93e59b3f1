import { spawnSync } from 'node:child_process';
import t from 'tap';

/** Runs some lines that use the log in a process of their own, whose standard output is looked at. */
const linesOf = (code: string): Record<string, unknown>[] => {
  const from = JSON.stringify(new URL('../../src/adapters/log.js', import.meta.url).href);
  const program = `import { makeLog } from ${from};\n${code}`;
  const { stdout, stderr } = spawnSync(process.execPath, [...process.execArgv, '--input-type=module', '-e', program], {
    encoding: 'utf8',
  });
  if (!stdout) throw new Error(stderr);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
};

t.test('a line is one event, with its facts beside it and no secret in it', async (t) => {
  const lines = linesOf(`
    const log = makeLog('info', 'pod-0');
    log.info({ callId: 'c1', kind: 'directed' }, 'pickup');
    log.child({ callId: 'c2' }).warn({ target: '101\\r\\n{"level":"error"}' }, 'store away');
    const word = 'swordfish';
    log.error({ secret: word, password: word, authorization: word }, 'flat');
    log.error({ drachtio: { secret: word, host: 'h' }, entry: { password: word }, req: { authorization: word } }, 'nested');
  `);
  t.equal(lines.length, 4, 'whatever a text holds, a line is a line');
  t.match(lines[0], { level: 'info', instance: 'pod-0', callId: 'c1', msg: 'pickup', time: /^\d{4}-.*Z$/ });
  t.match(lines[1], { level: 'warn', callId: 'c2', target: '101\r\n{"level":"error"}' });
  t.notMatch(JSON.stringify(lines), 'swordfish');
  t.match(lines[3], { drachtio: { host: 'h' } }, 'what is no secret stays');
});

t.test('the level is what was asked for', async (t) => {
  const lines = linesOf(`
    const log = makeLog('warn', 'i');
    log.info({}, 'quiet');
    log.warn({}, 'loud');
  `);
  t.same(
    lines.map(({ msg }) => msg),
    ['loud'],
  );
});
