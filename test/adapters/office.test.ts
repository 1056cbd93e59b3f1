import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { officeOfDocument } from '../../src/adapters/office/office-document.js';
import { loadOffice, parseOffice } from '../../src/adapters/office/office-file.js';
import { number } from '../domain/acme.js';
import './office/models.js';
import './office/ids.js';
import './office/pins.js';
import './office/program.js';
import './office/watchers.js';
import './office/notices.js';
import './office/pasted-groups.js';

/** A whole office, to spoil line by line. */
const good = [
  'sipAuth: digest',
  'brands:',
  '  plain:',
  '    codes:',
  "      steal: ['*66']",
  'tenants:',
  '  acme:',
  '    domains: [Acme.example, acme.test]',
  '    default: true',
  '    brand: plain',
  '    ringSeconds: 30',
  '    trunk: sip:trunk.example:5070;transport=tcp',
  '    codes:',
  "      pickup: ['*1', '**']",
  '    extensions:',
  "      '100': { name: Alice, password: secret }",
  '      101: {}',
  '    pickupGroups:',
  "      sales: ['100', '101']",
  '  other:',
  '    extensions: {}',
];

const problemsOf = (text: string): string[] => {
  const result = parseOffice(text, 'office.yaml');
  return result.ok ? [] : result.problems;
};

/** The good office with one line said otherwise. */
const spoiled = (line: number, otherwise: string): string =>
  good.map((was, i) => (i + 1 === line ? otherwise : was)).join('\n');

t.test('an office as it is written', async (t) => {
  const result = parseOffice(good.join('\n'), 'office.yaml');
  if (!result.ok) throw new Error(result.problems.join('\n'));
  const office = officeOfDocument(result.document);
  t.equal(office.sipAuth, 'digest');
  t.equal(office.defaultTenant?.id, 'acme');
  t.same([...office.tenants.keys()], ['acme', 'other']);
  const acme = office.defaultTenant;
  t.match(acme, {
    domains: ['acme.example', 'acme.test'],
    ringSeconds: 30,
    trunk: 'sip:trunk.example:5070;transport=tcp',
  });
  t.match(acme?.extensions.get(number('100')), { number: '100', name: 'Alice', password: 'secret', kind: 'phone' });
  t.match(
    acme?.extensions.get(number('101')),
    { number: '101', name: '101', user: '101', refusesPickup: false, isPrivate: false, presence: 'available' },
    'a number without quotes is a number too',
  );
  t.match(acme?.pickupGroups, [{ name: 'sales', members: ['100', '101'] }]);
  t.match(
    acme?.codes,
    { pickup: ['*1', '**'], steal: ['*66'], preview: ['*94'] },
    'own codes over the brand’s over the defaults',
  );
  const other = [...office.tenants.values()][1];
  t.match(other, { ringSeconds: 60, domains: [], codes: { pickup: ['*95', '**', '*8'] } });
  t.same(other?.pickupGroups, []);
});

t.test('the example office is one', async (t) => {
  const result = loadOffice(fileURLToPath(new URL('../../config/office.example.yaml', import.meta.url)));
  if (!result.ok) throw new Error(result.problems.join('\n'));
  const acme = officeOfDocument(result.document).defaultTenant;
  t.same(
    [...(acme?.extensions.keys() ?? [])],
    Array.from({ length: 10 }, (_, i) => String(100 + i)),
    'DESIGN 6: 100-109',
  );
  t.match(acme, { id: 'acme', domains: ['acme.example'] });
  t.match(acme?.pickupGroups, [
    { name: 'sales', members: ['100', '101', '102'] },
    { name: 'support', members: ['103', '104'] },
  ]);
});

