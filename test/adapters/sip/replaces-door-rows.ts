import t from 'tap';
import { makeReplacesDoor, type Steal } from '../../../src/adapters/sip/replaces-door.js';
import { makeRefusePickup } from '../../../src/adapters/sip/replies.js';
import type { Dialog } from '../../../src/domain/dialog.js';
import { type Leniency, leniencies } from '../../../src/domain/leniency.js';
import type { CallId, InstanceId } from '../../../src/domain/names.js';
import type { Tenant } from '../../../src/domain/office.js';
import { failureProfiles, type PickupOutcome } from '../../../src/domain/outcome.js';
import type { FoundDialog } from '../../../src/flows/dialog-directory.js';
import type { PickupRequest } from '../../../src/flows/pick-up.js';
import type { Log } from '../../../src/flows/ports.js';
import type { Taken } from '../../../src/flows/take-call.js';
import { acme, alice, bob, carol, tenant } from '../../domain/acme.js';
import { fakeCaller } from '../../flows/parties.js';

const dialog: Dialog = {
  ...{ id: 'leg-1', call: 'call-1' as CallId, direction: 'recipient', state: 'early', since: 1_000 },
  ...{ sipCallId: 'id@here', localTag: 'phone', remoteTag: 'ours' },
  ...{ isHeld: false, isPrivate: false },
  remote: { name: 'Alice Adams', number: alice, domain: 'acme.example', isAnonymous: false },
};

const live = (changes: Partial<Dialog> = {}): FoundDialog => ({
  ...{ kind: 'dialog', extension: bob, dialog: { ...dialog, ...changes } },
  ...{ target: bob, owner: 'here' as InstanceId, state: 'ringing' },
});

interface Knocking {
  readonly company?: Tenant;
  readonly stolen?: Taken;
  readonly userAgent?: string;
}

/** Sends one INVITE with Replaces to the door. */
const knock = async (
  value: string,
  found: FoundDialog | undefined | 'away',
  { company = acme, stolen = { ok: true }, userAgent }: Knocking = {},
) => {
  const seen = {
    asked: [] as string[],
    pickups: [] as PickupRequest[],
    steals: [] as Parameters<Steal>[0][],
    counted: [] as string[],
    outcomes: [] as PickupOutcome[],
    said: [] as object[],
  };
  const say = (facts: object, event: string) => void seen.said.push({ ...facts, event });
  const log: Log = { info: say, warn: say, error: say, child: () => log };
  const door = makeReplacesDoor({
    dialogs: {
      find: async (id, sipCallId) => {
        seen.asked.push(`${id} ${sipCallId}`);
        if (found === 'away') throw new Error('store away');
        return found;
      },
    },
    pickup: async ({ request }) => void seen.pickups.push(request),
    steal: async (stealing) => {
      seen.steals.push(stealing);
      return stolen;
    },
    refuse: makeRefusePickup(async () => undefined),
    meter: { pickupEnded: (_kind, outcome) => void seen.outcomes.push(outcome) },
    lenientReplaces: (how, outcome) => void seen.counted.push(`${how} ${outcome}`),
    rejected: (reason) => void seen.counted.push(reason),
    log,
  });
  const leg = fakeCaller('carol');
  const party = { name: 'Carol Clark', number: carol, domain: 'acme.example', private: false };
  await door({ value, tenant: company, picker: carol, leg, party, userAgent });
  return { ...seen, heard: leg.heard };
};

const right = 'id@here;to-tag=ours;from-tag=phone';
const none = '481 No Such Dialog To Replace';
const bad = '400 Bad Replaces';

t.test('the door of Replaces asks as a code would, for the one call that was named', async (t) => {
  const target = { by: 'number', extension: bob };
  for (const value of [right, `${right};early-only`]) {
    const { pickups, asked, heard, said, counted } = await knock(value, live());
    t.match(pickups, [{ tenant: acme, picker: carol, target, call: 'call-1', isAnswered: false, kind: 'replaces' }]);
    t.same([asked, heard, said, counted], [['acme id@here'], [], [], []], 'the pickup itself is told by who does it');
  }
  const late = await knock(`${right};early-only`, live({ state: 'confirmed' }));
  t.match(late.pickups, [{ target, call: 'call-1', isAnswered: true }], 'the rules are asked before it is said');
  t.same(late.steals, []);
});

