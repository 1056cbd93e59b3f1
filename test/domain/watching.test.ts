import t from 'tap';
import type { Extension } from '../../src/domain/names.js';
import { defaultServiceCodes, type ServiceCodes } from '../../src/domain/service-code.js';
import { directedPickup } from '../../src/domain/shown-dialog.js';
import type { CallControlDocument, GroupDocument, TenantDocument } from '../../src/domain/tenant-document.js';
import { knownWatchers, profileOf, usualProfile, type WatcherRule } from '../../src/domain/watcher-profile.js';
import { watching } from '../../src/domain/watching.js';
import { companyOf, number } from './acme.js';

/** 100 and 105 are Anna's; 102 has opted out; 104 is private; 201 is another company's. */
const extensions: TenantDocument['extensions'] = {
  '100': { user: 'anna' },
  '101': {},
  '102': { refusesPickup: true },
  '103': {},
  '104': { private: true },
  '105': { user: 'anna' },
};

/** A company in which nothing is granted but what these say; its users may take their own phone's calls only. */
const company = (rules: Partial<TenantDocument>): TenantDocument => ({
  extensions,
  users: { anna: { context: 'phone' } },
  callControl: { pickup_all: false },
  ...rules,
});

const withUis = (document: CallControlDocument): TenantDocument =>
  company({ callControl: { pickup_all: false, groups: { hr: ['100', '101', '102', '104', '201'] }, ...document } });

const withRight = (right: Partial<GroupDocument>): TenantDocument =>
  company({
    groups: {
      ['a'.repeat(24)]: { name: 'Support', members: ['101', '102', '104'], controllers: ['100'], ...right },
    },
  });

/** What each watcher sees of each extension: `all`, `callers`, `calls`, `state`, `-` (not-allowed) or `?` (unknown-extension). */
type Row = readonly [title: string, document: TenantDocument, sees: Readonly<Record<string, string>>];

/** Members of a group see each other; who has opted out is seen to ring and no more; who is private has no open calls. */
const amongMembers = { '100>101': 'all', '101>100': 'all', '100>102': 'state', '100>104': 'all', '100>103': '-' };
const ofMembers = { '100>101': 'all', '101>100': '-', '100>102': 'state', '100>104': 'all', '100>103': '-' };
const ofAll = { '100>101': 'all', '101>100': 'all', '100>102': 'state', '100>104': 'all', '100>103': 'all' };
const ofNobody = { '100>101': '-', '101>100': '-', '100>102': '-', '100>104': '-', '100>103': '-', '100>105': '-' };

/** The same, but who watches sees less of the calls themselves. */
const butFor = (sees: Row[2], less: string): Row[2] =>
  Object.fromEntries(Object.entries(sees).map(([pair, cell]) => [pair, cell === 'all' ? less : cell]));

const rows: readonly Row[] = [
  ['nothing is granted', company({}), ofNobody],
  ['no document: everybody may pick up by number', { extensions }, { ...ofAll, '103>100': 'all' }],
  [
    'IvozProvider: a pickup group',
    company({ pickupGroups: { sales: ['100', '101', '102', '104', '201'], night: ['103'] } }),
    amongMembers,
  ],
  ['UIS: pickup_all', withUis({ pickup_all: true }), ofAll],
  ['UIS: allow_all', withUis({ allow_all: true }), ofAll],
  ['UIS: pickup_share_groups', withUis({ pickup_share_groups: ['hr'] }), amongMembers],
  ['UIS: eavesdrop', withUis({ eavesdrop_100: ['hr'] }), ofMembers],
  ['UIS: whisper', withUis({ whisper_100: ['hr'] }), ofMembers],
  ['UIS: our barge', withUis({ barge_100: ['hr'] }), ofMembers],
  ['UIS: to change phones shows no calls', withUis({ phone_replace_groups: ['hr'] }), ofNobody],
  ['TelecomX: pickup', withRight({ pickup: true }), butFor(ofMembers, 'callers')],
  ['TelecomX: steal', withRight({ steal: true }), butFor(ofMembers, 'calls')],
  ['TelecomX: spy', withRight({ spy: true }), butFor(ofMembers, 'calls')],
  ['TelecomX: viewOtherParty', withRight({ viewOtherParty: true }), ofMembers],
  ['TelecomX: pickup and steal', withRight({ pickup: true, steal: true }), butFor(ofMembers, 'callers')],
  ['TelecomX: steal and viewOtherParty', withRight({ steal: true, viewOtherParty: true }), ofMembers],
  [
    'TelecomX: pickup, where everybody may pick up by number',
    { ...withRight({ pickup: true }), callControl: { pickup_all: true } },
    ofAll,
  ],
  ['TelecomX: setPresence', withRight({ setPresence: true }), ofNobody],
  ['TelecomX: queueMember', withRight({ queueMember: true }), ofNobody],
  ['TelecomX: sms', withRight({ sms: true }), ofNobody],
  ['TelecomX: a controller without rights', withRight({}), ofNobody],
  ['VoipNow: phone', company({ users: { anna: { context: 'phone' } } }), ofNobody],
  [
    'VoipNow: user',
    company({ users: { anna: { context: 'user' } } }),
    { ...ofNobody, '100>105': 'all', '105>100': 'all' },
  ],
  [
    'VoipNow: organization',
    company({ users: { anna: { context: 'organization' } } }),
    { ...ofMembers, '100>103': 'all', '100>105': 'all' },
  ],
  [
    'VoipNow: global',
    company({ users: { anna: { context: 'global' } } }),
    { ...ofMembers, '100>103': 'all', '100>105': 'all' },
  ],
];