t.test('what the comments of the example office offer is an office too', async (t) => {
  const text = readFileSync(new URL('../../config/office.example.yaml', import.meta.url), 'utf8');
  const offered = text.replace(/^ {4}# ( *[A-Za-z0-9_]+:( .*)?)$/gm, '    $1');
  const result = parseOffice(offered, 'office.yaml');
  if (!result.ok) throw new Error(result.problems.join('\n'));
  const acme = officeOfDocument(result.document).defaultTenant;
  t.match(acme, { trunk: 'sip:trunk.example', failureProfile: 'default', requireIfMatch: false, name: 'Acme Limited' });
  t.match(acme?.callControl, { pickupAll: true, pickupShareGroups: ['support', 'sales'] });
  t.equal(acme?.callControl?.barge.size, 1);
  t.match(acme?.watcherRules[0], { userAgent: 'Old phone', profile: { oneDialog: true, remoteTarget: 'caller' } });
  t.equal(acme?.leniencies.size, 4);
  t.match([...(acme?.groups.values() ?? [])], [{ name: 'Support', timeoutGoto: '12345678901234567890abce' }]);
});

t.test('what npm run demo makes of the example office is an office too', async (t) => {
  const url = (path: string) => new URL(`../../${path}`, import.meta.url);
  const { officeOf }: { officeOf: (example: string) => Promise<string> } = await import(
    url('scripts/demo-acts.mjs').href
  );
  const result = parseOffice(await officeOf(readFileSync(url('config/office.example.yaml'), 'utf8')), 'office.yaml');
  if (!result.ok) throw new Error(result.problems.join('\n'));
  const acme = officeOfDocument(result.document).defaultTenant;
  t.same([...(acme?.groups.values() ?? [])].map(({ name }) => name).sort(), ['Support', 'Team']);
});

/** A mistake, where it is, and what is said of it: line, field and reason. */
const mistakes: [line: number, otherwise: string, said: RegExp][] = [
  [1, 'sipAuth: maybe', /line 1: sipAuth: must be one of digest, none$/],
  [1, 'sipauth: none', /line 1: sipauth: is not known$/],
  [1, '\tsipAuth: none', /line 1: .*[Tt]ab/],
  [1, 'sipAuth: [none', /line [12]: Flow sequence/],
  [5, "      stel: ['*66']", /line 5: brands\.plain\.codes\.stel: is no service; there are pickup, /],
  [5, "      steal: ['*6x']", /line 5: brands\.plain\.codes\.steal\.0: a code has one to eight of /],
  [5, "      steal: ['*95', '*1']", /line 13: tenants\.acme\.codes: \*1 stands for pickup and steal$/],
  [7, '  ACME:', /line 7: tenants\.ACME: a tenant is named with lower case/],
  [7, '  "acme:x":', /line 7: tenants\.acme:x: a tenant is named/],
  [7, '  __proto__:', /line 7: tenants\.__proto__: a tenant is named/],
  [8, '    domains: acme.example', /line 8: tenants\.acme\.domains: must be array$/],
  [8, '    domains: [acme.example, "a b"]', /line 8: tenants\.acme\.domains\.1: must be a domain/],
  [8, '    domain: [acme.example]', /line 8: tenants\.acme\.domain: is not known$/],
  [9, '    default: perhaps', /line 9: tenants\.acme\.default: must be boolean$/],
  [10, '    brand: fancy', /line 10: tenants\.acme\.brand: there is no brand "fancy"$/],
  [10, '    brand: constructor', /line 10: tenants\.acme\.brand: there is no brand "constructor"$/],
  [11, '    webhook: { secret: sixteen letters! }', /line 11: tenants\.acme\.webhook: must have required propert/],
  [
    11,
    '    webhook: { url: "ftp://a.example/" }',
    /line 11: tenants\.acme\.webhook\.url: must be a URL that begins with https/,
  ],
  [
    11,
    '    webhook: { url: "https://a b/" }',
    /line 11: tenants\.acme\.webhook\.url: must be a URL that begins with https/,
  ],
  [11, '    webhook: { url: "https://[::1/" }', /line 11: tenants\.acme\.webhook\.url: is no URL$/],
  [11, '    webhook: { url: "https://u:p@a.example/" }', /line 11: .*webhook\.url: must not name a user or a password/],
  [11, '    webhook: { url: "https://a.example/#b" }', /line 11: .*webhook\.url: must not have a fragment/],
  [
    11,
    '    webhook: { url: "https://a.example/", secret: short }',
    /line 11: .*secret: must have 16 to 128 characters/,
  ],
  [11, '    webhook: { url: "https://a.example/", secret: *it }', /line 11: .*webhook\.secret: needs quotes$/],
  [
    11,
    '    webhook: { url: "https://a.example/", events: [rang] }',
    /line 11: .*webhook\.events\.0: must be one of waiting, /,
  ],
  [11, '    ringSeconds: 4', /line 11: tenants\.acme\.ringSeconds: must be >= 5$/],
  [11, '    ringSeconds: 181', /line 11: tenants\.acme\.ringSeconds: must be <= 180$/],
  [11, '    ringSeconds: 5.5', /line 11: tenants\.acme\.ringSeconds: must be integer$/],
  [11, '    ringSeconds: soon', /line 11: tenants\.acme\.ringSeconds: must be (integer|number)$/],
  [12, '    trunk: sip:user@trunk.example', /line 12: tenants\.acme\.trunk: must be a SIP URI without a user/],
  [12, '    ringSeconds: 30', /line 12: Map keys must be unique$/],
  [14, '      pickup: [*1]', /line 14: tenants\.acme\.codes\.pickup\.0: \*1 needs quotes: '\*1'$/],
  [14, '      pickup: *95', /line 14: tenants\.acme\.codes\.pickup: \*95 needs quotes: '\*95'$/],
  [14, "      pickup: '*95'", /line 14: tenants\.acme\.codes\.pickup: must be array$/],
  [14, "      pickup: ['**', '123456789']", /line 14: tenants\.acme\.codes\.pickup\.1: a code has one to eight/],
  [14, "      pickup: ['101']", /line 17: tenants\.acme\.extensions\.101: is the code of pickup$/],
  [5, "      steal: ['100']", /line 16: tenants\.acme\.extensions\.100: is the code of steal$/],
  [16, "      '1 0': {}", /line 16: tenants\.acme\.extensions\.1 0: an extension has letters, digits/],
  [
    16,
    "      '100': { password: '' }",
    /line 16: tenants\.acme\.extensions\.100\.password: must have 1 to 128 characters/,
  ],
  [
    16,
    "      '100': { replacePin: '4711' }",
    /line 16: tenants\.acme\.extensions\.100\.replacePin: must be a hash as /,
  ],
  [16, "      '100': { pasword: secret }", /line 16: tenants\.acme\.extensions\.100\.pasword: is not known$/],
  [16, "      '100': Alice", /line 16: tenants\.acme\.extensions\.100: must be object$/],
  [17, '      101:', /line 17: tenants\.acme\.extensions\.101: must be object$/],
  [19, "      sales: ['100', '1010']", /line 19: tenants\.acme\.pickupGroups\.sales\.1: there is no extension "1010"$/],
  [
    19,
    "      sales: ['toString']",
    /line 19: tenants\.acme\.pickupGroups\.sales\.0: there is no extension "toString"$/,
  ],
  [19, "      sales: '100'", /line 19: tenants\.acme\.pickupGroups\.sales: must be array$/],
  [
    21,
    '    domains: [ACME.EXAMPLE]\n    extensions: {}',
    /line 21: tenants\.other\.domains\.0: is the domain of acme already$/,
  ],
  [
    21,
    '    default: true\n    extensions: {}',
    /line 21: tenants\.other\.default: only one tenant can be the default$/,
  ],
  [21, '    ringSeconds: 30', /line 20: tenants\.other: must have required propert/],
];

t.test('each mistake is told with its line and field', async (t) => {
  for (const [line, otherwise, said] of mistakes) {
    const problems = problemsOf(spoiled(line, otherwise));
    t.ok(
      problems.some((problem) => said.test(problem)),
      `${otherwise.trim().replace(/[#\n]/g, ' ')} -> ${problems.join(' | ')}`,
    );
    for (const problem of problems) t.match(problem, /^office\.yaml: line \d+: /);
  }
});

t.test('all mistakes are told at once, from the top', async (t) => {
  const text = good
    .join('\n')
    .replace('digest', 'maybe')
    .replace('30', '3')
    .replace('true', 'yes please')
    .replace('sip:trunk', 'trunk')
    .replace(/ 101: \{\}/, Array.from({ length: 20 }, (_, i) => ` 2${i}: { colour: red }`).join('\n     '));
  const lines = problemsOf(text).map((problem) => Number(/line (\d+)/.exec(problem)?.[1]));
  t.equal(lines.length, 24);
  t.same(
    lines,
    [...lines].sort((a, b) => a - b),
  );
});

t.test('files that are no office', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'callpickup-office-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  t.match(loadOffice(join(folder, 'missing.yaml')), { ok: false, problems: [/^OFFICE_FILE: ENOENT/] });
  t.match(loadOffice(folder), { ok: false, problems: [/^OFFICE_FILE: EISDIR/] });
  const file = join(folder, 'office.yaml');
  const laughs = Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(', ')}]`);
  t.same(problemsOf('sipAuth: none\ntenants: []'), ['office.yaml: line 2: tenants: must be object']);
  for (const text of ['', '[]', 'office', '42', '\u0000', `a0: &a0 [x]\n${laughs.join('\n')}`, '{'.repeat(2_000)]) {
    writeFileSync(file, text);
    const result = loadOffice(file);
    t.equal(result.ok, false);
    if (!result.ok) t.ok(result.problems.length > 0);
  }
  t.equal(({} as Record<string, unknown>).domains, undefined, 'V20: no prototype was touched');
});