t.test('RFC 3891 section 3: a confirmed dialog, and no early-only', async (t) => {
  const callers = live({ direction: 'initiator', state: 'confirmed' });
  for (const found of [live({ state: 'confirmed' }), callers]) {
    const { steals, pickups, heard, outcomes } = await knock(right, found);
    t.match(steals, [{ tenant: acme, picker: carol, found: { dialog: { call: 'call-1' } } }]);
    t.same([pickups, heard, outcomes], [[], [], ['answered']]);
  }
  const stolen: Taken = { ok: false, refusal: 'not-allowed' };
  const refused = await knock(right, live({ state: 'confirmed' }), { stolen });
  t.same([refused.heard, refused.outcomes], [['403 Pickup Not Allowed'], ['not_allowed']]);
  t.match(refused.said, [{ event: 'pickup', kind: 'replaces', callId: 'call-1', target: bob, picker: carol }]);
});

t.test('what matches nothing, and what is none', async (t) => {
  const tags = (to: string, from: string) => `id@here;to-tag=${to};from-tag=${from}`;
  const { localTag: _, ...tagless } = dialog;
  const quiet: FoundDialog = { ...live(), dialog: { ...tagless, state: 'proceeding' } } as FoundDialog;
  const rows: [why: string, value: string, found: FoundDialog | undefined, heard: string[]][] = [
    ['nothing has the id', right, undefined, [none]],
    ['wrong to-tag', tags('other', 'phone'), live(), [none]],
    ['wrong from-tag', tags('ours', 'other'), live(), [none]],
    ['other letters', tags('OURS', 'phone'), live(), [none]],
    ['half a tag', tags('our', 'phone'), live(), [none]],
    ['more than a tag', tags('ours', 'phonex'), live(), [none]],
    ['R5: 0 for our tag, which is always said', tags('0', 'phone'), live(), [none]],
    ['R5: 0 for a tag that the phone has said', tags('ours', '0'), live(), [none]],
    ['R5: 0 for one that it has not', tags('ours', '0'), quiet, []],
    ['R5: 0 for one that is named so', tags('ours', '0'), live({ localTag: '0' }), []],
    ['a tag that the phone has not said', tags('ours', 'undefined'), quiet, [none]],
    ['R14: the caller’s own, while it rings', right, live({ direction: 'initiator' }), [none]],
    ['R24: swapped', tags('phone', 'ours'), live(), [none]],
    ['R10: over', right, { kind: 'ended' }, ['603 Dialog Has Ended']],
    ['R25: no tags', 'id@here', live(), [bad]],
    ['R25: no tags, and over', 'id@here', { kind: 'ended' }, [bad]],
    ['R27: escaped', encodeURIComponent(right), live(), [bad]],
    ['R23: the own call', 'carol@phone;to-tag=us;from-tag=x', live(), ['400 Replaces Names Its Own Call']],
    ['nonsense', 'id@here;to-tag=ours', live(), [bad]],
  ];
  for (const [why, value, found, heard] of rows) {
    for (const failureProfile of failureProfiles) {
      const company = tenant('acme', { failureProfile });
      const { said, counted, outcomes, ...knocked } = await knock(value, found, { company });
      t.same(knocked.heard, heard, `${why}, ${failureProfile}`);
      t.same([knocked.pickups.length, knocked.steals.length], [heard.length > 0 ? 0 : 1, 0], why);
      const isBad = heard[0]?.startsWith('400') ?? false;
      t.equal(counted.includes('bad-replaces'), isBad, 'a bad request is counted as one');
      t.same(outcomes, heard.length === 0 || isBad ? [] : ['no_call'], 'and any other no as a pickup');
    }
  }
  t.same((await knock('id@here;to-tag=ours', undefined)).asked, [], 'nobody is asked for nonsense');
});

