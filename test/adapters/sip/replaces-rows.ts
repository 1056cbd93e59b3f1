import t from 'tap';
import { isMeant, type Replaces, readReplaces } from '../../../src/adapters/sip/replaces.js';
import { makeReplacesDoor } from '../../../src/adapters/sip/replaces-door.js';
import type { CallId } from '../../../src/domain/names.js';
import type { FoundDialog } from '../../../src/flows/early-dialogs.js';
import type { PickupRequest } from '../../../src/flows/pick-up.js';
import type { EarlyDialog } from '../../../src/flows/ports.js';
import { acme, bob, carol, tenant } from '../../domain/acme.js';
import { fakeCaller } from '../../flows/parties.js';
import { noting } from '../../flows/stage.js';
import { hostile, label } from './hostile.js';

const meant: Replaces = { callId: 'id@here', toTag: 'ours', fromTag: 'phone', earlyOnly: false };

t.test('RFC 3891 6.1: what a Replaces says', async (t) => {
  const same = [
    'id@here;to-tag=ours;from-tag=phone',
    'id@here;from-tag=phone;to-tag=ours',
    'id@here;TO-TAG=ours;From-Tag=phone',
    ' id@here ; to-tag = ours ;\tfrom-tag =phone ',
    'id@here;x;to-tag=ours;y=z;from-tag=phone;cause=200',
    'id@here;to-tag=ours;from-tag=phone;note="a;to-tag=evil"',
    'id@here;to-tag=ours;from-tag=phone;note="a, b\\";from-tag=evil"',
    'id@here;to-tag=ours;from-tag=phone;',
    'id@here;to-tag=ours;from-tag=phone;early-only-not',
    'id@here;to-tag=ours;from-tag=phone;x=early-only',
  ];
  for (const value of same) t.same(readReplaces(value), meant, value);
  for (const flag of ['early-only', 'Early-Only', ' early-only ', 'early-only=x', 'early-only;early-only']) {
    t.same(readReplaces(`id@here;to-tag=ours;${flag};from-tag=phone`), { ...meant, earlyOnly: true }, flag);
  }
  const ids = [
    'a(b)c{d}?"x"/y@h[1]',
    'a"b@h',
    "<x>:\\/[]?{}'`~!%*_+",
    '1',
    'a',
    '0@0',
    'x%40y',
    `${'x'.repeat(250)}@h`,
  ];
  for (const callId of ids) {
    const read = readReplaces(`${callId};to-tag=ours;from-tag=phone`);
    t.same(read, { ...meant, callId }, `${label(callId)} stays as it is`);
  }
  for (const tag of ['0', 'a.b-c', "!%*_+`'~", 'AbC', 'x']) {
    t.same(readReplaces(`id@here;to-tag=${tag};from-tag=${tag}`), { ...meant, toTag: tag, fromTag: tag }, tag);
  }
});

t.test('what is no Replaces, or more than one', async (t) => {
  const rows = [
    '',
    ' ',
    ';',
    'id@here',
    'id@here;early-only',
    ';to-tag=ours;from-tag=phone',
    'id@here;to-tag=ours',
    'id@here;from-tag=phone',
    'id@here;to-tag;from-tag=phone',
    'id@here;to-tag=;from-tag=phone',
    'id@here;to-tag=ours;from-tag= ',
    'id@here;to-tag=ours;to-tag=ours;from-tag=phone',
    'id@here;to-tag=ours;To-Tag=other;from-tag=phone',
    'id@here;to-tag=ours;from-tag=phone;from-tag=phone',
    'id@here;to-tag=ours;from-tag=phone,id@here;to-tag=ours;from-tag=phone',
    'other@here;to-tag=1;from-tag=2, id@here;to-tag=ours;from-tag=phone',
    'id@here;to-tag=ours;from-tag=phone,',
    'id@here,other@here;to-tag=ours;from-tag=phone',
    'id@here;to-tag=ours=x;from-tag=phone',
    'id@here;to-tag="ours";from-tag=phone',
    'id@here;to-tag=ou rs;from-tag=phone',
    'id@here;to_tag=ours;from_tag=phone',
    'id here;to-tag=ours;from-tag=phone',
    'id@a@b;to-tag=ours;from-tag=phone',
    '@here;to-tag=ours;from-tag=phone',
    'id@;to-tag=ours;from-tag=phone',
    'id%40here%3Bto-tag%3Dours%3Bfrom-tag%3Dphone',
    'id@here;to-tag=ours;from-tag=phone;note="open, ',
    `id@here;to-tag=ours;from-tag=phone;x=${'y'.repeat(1_000)}`,
  ];
  for (const value of rows) t.equal(readReplaces(value), undefined, label(value));
  for (const text of hostile) {
    for (const value of [text, `${text};to-tag=ours;from-tag=phone`, `id@here;to-tag=${text};from-tag=phone`]) {
      const read = readReplaces(value);
      if (read) t.match(`${read.callId} ${read.toTag} ${read.fromTag}`, /^[^\s;,]+ [^\s;,]+ [^\s;,]+$/, label(value));
    }
  }
  const patience = '"\\"'.repeat(20_000);
  t.equal(readReplaces(`id@here;to-tag=ours;from-tag=phone;x=${patience}`), undefined, 'and none takes long to read');
});

