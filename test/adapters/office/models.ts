import t from 'tap';
import { officeOfDocument } from '../../../src/adapters/office/office-document.js';
import { parseOffice } from '../../../src/adapters/office/office-file.js';
import type { GroupId } from '../../../src/domain/group.js';
import { number } from '../../domain/acme.js';

/** An office that says something of everything; each line once, so that it can be spoiled by its text. */
const good = `brands:
  plain: { codes: { steal: ['*66'] } }
tenants:
  acme:
    name: Acme Limited
    customer: 12345678901234567890AAAA
    brand: plain
    failureProfile: ivoz
    requireIfMatch: true
    users:
      12: { name: Alice Adams, context: organization }
    extensions:
      100: { name: Alice, id: AAAAAAAAAAAAAAAAAAAAAAAA, user: '12', kind: phone, private: true }
      101: { refusesPickup: true, presence: away }
      102: { kind: other }
    pickupGroups:
      sales: ['100', '101']
      support: { id: 7, members: ['101', '102'] }
    callControl:
      pickup_all: false
      groups: { hr: ['100', '999'] }
      pickup_share_groups: [hr]
      phone_replace_groups: [hr, gone]
      eavesdrop_100: [hr]
      whisper_101: [hr]
      barge_102: [hr]
    groups:
      BBBBBBBBBBBBBBBBBBBBBBBB:
        name: Support
        number: '800'
        members: ['100', '101']
        controllers: ['102']
        spy: true
        strategy: RANDOM
        ringTime: 20
        timeoutGoto: cccccccccccccccccccccccc
        startAudio: DDDDDDDDDDDDDDDDDDDDDDDD
        redirect: '+4512345678'
    outsideNumbers:
      CCCCCCCCCCCCCCCCCCCCCCCC: { number: '+4587654321', name: Night desk }
  other:
    extensions: {}
`;

const problemsOf = (text: string): string[] => {
  const result = parseOffice(text, 'office.yaml');
  return result.ok ? [] : result.problems;
};

/** The good office with a piece of its text said otherwise. */
const spoiled = (was: string, otherwise: string): string => {
  if (good.split(was).length !== 2) throw new Error(`"${was}" stands ${good.split(was).length - 1} times`);
  return good.replace(was, () => otherwise);
};

const many = (count: number, item: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => item(i)).join(', ');

t.test('everything that an office may say', async (t) => {
  const result = parseOffice(good, 'office.yaml');
  if (!result.ok) throw new Error(result.problems.join('\n'));
  const acme = officeOfDocument(result.document).tenants.get('acme' as never);
  if (!acme) throw new Error('no acme');
  t.match(acme, { name: 'Acme Limited', customer: '12345678901234567890aaaa', brand: 'plain', failureProfile: 'ivoz' });
  t.equal(acme.requireIfMatch, true);
  t.match(acme.extensions.get(number('100')), { id: 'a'.repeat(24), user: '12', kind: 'phone', isPrivate: true });
  t.match(acme.extensions.get(number('101')), { user: '101', refusesPickup: true, presence: 'away' });
  t.match(acme.users.get('12' as never), { name: 'Alice Adams', context: 'organization' });
  t.match(acme.pickupGroups[1], { id: 7, name: 'support', members: ['101', '102'] });
  const { callControl } = acme;
  t.match(callControl, { allowAll: false, pickupAll: false, pickupShareGroups: ['hr'] });
  t.same(
    [callControl?.eavesdrop, callControl?.whisper, callControl?.barge],
    [new Map([['100', ['hr']]]), new Map([['101', ['hr']]]), new Map([['102', ['hr']]])],
  );
  const group = acme.groups.get('b'.repeat(24) as GroupId);
  t.match(group, { name: 'Support', number: '800', strategy: 'RANDOM', timeoutGoto: 'c'.repeat(24), ringTime: 20 });
  t.same([...(group?.rights ?? [])], ['spy']);
  t.same([...acme.outsideNumbers.keys()], ['c'.repeat(24)]);
  t.match(acme.codes, { steal: ['*66'] });
});