t.test('the store is away', async (t) => {
  const away = await knock(right, 'away');
  t.same(away.heard, ['503 Service Unavailable {"Retry-After":"1"}']);
  t.match(away.said, [{ event: 'store away, no pickup' }, { event: 'pickup', refusal: 'store-unreachable' }]);
  t.same([away.pickups, away.outcomes], [[], ['error']]);
  t.same((await knock('id@here', 'away')).heard, [bad], 'what is bad is bad without it');
});

/** What each leniency lets pass. */
const lenient: readonly (readonly [value: string, found: FoundDialog, by: readonly Leniency[]])[] = [
  ['id@here;to-tag=phone;from-tag=ours', live(), ['swapped-tags']],
  [encodeURIComponent(right), live(), ['escaped']],
  ['id@here', live(), ['call-id-only']],
  [right, live({ direction: 'initiator' }), ['caller-dialog']],
  ['id@here;to-tag=phone;from-tag=ours', live({ direction: 'initiator' }), ['swapped-tags', 'caller-dialog']],
  ['id%40here', live(), ['escaped', 'call-id-only']],
  ['id%40here%3Bto-tag=phone%3Bfrom-tag=ours', live(), ['escaped', 'swapped-tags']],
];

t.test('R14, R24, R25, R27: each leniency passes when it is on, and is told when it is not', async (t) => {
  for (const [value, found, by] of lenient) {
    const on = await knock(value, found, {
      company: tenant('acme', { leniencies: new Set(by) }),
      userAgent: 'Phone/1',
    });
    t.match(on.pickups, [{ call: 'call-1', target: { extension: bob } }], value);
    t.same([on.heard, on.counted], [[], by.map((how) => `${how} used`)]);
    t.match(on.said, [{ event: 'lenient Replaces', how: by, outcome: 'used', userAgent: 'Phone/1', picker: carol }]);

    for (const missing of by) {
      // What cannot be read without it is no Replaces; what can be is one that matches nothing.
      const line = missing === 'escaped' || missing === 'call-id-only' ? bad : none;
      const others = new Set(leniencies.filter((each) => each !== missing));
      const off = await knock(value, found, {
        company: tenant('acme', { leniencies: others }),
        userAgent: 'x'.repeat(900),
      });
      t.same([off.heard, off.pickups], [[line], []], `${value} without ${missing}`);
      t.ok(off.counted.includes(`${missing} refused`));
      t.notOk(off.counted.some((each) => each.endsWith(' used')));
      t.match(off.said[0], {
        event: 'lenient Replaces',
        how: [missing],
        outcome: 'refused',
        userAgent: 'x'.repeat(120),
      });
    }
  }
});

t.test('no leniency makes a match of what is none, or takes a call that is answered', async (t) => {
  const company = tenant('acme', { leniencies: new Set(leniencies) });
  const rows: [value: string, found: FoundDialog | undefined, heard: string][] = [
    ['id@here;to-tag=x;from-tag=phone', live(), none],
    ['id@here;to-tag=phone;from-tag=x', live(), none],
    ['id@here;to-tag=ours;from-tag=ours', live(), none],
    ['id@here;to-tag=phone;from-tag=phone', live(), none],
    ['id@here', undefined, bad],
    ['id@here', { kind: 'ended' }, bad],
    [encodeURIComponent(right), { kind: 'ended' }, '603 Dialog Has Ended'],
    [encodeURIComponent(right), undefined, none],
    ['id@here;to-tag=ours', live(), bad],
    [right, live({ direction: 'initiator', state: 'trying' }), none],
    ['carol%40phone%3Bto-tag%3Dus%3Bfrom-tag%3Dx', live(), '400 Replaces Names Its Own Call'],
  ];
  for (const [value, found, heard] of rows) {
    const knocked = await knock(value, found, { company });
    t.same([knocked.heard, knocked.pickups, knocked.steals], [[heard], [], []], value);
    t.notOk(knocked.counted.some((each) => each.endsWith(' used')));
  }
  const confirmed = await knock('id@here', live({ state: 'confirmed' }), { company });
  t.match(confirmed.pickups, [{ isAnswered: true }], 'a Call-ID alone ends no conversation');
  const swapped = await knock('id@here;to-tag=phone;from-tag=ours', live({ state: 'confirmed' }), { company });
  t.equal(swapped.steals.length, 1, 'swapped tags name a dialog as well as others');
});