const dialog: EarlyDialog = {
  ...{ leg: 'l1', sipCallId: 'id@here', localTag: 'phone', remoteTag: 'ours', contact: 'sip:101@192.0.2.1' },
  ...{ since: 1_000, state: 'early' },
};

t.test('RFC 3891 section 3: to-tag is our tag and from-tag the phone’s, both whole', async (t) => {
  const means = (changes: Partial<Replaces>, of: EarlyDialog = dialog) => isMeant({ ...meant, ...changes }, of);
  t.ok(means({}));
  t.ok(means({ earlyOnly: true }));
  const wrong = [
    { toTag: 'phone', fromTag: 'ours' },
    { toTag: 'other' },
    { fromTag: 'other' },
    { toTag: 'OURS' },
    { fromTag: 'Phone' },
    { toTag: 'our' },
    { toTag: 'oursx' },
    { fromTag: 'phon' },
    { toTag: '0' },
    { fromTag: '0' },
    { fromTag: '' },
    { fromTag: 'undefined' },
  ];
  for (const changes of wrong) t.notOk(means(changes), JSON.stringify(changes));
  const { localTag: _, ...tagless } = dialog;
  t.ok(means({ fromTag: '0' }, tagless), '6.1: 0 stands for a phone that has not said its tag');
  for (const fromTag of ['phone', '00', '', 'undefined']) t.notOk(means({ fromTag }, tagless), fromTag);
  t.ok(means({ fromTag: '0' }, { ...dialog, localTag: '0' }), 'and for one that is named so');
  t.notOk(means({ toTag: '0' }, tagless), 'ours is always said');
});

/** Sends one INVITE with Replaces to the door. */
const knock = async (value: string, found: FoundDialog | undefined | 'away', company = acme) => {
  const [asked, pickups, said]: [string[], PickupRequest[], string[]] = [[], [], []];
  const door = makeReplacesDoor({
    dialogs: {
      find: async (id, sipCallId) => {
        asked.push(`${id} ${sipCallId}`);
        if (found === 'away') throw new Error('store away');
        return found;
      },
    },
    pickup: async ({ request }) => void pickups.push(request),
    log: noting(said),
  });
  const leg = fakeCaller('carol');
  const party = { name: 'Carol Clark', number: carol, domain: 'acme.example', private: false };
  await door({ value, tenant: company, picker: carol, leg, party });
  return { asked, pickups, said, heard: leg.heard };
};

t.test('the door of Replaces asks as a code would, for the one call that was named', async (t) => {
  const found: FoundDialog = { call: 'call-1' as CallId, target: bob, state: 'ringing', dialog };
  const right = 'id@here;to-tag=ours;from-tag=phone;early-only';
  const taken = await knock(right, found);
  const target = { by: 'number', extension: bob };
  t.same(taken.pickups, [{ tenant: acme, picker: carol, target, call: 'call-1', kind: 'replaces' }]);
  t.same([taken.asked, taken.heard], [['acme id@here'], []]);
  const answered = await knock(right, { ...found, state: 'connected' });
  t.equal(answered.pickups.length, 1, 'what became of the call is for the claim to say');

  for (const profile of ['default', 'asterisk', 'ivoz'] as const) {
    const company = tenant('acme', { failureProfile: profile });
    const none = ['481 No Such Dialog To Replace'];
    t.same((await knock(right, undefined, company)).heard, none, `nothing has the id, ${profile}`);
    for (const tags of ['to-tag=phone;from-tag=ours', 'to-tag=ours;from-tag=x', 'to-tag=0;from-tag=phone']) {
      const refused = await knock(`id@here;${tags}`, found, company);
      t.same([refused.heard, refused.pickups], [none, []], 'as if it were not there');
    }
  }
  const bad = await knock('id@here', found);
  t.same([bad.heard, bad.asked, bad.pickups], [['400 Bad Replaces'], [], []]);
  const away = await knock(right, 'away');
  t.same(away.heard, ['503 Service Unavailable {"Retry-After":"1"}']);
  t.same([away.pickups, away.said], [[], ['store away, no pickup']]);
});