/** What is said otherwise, and every sentence that is said of it. */
const mistakes: [was: string, otherwise: string, ...said: RegExp[]][] = [
  [
    "{ steal: ['*66'] }",
    "{ steal: ['*95'] }",
    /line 2: brands\.plain\.codes: \*95 stands for pickup and steal$/,
    /tenants\.acme\.codes: \*95 stands/,
  ],
  ['  plain:', '  constructor: {}\n  plain:', /line 2: brands\.constructor: cannot be used as a name$/],
  ['customer: 12345678901234567890AAAA', 'customer: 12x4', /line 6: tenants\.acme\.customer: must have 24 hexa/],
  ['failureProfile: ivoz', 'failureProfile: cisco', /failureProfile: must be one of default, asterisk, ivoz$/],
  ['requireIfMatch: true', 'requireIfMatch: 1', /line 9: tenants\.acme\.requireIfMatch: must be boolean$/],
  ['context: organization', 'context: all', /users\.12\.context: must be one of phone, user, organization, global$/],
  ['      12: {', "      'a b': {", /line 11: tenants\.acme\.users\.a b: a user is named with 1 to 64 letters/],
  ['      12: {', '      __proto__: {', /line 11: tenants\.acme\.users\.__proto__: a user is named/],
  ["user: '12'", "user: 'a/b'", /line 13: tenants\.acme\.extensions\.100\.user: must have 1 to 64 letters, digits/],
  [
    '      102: { kind: other }',
    '      __proto__: {}',
    /extensions\.__proto__: an extension has letters/,
    /support\.members\.1: there is no extension "102"$/,
    /controllers\.0: there is no extension "102"$/,
  ],
  ['kind: other', 'kind: desk', /extensions\.102\.kind: must be one of phone, other$/],
  ['presence: away', 'presence: gone', /presence: must be one of available, away, do-not-disturb$/],
  ['name: Alice,', 'name: "Al\\nice",', /100\.name: must have 1 to 80 characters, no control characters among them$/],
  ['name: Alice,', `name: ${'x'.repeat(81)},`, /extensions\.100\.name: must have 1 to 80 characters/],
  ['name: Alice,', `name: "a${'\u0301'.repeat(80)}",`, /extensions\.100\.name: must have 1 to 80 characters/],
  ['kind: other', 'id: aaaaaaaaaaaaaaaaaaaaaaaa', /line 15: .*extensions\.102\.id: has the id of extension 100$/],
  ['kind: other', 'id: bbbbbbbbbbbbbbbbbbbbbbbb', /groups\.B{24}: has the id of extension 102$/],
  ["sales: ['100', '101']", "sales: ['100', '1O1']", /pickupGroups\.sales\.1: there is no extension "1O1"$/],
  ["sales: ['100', '101']", "sales: ['100', 'a b']", /sales\.1: must have 1 to 64 letters, digits and \. _ \+ -$/],
  [
    "sales: ['100', '101']",
    'sales: { id: 7, members: [] }',
    /support\.id: is the id of the pickup group "sales" already$/,
  ],
  ["sales: ['100', '101']", 'sales: { id: 0, members: [] }', /pickupGroups\.sales\.id: must be >= 1$/],
  ["sales: ['100', '101']", 'sales: { id: 2147483648, members: [] }', /sales\.id: must be <= 2147483647$/],
  [
    "sales: ['100', '101']",
    'sales: { ids: 1, members: [] }',
    /line 17: tenants\.acme\.pickupGroups\.sales\.ids: is not known$/,
  ],
  ["sales: ['100', '101']", 'sales: { id: 1 }', /pickupGroups\.sales: must have required properties members$/],
  ["sales: ['100', '101']", 'sales: {members: 100}', /pickupGroups\.sales\.members: must be array$/],
  ['      sales:', '      toString:', /line 17: tenants\.acme\.pickupGroups\.toString: cannot be used as a name$/],
  ['      sales:', "      '':", /pickupGroups\.: a name has 1 to 80 characters, no control characters/],
  [
    "{ id: 7, members: ['101', '102'] }",
    "{ members: ['105'] }",
    /line 18: .*support\.members\.0: there is no extension "105"$/,
  ],
  [`['101', '102']`, `[${many(1001, () => "'101'")}]`, /support\.members: must not have more than 1000 items$/],
  ['pickup_all: false', 'pickup_all: "false"', /callControl\.pickup_all: must be boolean$/],
  [
    "{ hr: ['100', '999'] }",
    `{ ${many(101, (i) => `g${i}: []`)} }`,
    /callControl\.groups: must not have more than 100 properties$/,
  ],
  ["['100', '999']", `[${many(201, (i) => `'${i}'`)}]`, /callControl\.groups\.hr: must not have more than 200 items$/],
  [
    "groups: { hr: ['100', '999'] }",
    "groups: { __proto__: ['100'] }",
    /callControl\.groups\.__proto__: cannot be used as a name$/,
  ],
  ["['100', '999']", "['100', 9]", /callControl\.groups\.hr\.1: must be string$/],
  ["['100', '999']", "['100', '']", /callControl\.groups\.hr\.1: must have 1 to 64/],
  [
    'pickup_share_groups: [hr]',
    'pickup_share_groups: hr',
    /line 22: .*callControl\.pickup_share_groups: must be array$/,
  ],
  ['eavesdrop_100: [hr]', 'eavesdrop_100: hr', /callControl\.eavesdrop_100: must be array$/],
  ['eavesdrop_100: [hr]', 'eavesdrop_: [hr]', /callControl\.eavesdrop_: is not known$/],
  ['eavesdrop_100: [hr]', "'eavesdrop_1 0': [hr]", /callControl\.eavesdrop_1 0: is not known$/],
  ['eavesdrop_100: [hr]', 'listen_100: [hr]', /line 24: tenants\.acme\.callControl\.listen_100: is not known$/],
  ['      BBBBBBBBBBBBBBBBBBBBBBBB:', '      support:', /line 28: .*groups\.support: an id has 24 hexadecimal digits$/],
  ['        name: Support', '        notes: none', /groups\.B{24}: must have required properties name$/],
  ['name: Support', `name: Support\n        notes: "${'n'.repeat(1001)}"`, /notes: must have at most 1000 characters/],
  ["number: '800'", "number: '100'", /line 30: .*groups\.B{24}\.number: is an extension already$/],
  ["number: '800'", "number: '*95'", /groups\.B{24}\.number: must have 1 to 64 letters/],
  ['brand: plain', "brand: plain\n    codes: { preview: ['800'] }", /groups\.B{24}\.number: is the code of preview$/],
  [
    "members: ['100', '101']\n        c",
    "members: ['100', '105']\n        c",
    /groups\.B{24}\.members\.1: there is no extension or group "105"$/,
  ],
  [
    "controllers: ['102']",
    "controllers: ['105']",
    /line 32: .*groups\.B{24}\.controllers\.0: there is no extension "105"$/,
  ],
  ['strategy: RANDOM', 'strategy: LINEAR', /strategy: must be one of ALL, SEQUENTIAL, RANDOM$/],
  ['ringTime: 20', 'ringTime: -1', /ringTime: must be >= 0$/],
  ['ringTime: 20', 'ringTime: 3601', /ringTime: must be <= 3600$/],
  [
    'timeoutGoto: cccc',
    'timeoutGoto: cccd',
    /line 36: .*timeoutGoto: is the id of no group, extension or outside number of this/,
  ],
  ["redirect: '+4512345678'", "redirect: 'a@b'", /redirect: must have 1 to 64 letters, digits and \. _ \+ - \* #$/],
  [
    "{ number: '+4587654321', name: Night desk }",
    '{ name: Night desk }',
    /outsideNumbers\.C{24}: must have required properties number$/,
  ],
  [
    '  other:',
    '  other:\n    customer: 12345678901234567890aaaa',
    /line \d+: tenants\.other\.customer: is acme already$/,
  ],
  ['  other:', '  12345678901234567890aaaa:', /tenants\.12345678901234567890aaaa: is the customer id of acme already$/],
  [
    '{ refusesPickup: true,',
    '{ password: *secret,',
    /line 14: tenants\.acme\.extensions\.101\.password: needs quotes$/,
  ],
];

t.test('each mistake is told with its line and field', async (t) => {
  for (const [was, otherwise, ...said] of mistakes) {
    const problems = problemsOf(spoiled(was, otherwise));
    const title = `${otherwise.slice(0, 60).replace(/[#\n]/g, ' ')} -> ${problems.join(' | ').slice(0, 300)}`;
    t.ok(
      said.every((sentence) => problems.some((problem) => sentence.test(problem))),
      title,
    );
    t.equal(problems.length, said.length, 'and nothing else is told');
    for (const problem of problems) t.match(problem, /^office\.yaml: line \d+: /);
  }
  t.equal(({} as Record<string, unknown>).name, undefined, 'no prototype was touched');
});

t.test('no mistake repeats a password', async (t) => {
  for (const text of ['*geheim', '[geheim]', "'geheim', password: geheim", '"geheim\\n"', 'geheim: x']) {
    const problems = problemsOf(spoiled('{ refusesPickup: true,', `{ password: ${text},`));
    t.ok(problems.length > 0, text);
    t.notMatch(problems.join('\n'), /geh/);
  }
});

t.test('two groups may not be reached by one number, nor two ids differ in case only', async (t) => {
  const second = (id: string) =>
    spoiled('    outsideNumbers:', `      ${id}: { name: Night, number: '800' }\n    outsideNumbers:`);
  t.match(problemsOf(second('e'.repeat(24))), [/groups\.e{24}\.number: is the number of the group "Support" already$/]);
  t.match(problemsOf(second('b'.repeat(24))).join('\n'), /groups\.b{24}: has the id of the group "Support"/);
});
