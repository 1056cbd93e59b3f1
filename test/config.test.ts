import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { type Config, readConfig } from '../src/config.js';

const folder = mkdtempSync(join(tmpdir(), 'callpickup-config-'));
t.teardown(() => rmSync(folder, { recursive: true }));

const read = (env: Record<string, string> = {}, ...flags: string[]): Config => {
  const result = readConfig(flags, { INSTANCE_ID: 'here', ...env });
  if (!result.ok) throw new Error(result.problems.join('\n'));
  return result.config;
};

const problems = (env: Record<string, string> = {}, ...flags: string[]): string[] => {
  const result = readConfig(flags, { INSTANCE_ID: 'here', ...env });
  return result.ok ? [] : result.problems;
};

/** A file with a secret in it. */
const secretFile = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

t.test('the default needs nothing (DESIGN 6)', async (t) => {
  const config = read();
  t.match(config, {
    sipBind: { host: '127.0.0.1', port: 5060 },
    httpBind: { host: '127.0.0.1', port: 8080 },
    officeFile: 'config/office.example.yaml',
    dataDir: './data',
    logLevel: 'info',
    drainTimeoutSeconds: 150,
  });
  t.equal(config.drachtio, undefined, 'the embedded SIP engine');
  t.equal(config.redis, undefined, 'a private Redis');
  t.match(config.media, { use: 'auto', bind: { host: '127.0.0.1', port: 0 } });
  t.equal(config.media.servers, undefined, 'the embedded media server');
  t.same(config.trustedEdges, [], 'nobody is believed');
  t.same(config.webhookNetworks, [], 'not this machine');
  t.equal(config.sipAuth, undefined, 'the office decides, and else digest');
  t.ok(Object.isFrozen(config));
  if (/^[A-Za-z0-9.-]{1,64}$/.test(hostname())) {
    const bare = readConfig([], {});
    t.ok(bare.ok && bare.config.instanceId === hostname(), 'the instance is named after its host');
  }
});

t.test('everything can be said by the environment', async (t) => {
  const config = read({
    SIP_BIND: '0.0.0.0:5080',
    HTTP_BIND: '[::1]:0',
    OFFICE_FILE: 'office.yaml',
    DATA_DIR: 'there',
    SIP_TRUSTED_EDGES: ' 192.0.2.1, 198.51.100.0/24,2001:db8::/32 ,',
    SIP_AUTH: 'none',
    WEBHOOK_NETWORKS: '10.0.0.0/8,2001:db8::/32',
    LOG_LEVEL: 'warn',
    DRAIN_TIMEOUT_SECONDS: '0',
    INSTANCE_ID: 'pod-0',
    DRACHTIO_HOST: 'drachtio',
    DRACHTIO_PORT: '9023',
    DRACHTIO_SECRET: 'well kept',
    REDIS_URL: 'rediss://user:word@redis:6380/1',
    MEDIA: 'always',
    FREESWITCH_HOST: 'media-0, 192.0.2.7:8022',
    FREESWITCH_PORT: '8023',
    FREESWITCH_SECRET: 'kept too',
    MEDIA_SOUNDS: '/var/lib/sounds',
    MEDIA_LISTEN: '0.0.0.0:8084',
    MEDIA_ADVERTISE: '198.51.100.1:9084',
    MEDIA_BIND: '127.0.0.2:0',
  });
  t.same(config, {
    sipBind: { host: '0.0.0.0', port: 5080 },
    httpBind: { host: '::1', port: 0 },
    officeFile: 'office.yaml',
    dataDir: 'there',
    trustedEdges: ['192.0.2.1', '198.51.100.0/24', '2001:db8::/32'],
    sipAuth: 'none',
    webhookNetworks: ['10.0.0.0/8', '2001:db8::/32'],
    logLevel: 'warn',
    drainTimeoutSeconds: 0,
    instanceId: 'pod-0',
    drachtio: { host: 'drachtio', port: 9023, secret: 'well kept' },
    redis: { url: 'rediss://user:word@redis:6380/1' },
    media: {
      use: 'always',
      servers: [
        { name: 'media-0', host: 'media-0', port: 8023, secret: 'kept too' },
        { name: '192.0.2.7:8022', host: '192.0.2.7', port: 8022, secret: 'kept too' },
      ],
      sounds: '/var/lib/sounds',
      listen: { host: '0.0.0.0', port: 8084 },
      advertise: { host: '198.51.100.1', port: 9084 },
      bind: { host: '127.0.0.2', port: 0 },
    },
  });
  t.equal(read({ DRACHTIO_HOST: 'd', DRACHTIO_SECRET: 'x' }).drachtio?.port, 9022);
  const hosts = [
    { host: 'a', port: 1 },
    { host: '::1', port: 2 },
  ];
  t.same(read({ REDIS_SENTINELS: 'a:1, [::1]:2' }).redis, { sentinels: hosts });
  t.same(read({ REDIS_CLUSTER_NODES: 'a:1,[::1]:2' }).redis, { clusterNodes: hosts });
});

