import t from 'tap';
import { officeOfDocument } from '../../../src/adapters/office/office-document.js';
import { parseOffice } from '../../../src/adapters/office/office-file.js';
import { writeOffice } from '../../../src/adapters/office/office-yaml.js';
import { leniencies } from '../../../src/domain/leniency.js';
import { knownWatchers, usualProfile } from '../../../src/domain/watcher-profile.js';

const good = `tenants:
  acme:
    extensions: {}
    watchers:
      - { userAgent: Yealink SIP-T2, oneDialog: true }
      - { userAgent: 'snom "☎"', idleDialog: false, callerConfirmed: false, dndConfirmed: true, remoteTarget: caller }
      - { userAgent: Yealink }
    replaces: [swapped-tags, call-id-only]
`;

/** The document and the company of a file without fault. */
const read = (text: string) => {
  const result = parseOffice(text, 'office.yaml');
  if (!result.ok) throw new Error(result.problems.join('\n'));
  return { document: result.document, acme: officeOfDocument(result.document).tenants.get('acme' as never) };
};

t.test('how phones are shown what they watch, and what a Replaces may be besides', async (t) => {
  const { document, acme } = read(good);
  t.same(acme?.watcherRules, [
    { userAgent: 'Yealink SIP-T2', profile: { ...usualProfile, oneDialog: true } },
    {
      userAgent: 'snom "☎"',
      profile: {
        oneDialog: false,
        idleDialog: false,
        callerConfirmed: false,
        dndConfirmed: true,
        remoteTarget: 'caller',
      },
    },
    { userAgent: 'Yealink', profile: usualProfile },
    ...knownWatchers,
  ]);
  t.same(acme?.leniencies, new Set(['swapped-tags', 'call-id-only']));
  t.same(
    read(writeOffice(document, { hasPasswords: false })).document,
    document,
    'exported and imported it is the same',
  );

  const silent = read('tenants: { acme: { extensions: {} } }').acme;
  t.same(silent?.watcherRules, knownWatchers);
  t.same(silent?.leniencies, new Set(), 'strict unless it is said otherwise');
  for (const each of leniencies)
    t.same(read(good.replace('swapped-tags, call-id-only', each)).acme?.leniencies, new Set([each]));
});

const rules = (count: number) =>
  good.replace(
    / {6}- .*(?= {4}replaces)/s,
    Array.from({ length: count }, (_, i) => `      - { userAgent: phone ${i + 100} }\n`).join(''),
  );

/** What is said otherwise, and the only sentence that is said of it. */
const mistakes: [was: string, otherwise: string, said: RegExp][] = [
  [
    'userAgent: Yealink }',
    "userAgent: '' }",
    /line 7: .*watchers\.2\.userAgent: must have 1 to 80 characters, no control/,
  ],
  ['userAgent: Yealink }', `userAgent: ${'y'.repeat(81)} }`, /watchers\.2\.userAgent: must have 1 to 80 characters/],
  ['userAgent: Yealink }', 'userAgent: "a\\r\\nb" }', /watchers\.2\.userAgent: .* no control characters among them$/],
  ['userAgent: Yealink }', 'userAgent: 7 }', /watchers\.2\.userAgent: must be string$/],
  ['userAgent: Yealink }', 'agent: Yealink, userAgent: x1 }', /watchers\.2\.agent: is not known$/],
  ['{ userAgent: Yealink }', '{ oneDialog: true }', /line 7: .*watchers\.2: must have required properties userAgent$/],
  [
    'userAgent: Yealink }',
    'userAgent: yealink sip-t21 }',
    /watchers\.2\.userAgent: never counts: .* fits watchers\.0 already$/,
  ],
  [
    'userAgent: Yealink }',
    'userAgent: SNOM "☎" }',
    /watchers\.2\.userAgent: never counts: .* fits watchers\.1 already$/,
  ],
  ['oneDialog: true', 'oneDialog: 1', /line 5: .*watchers\.0\.oneDialog: must be boolean$/],
  ['idleDialog: false', 'idleDialog: "no"', /watchers\.1\.idleDialog: must be boolean$/],
  ['callerConfirmed: false', 'callerConfirmed: ~', /watchers\.1\.callerConfirmed: must be boolean$/],
  ['remoteTarget: caller', 'remoteTarget: callee', /line 6: .*watchers\.1\.remoteTarget: must be one of code, caller$/],
  [
    'replaces: [swapped-tags,',
    'replaces: [swapped,',
    /line 8: .*replaces\.0: must be one of escaped, swapped-tags, call-id-only, caller-dialog$/,
  ],
  ['[swapped-tags, call-id-only]', '[escaped, escaped]', /replaces: must not have duplicate items$/],
  ['[swapped-tags, call-id-only]', 'escaped', /replaces: must be array$/],
  [good, rules(51), /watchers: must not have more than 50 items$/],
];

t.test('each mistake in them is told with its line and field', async (t) => {
  for (const [was, otherwise, said] of mistakes) {
    const text = good.replace(was, () => otherwise);
    const result = parseOffice(text, 'office.yaml');
    const problems = result.ok ? [] : result.problems;
    t.match(problems, [said], `${otherwise.slice(0, 60).replace(/[#\n]/g, ' ')} -> ${problems.join(' | ')}`);
    t.equal(problems.length, 1, 'and nothing else is told');
  }
  t.equal(read(rules(50)).acme?.watcherRules.length, 50 + knownWatchers.length, 'fifty are not too many');
});
