import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';

/** What a program said on standard error, and the code that it ended with. */
interface Ending {
  readonly code: number | null;
  readonly said: string;
}

/** Starts the service with this environment alone; it must end by itself. */
const starts = async (env: Record<string, string>, args: readonly string[] = []): Promise<Ending> => {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, ['dist/main.js', ...args], {
    env: { PATH, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (data: Buffer) => {
    said += data;
  });
  const [code] = await once(child, 'close');
  return { code: code as number | null, said };
};

const office = [
  'sipAuth: sometimes',
  'colour: blue',
  'tenants:',
  '  acme:',
  '    default: yes please',
  '    ringSeconds: 3',
  '    domains: [acme.example, "not a domain"]',
  '    trunk: http://trunk.example',
  '    extensions:',
  "      '100': { name: Alice, phone: red }",
  "      '101': { password: '' }",
  '    pickupGroups:',
  '      sales: 100',
];

const meanings = [
  'tenants:',
  '  Acme Inc:',
  '    extensions:',
  "      '100': {}",
  '  acme:',
  '    default: true',
  '    brand: nobody',
  '    domains: [acme.example]',
  '    codes:',
  "      pickup: ['*95x']",
  "      teleport: ['*1']",
  '    extensions:',
  "      '1 0 0': {}",
  "      '*95101': {}",
  '    pickupGroups:',
  "      sales: ['100']",
  '  other:',
  '    default: true',
  '    domains: [ACME.example]',
  '    extensions: {}',
];

const conflict = ['tenants:', '  acme:', '    codes:', "      steal: ['*95']", '    extensions: {}'];

/** Starts the service with this text as its office. */
const loader =
  (folder: string) =>
  (text: string): Promise<Ending> => {
    const file = join(folder, 'office.yaml');
    writeFileSync(file, text);
    return starts({ OFFICE_FILE: file, DATA_DIR: folder, SIP_BIND: '127.0.0.1:0', HTTP_BIND: '127.0.0.1:0' });
  };

t.test('an office file with mistakes: exit 2, each with its line and field', async (t) => {
  const loads = loader(t.testdir());
  const names = async (text: string, wanted: readonly [line: number, field: string][]): Promise<void> => {
    const { code, said } = await loads(text);
    t.equal(code, 2, 'it does not start');
    for (const [line, field] of wanted) {
      const isNamed = said.split('\n').some((each) => each.includes(`line ${line}: ${field}`));
      t.ok(isNamed, `line ${line}: ${field}`, { said });
    }
    t.notMatch(said, /\n\s+at /, 'no stack');
  };

  await names(office.join('\n'), [
    [1, 'sipAuth'],
    [2, 'colour'],
    [5, 'tenants.acme.default'],
    [6, 'tenants.acme.ringSeconds'],
    [7, 'tenants.acme.domains.1'],
    [8, 'tenants.acme.trunk'],
    [10, 'tenants.acme.extensions.100.phone'],
    [11, 'tenants.acme.extensions.101.password'],
    [13, 'tenants.acme.pickupGroups.sales'],
  ]);
  await names(meanings.join('\n'), [
    [2, 'tenants.Acme Inc'],
    [7, 'tenants.acme.brand'],
    [10, 'tenants.acme.codes.pickup.0'],
    [11, 'tenants.acme.codes.teleport'],
    [13, 'tenants.acme.extensions.1 0 0'],
    [16, 'tenants.acme.pickupGroups.sales.0'],
    [18, 'tenants.other.default'],
    [19, 'tenants.other.domains.0'],
  ]);
  await names(conflict.join('\n'), [[3, 'tenants.acme.codes']]);
  await names('tenants:\n  acme:\n    codes:\n      pickup: [*95]\n    extensions: {}', [
    [4, 'tenants.acme.codes.pickup.0'],
  ]);
});

t.test('an office file that is none', async (t) => {
  const folder = t.testdir();
  const loads = loader(folder);
  const texts: [what: string, text: string, says: RegExp][] = [
    ['nothing', '', /office\.yaml: line 1/],
    ['a list', '- acme', /office\.yaml: line 1/],
    ['bytes', String.fromCharCode(0, 1, 2, 200, 255), /office\.yaml: line 1/],
    ['a bracket that stays open', 'tenants:\n  acme: {\n', /office\.yaml: line \d/],
    ['a tab', 'tenants:\n\tacme: {}\n', /office\.yaml: line 2/],
    ['one extension twice', "tenants:\n  acme:\n    extensions:\n      '100': {}\n      '100': {}\n", /line 5/],
    ['names of JavaScript', 'tenants:\n  __proto__:\n    extensions: {}\n', /line 2: tenants/],
    [
      'aliases of aliases',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'.replace(/./g, (c) => `${c}: &${c} [${`*${String.fromCharCode(c.charCodeAt(0) - 1)},`.repeat(9)}]\n`)}`,
      /alias|not known|line/i,
    ],
  ];
  for (const [what, text, says] of texts) {
    const { code, said } = await loads(text);
    t.equal(code, 2, `${what}: exit 2`);
    t.match(said, says, `${what}: where`);
    t.notMatch(said, /\n\s+at /, `${what}: no stack`);
  }
  const missing = await starts({ OFFICE_FILE: join(folder, 'none.yaml'), DATA_DIR: folder });
  t.equal(missing.code, 2, 'no file: exit 2');
  t.match(missing.said, /OFFICE_FILE.*none\.yaml/, 'which one');
  const folderItself = await starts({ OFFICE_FILE: folder, DATA_DIR: folder });
  t.equal(folderItself.code, 2, 'a folder: exit 2');
});

t.test('a configuration with mistakes: all at once, exit 2', async (t) => {
  const wrong = {
    SIP_BIND: 'somewhere',
    HTTP_BIND: '127.0.0.1:99999',
    DRACHTIO_HOST: '127.0.0.1',
    DRACHTIO_PORT: 'zero',
    REDIS_URL: 'http://127.0.0.1',
    REDIS_SENTINELS: '127.0.0.1',
    SIP_TRUSTED_EDGES: '10.0.0.0/33, edge.example',
    SIP_AUTH: 'trust',
    LOG_LEVEL: 'loud',
    DRAIN_TIMEOUT_SECONDS: '-1',
    INSTANCE_ID: 'a b',
    MEDIA: 'sometimes',
  };
  const { code, said } = await starts(wrong);
  t.equal(code, 2);
  const named = [
    'SIP_BIND',
    'HTTP_BIND',
    'DRACHTIO_PORT',
    'DRACHTIO_SECRET',
    'REDIS_URL',
    'REDIS_SENTINELS',
    'SIP_AUTH',
  ];
  for (const name of [...named, 'SIP_TRUSTED_EDGES', 'LOG_LEVEL', 'DRAIN_TIMEOUT_SECONDS', 'INSTANCE_ID', 'MEDIA'])
    t.match(said, new RegExp(`^callpickup: ${name}: `, 'm'), `${name} is named`);
  t.match(said, /10\.0\.0\.0\/33/, 'with what was said');
  t.match(said, /edge\.example/, 'each of a list');
  t.notMatch(said, /\n\s+at /, 'no stack');

  const flag = await starts({}, ['--sip-bund', '127.0.0.1:0']);
  t.equal(flag.code, 2, 'a flag that nobody knows: exit 2');
  t.match(flag.said, /sip-bund/);
  const known = await starts({ DRACHTIO_HOST: '127.0.0.1', DRACHTIO_SECRET: 'cymru' });
  t.equal(known.code, 2, 'a secret out of the manual: exit 2');
  const away = await starts({ DRACHTIO_HOST: '127.0.0.1', DRACHTIO_SECRET_FILE: '/nowhere/secret' });
  t.match(away.said, /DRACHTIO_SECRET_FILE: /, 'a secret file that is not there is named');
});