t.test('flags over environment over files over defaults', async (t) => {
  const DRACHTIO_SECRET_FILE = secretFile('secret', '  from a file\n');
  const env = { DRACHTIO_HOST: 'drachtio', DRACHTIO_SECRET_FILE };
  t.equal(read(env).drachtio?.secret, 'from a file', 'without the line end');
  t.equal(read({ ...env, DRACHTIO_SECRET: 'from env' }).drachtio?.secret, 'from env');
  t.equal(read({ ...env, DRACHTIO_SECRET: 'from env' }, '--drachtio-secret', 'flag').drachtio?.secret, 'flag');
  t.equal(read({ ...env, DRACHTIO_SECRET: '' }).drachtio?.secret, 'from a file', 'an empty variable is not set');
  t.same(read({ SIP_BIND: '1.2.3.4:1' }, '--sip-bind=5.6.7.8:2').sipBind, { host: '5.6.7.8', port: 2 });
  t.equal(read({ LOG_LEVEL: '' }).logLevel, 'info');
  t.same(read({ REDIS_URL_FILE: secretFile('redis', 'redis://:word@redis\n') }).redis, { url: 'redis://:word@redis' });
  t.equal(read({ OFFICE_FILE_FILE: DRACHTIO_SECRET_FILE }).officeFile, 'config/office.example.yaml', 'secrets only');
});

t.test('every problem is told at once, each with its name', async (t) => {
  const found = problems(
    {
      SIP_BIND: 'localhost',
      HTTP_BIND: '127.0.0.1:99999',
      SIP_TRUSTED_EDGES: '192.0.2.1/33, edge.example, 10.0.0.0/8',
      SIP_AUTH: 'None',
      WEBHOOK_NETWORKS: 'hooks.example',
      LOG_LEVEL: 'loud',
      DRAIN_TIMEOUT_SECONDS: '1.5',
      INSTANCE_ID: 'under_score',
      DRACHTIO_HOST: 'drachtio',
      DRACHTIO_PORT: '0',
      REDIS_URL: 'http://redis',
      REDIS_SENTINELS: 'a',
      MEDIA: 'yes',
      FREESWITCH_HOST: 'freeswitch',
      MEDIA_LISTEN: '8084',
    },
    '--no-such-flag',
  );
  const named = found.map((problem) => problem.split(':')[0]);
  const expected = [
    'flags',
    'SIP_BIND',
    'DRACHTIO_PORT',
    'DRACHTIO_SECRET',
    'REDIS_SENTINELS',
    'REDIS_URL',
    'REDIS_URL',
    'HTTP_BIND',
    'SIP_TRUSTED_EDGES',
    'SIP_TRUSTED_EDGES',
    'SIP_AUTH',
    'WEBHOOK_NETWORKS',
    'LOG_LEVEL',
    'DRAIN_TIMEOUT_SECONDS',
    'INSTANCE_ID',
    'FREESWITCH_SECRET',
    'MEDIA',
    'MEDIA_LISTEN',
  ];
  t.same(named.sort(), expected.sort(), found.join('\n'));
  t.match(found.join('\n'), /LOG_LEVEL: "loud" is not one of trace, debug, info/);
});