/** In every company. */
const always = {
  ...{ '100>100': 'all', '102>102': 'all', '104>104': 'all' },
  ...{ '100>201': '?', '201>100': '?', '201>201': '?', '100>999': '?', '100>constructor': '?', '100>': '?' },
};

const refusals: Record<string, string> = { '-': 'not-allowed', '?': 'unknown-extension' };

t.test('D6: who may watch whom, in each model alone', async (t) => {
  for (const [title, document, sees] of rows) {
    const tenant = companyOf(document);
    for (const [pair, cell] of Object.entries({ ...always, ...sees })) {
      const [watcher = '', extension = ''] = pair.split('>');
      const refusal = refusals[cell];
      const expected = refusal ? { sees: 'nothing', refusal } : { sees: cell };
      t.same(watching(tenant, number(watcher), number(extension)), expected, `${title}: ${pair} ${cell}`);
    }
  }
});

t.test('D25: the profile of a phone, by its User-Agent', async (t) => {
  const known: [userAgent: string, oneDialog: boolean][] = [
    ['Linksys/SPA962-6.1.5(a)', true],
    ['Cisco/SPA504G-7.6.2b', true],
    ['sipura/SPA841-3.1.4(a)', true],
    ['Cisco-CP-8851-3PCC/11.3.1', false],
    ['Yealink SIP-T46S 66.86.0.15', false],
    ['snomD785/10.1.64.14', false],
    ['PolycomVVX-VVX_410-UA/5.9.5', false],
    ['Grandstream GXP2170 1.0.11.39', false],
    ['Mitel-6867i/5.1.0', false],
    ['', false],
  ];
  for (const [userAgent, oneDialog] of known) {
    t.same(profileOf(knownWatchers, userAgent), { ...usualProfile, oneDialog }, userAgent);
  }
  t.same(usualProfile, {
    ...{ oneDialog: false, idleDialog: true, callerConfirmed: true, dndConfirmed: false, remoteTarget: 'code' },
  });
});

t.test('a company’s own rules come before the known ones, the first that fits', async (t) => {
  const { watcherRules } = companyOf({
    extensions: {},
    watchers: [
      { userAgent: 'spa5', remoteTarget: 'caller' },
      { userAgent: 'Yealink', oneDialog: true, idleDialog: false },
      { userAgent: 'SIP-T46S', callerConfirmed: false },
    ],
  });
  const [first, second, third, ...rest] = watcherRules as readonly WatcherRule[];
  t.same(rest, knownWatchers);
  t.same(profileOf(watcherRules, 'Cisco/SPA504G-7.6.2b'), { ...usualProfile, remoteTarget: 'caller' });
  t.equal(profileOf(watcherRules, 'Cisco/SPA504G-7.6.2b'), first?.profile);
  t.equal(profileOf(watcherRules, 'yealink sip-t46s 66.86'), second?.profile, 'in whatever case');
  t.equal(profileOf(watcherRules, 'Yealink SIP-T46S 66.86'), second?.profile);
  t.equal(profileOf(watcherRules, 'Other SIP-T46S'), third?.profile);
  t.equal(profileOf(watcherRules, 'Linksys/SPA962'), knownWatchers[0]?.profile);
});

t.test('D20: what a phone dials to pick up the calls of an extension', async (t) => {
  const dialled: [codes: ServiceCodes, extension: string, expected: string | undefined][] = [
    [defaultServiceCodes, '101', '*95101'],
    [{ ...defaultServiceCodes, pickup: ['*8', '*95'] }, '101', '*8101'],
    [{ ...defaultServiceCodes, pickup: ['*8', '*95'] }, '0', '*950'],
    [{ pickup: ['*9', '##'], steal: ['*95'] }, '501', '##501'],
    [{ pickup: ['*9'], steal: ['*95'] }, '501', undefined],
    [{ pickup: [] }, '101', undefined],
    [{}, '101', undefined],
    [{ pickup: ['*95'] }, 'x'.repeat(64), undefined],
  ];
  for (const [codes, extension, expected] of dialled) {
    t.equal(directedPickup(codes, extension as Extension), expected, `${JSON.stringify(codes)} ${extension}`);
  }
});