t.test('what is not a value', async (t) => {
  const rows: [name: string, ...values: string[]][] = [
    ['SIP_BIND', '5060', ':5060', 'a b:1', '127.0.0.1:', '127.0.0.1:x', '::1:5060', '127.0.0.1:65536', '127.0.0.1:-1'],
    ['SIP_TRUSTED_EDGES', '*', '10.0.0.0/', '10.0.0.0/8/8', '10.0.0.0/-1', '::/129', '10.0.0', '0x7f.1', '10.0.0.0/ 8'],
    ['DRAIN_TIMEOUT_SECONDS', '-1', '86401', 'x', '1e9', 'Infinity'],
    ['INSTANCE_ID', 'a b', 'a/b', 'a:b', 'x'.repeat(65), 'ä', 'a\nb'],
    ['SIP_AUTH', 'digestnone', 'DIGEST', 'true'],
    ['REDIS_URL', 'redis', 'redis:/x', 'unix:///tmp/x'],
    ['REDIS_SENTINELS', 'a:1,b'],
    ['MEDIA', 'sometimes'],
    ['MEDIA_SOUNDS', 'sounds', '/a b', '/a;b', '/a/../$(x)', '/', "/a'b", '/a\nb'],
    ['MEDIA_BIND', '127.0.0.1', '[::1]:0'],
    ['MEDIA_LISTEN', '0.0.0.0'],
    ['MEDIA_ADVERTISE', 'here'],
    ['FREESWITCH_HOST', '[::1]', '::1', 'a b', 'a,a', 'a:8021,a'],
    ['FREESWITCH_PORT', '0', 'x'],
  ];
  for (const [name, ...values] of rows) {
    for (const value of values) {
      const found = problems({ [name]: value });
      t.ok(
        found.some((problem) => problem.startsWith(`${name}: `)),
        `${name} ${values.indexOf(value)}: ${found.join(' ').replace(/[#\n]/g, '_')}`,
      );
    }
  }
});

t.test('V32: secrets that stand in every manual are refused, wherever they come from', async (t) => {
  for (const secret of ['cymru', 'ClueCon', '']) {
    const file = secretFile('known', `${secret}\n`);
    const ways: Record<string, string>[] = [{ DRACHTIO_SECRET: secret }, { DRACHTIO_SECRET_FILE: file }];
    for (const env of ways) {
      t.match(problems({ DRACHTIO_HOST: 'd', ...env }), [/^DRACHTIO_SECRET: /], JSON.stringify(secret));
    }
  }
  t.match(problems({ DRACHTIO_HOST: 'd' }), [/^DRACHTIO_SECRET: is needed/]);
  t.match(
    problems({ DRACHTIO_HOST: 'd', DRACHTIO_SECRET_FILE: join(folder, 'missing') }),
    [/^DRACHTIO_SECRET_FILE: ENOENT/, /^DRACHTIO_SECRET: is needed/],
    'a secret that cannot be read is named',
  );
});

t.test('a known secret opens no media server either, and always needs one that drachtio-server reaches', async (t) => {
  for (const secret of ['ClueCon', 'cymru', 'a\nb']) {
    t.match(problems({ FREESWITCH_HOST: 'f', FREESWITCH_SECRET: secret }), [/^FREESWITCH_SECRET: /]);
  }
  const FREESWITCH_SECRET_FILE = secretFile('media', 'well kept\n');
  t.equal(read({ FREESWITCH_HOST: 'f', FREESWITCH_SECRET_FILE }).media.servers?.[0]?.secret, 'well kept');
  const drachtio = { DRACHTIO_HOST: 'far', DRACHTIO_SECRET: 'well kept', MEDIA: 'always' };
  t.match(problems(drachtio), [/^MEDIA: always needs FREESWITCH_HOST/]);
  t.same(problems({ ...drachtio, FREESWITCH_HOST: 'f', FREESWITCH_SECRET_FILE }), []);
  t.same(problems({ ...drachtio, DRACHTIO_HOST: '127.0.0.1' }), []);
});

t.test('no problem repeats a secret', async (t) => {
  const word = 'swordfish';
  const told = problems({
    DRACHTIO_HOST: 'd',
    DRACHTIO_SECRET: word,
    FREESWITCH_SECRET: word,
    REDIS_URL: `http://user:${word}@redis`,
    SIP_BIND: 'x',
  });
  t.equal(told.length, 2);
  t.notMatch(told.join('\n'), word);
});
