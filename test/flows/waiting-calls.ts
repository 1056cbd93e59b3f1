import t from 'tap';
import type { CallControl } from '../../src/domain/call-control.js';
import type { Group, GroupId } from '../../src/domain/group.js';
import type { CallId, Extension } from '../../src/domain/names.js';
import type { Tenant } from '../../src/domain/office.js';
import type { PickupGroup } from '../../src/domain/pickup-group.js';
import { isQuietAt, type WaitingNotice } from '../../src/domain/waiting-notice.js';
import type { LiveCalls } from '../../src/flows/live-calls.js';
import type { CallStore } from '../../src/flows/ports.js';
import { notifyWaiting } from '../../src/flows/witnesses/notify-waiting.js';
import { acme, alice, bob, carol, dave, number, tenant } from '../domain/acme.js';
import { quiet } from './parties.js';
import { stage } from './stage.js';
import { fakeClock } from './watch-stage.js';

const group = (name: string, members: Extension[], notify?: Partial<WaitingNotice>): PickupGroup => ({
  ...{ id: name.length, name, members },
  ...(notify && { notify: { after: 5, shows: 'number', ...notify } }),
});

const company = (...pickupGroups: PickupGroup[]) => tenant('acme', { pickupGroups });

/** A stage on which members are told, at a quarter past nine in the evening (UTC). */
const telling = (t: Parameters<typeof stage>[0], now: () => Tenant) => {
  const { clock, passes, timers } = fakeClock();
  const [sent, said]: string[][] = [[], []];
  const witness = (calls: CallStore, live: LiveCalls) =>
    notifyWaiting({
      ...{ calls, live, clock, tenant: now, now: () => Date.UTC(2026, 0, 1, 21, 15) },
      messages: {
        send: async (_tenant, to, { from, text }) => {
          if (to === dave) throw new Error('store away');
          sent?.push(`${from.number} to ${to}: ${text}`);
          return [];
        },
      },
      log: { warn: (_facts, event) => void said?.push(event) },
    });
  const s = stage(t, { tenant: now(), witness });
  const rings = async (...how: Parameters<typeof s.calls>) => {
    const call = await s.calls(...how);
    s.phone(s.dialled.length - 1).rings();
    await quiet();
    return call;
  };
  const waited = () => s.store.told.filter((what) => what === 'waits').length;
  return { ...s, rings, sent: sent ?? [], said: said ?? [], passes, timers, waited };
};

t.test('members are told at their second what the group shows, and how to take the call', async (t) => {
  const rows: [shows: WaitingNotice['shows'], caller: string][] = [
    ['nothing', ''],
    ['number', ' from 100'],
    ['name-and-number', ' from Alice Adams 100'],
  ];
  for (const [shows, caller] of rows) {
    const s = telling(t, () => company(group('sales', [alice, bob, carol], { shows })));
    const call = await s.rings();
    s.phone().rings();
    await s.passes(4_999);
    t.same([s.sent, s.waited()], [[], 0]);
    await s.passes(1);
    t.same(s.sent, [`101 to 102: Call${caller} waits for Bob Brown (101), take it with *95101`]);
    t.equal(s.waited(), 1);
    await s.passes(60_000);
    t.equal(s.sent.length, 1, 'once');
    call.caller.cancels();
    await s.nothingLeft('cancelled');
  }
});

t.test('a call that is over, answered or picked up before the second is told to nobody', async (t) => {
  const s = telling(t, () => company(group('sales', [alice, bob, carol], {})));
  const first = await s.rings();
  first.caller.cancels();
  await quiet();
  t.equal(s.timers.size, 0, 'nothing is left of it');
  await s.rings();
  s.phone(1).answers();
  await quiet();
  await s.rings();
  t.ok((await s.picks()).ok);
  await s.passes(10_000);
  t.same([s.sent, s.waited()], [[], 0]);
  for (const joint of s.joints) await joint.hangUp();
  t.equal(s.timers.size, 0);
  await s.nothingLeft('cancelled', 'answered', 'picked_up');
});

t.test('nobody is told in quiet hours, of private calls, or for a callee who is left alone', async (t) => {
  const person = (who: Extension, changes: object) => {
    const entry = acme.extensions.get(who);
    if (!entry) throw new Error('nobody has that number');
    return new Map([...acme.extensions, [who, { ...entry, ...changes }]]);
  };
  const sales = (more: Partial<WaitingNotice> = {}) => [group('sales', [alice, bob, carol], more)];
  const rows: [why: string, company: Tenant, changes: object, told: number][] = [
    ['as usual', company(...sales()), {}, 1],
    ['quiet', company(...sales({ quiet: { from: '18:00', until: '08:00' } })), {}, 0],
    [
      'not quiet there',
      company(...sales({ quiet: { from: '18:00', until: '08:00', zone: 'America/New_York' } })),
      {},
      1,
    ],
    ['not quiet yet', company(...sales({ quiet: { from: '21:16', until: '08:00' } })), {}, 1],
    ['private', company(...sales()), { isPrivate: true }, 0],
    ['opted out', tenant('acme', { pickupGroups: sales(), extensions: person(bob, { refusesPickup: true }) }), {}, 0],
    [
      'not to be disturbed',
      tenant('acme', { pickupGroups: sales(), extensions: person(carol, { presence: 'do-not-disturb' }) }),
      {},
      0,
    ],
    ['no notice', company(group('sales', [alice, bob, carol])), {}, 0],
  ];
  for (const [why, now, changes, told] of rows) {
    const s = telling(t, () => now);
    const { caller } = await s.rings(undefined, changes);
    await s.passes(10_000);
    t.equal(s.sent.length, told, why);
    caller.cancels();
    await s.nothingLeft('cancelled');
  }
});

t.test('who is in two groups is told once, by the quicker; one who cannot be told keeps nobody from it', async (t) => {
  const slow = group('desk', [bob, dave, carol], { after: 9, shows: 'nothing' });
  const s = telling(t, () => company(group('sales', [bob, carol], { after: 0 }), slow));
  const { caller } = await s.rings();
  await s.passes(0);
  t.equal(s.sent.length, 1, 'zero is at once');
  s.store.away = true;
  await s.passes(9_000);
  t.equal(s.sent.length, 1);
  t.same(s.said, ['store did not follow', 'member not told'], 'a store that is away leaves it to the phones');
  s.store.away = false;
  caller.cancels();
  await s.nothingLeft('cancelled');
});

t.test('of a group’s call those are told who may take it where it rings at that moment', async (t) => {
  const s = telling(t, () => company(group('sales', [bob, carol], {}), group('desk', [dave], { after: 1 })));
  const { caller } = await s.calls();
  const live = s.live.get(s.dialled[0]?.request.call as CallId);
  if (!live) throw new Error('there is no call');
  const ringsAt = (...members: Extension[]) => {
    live.record = { ...live.record, group: number('800'), ringsAt: members };
    s.phone().rings();
    return quiet();
  };
  await ringsAt(bob);
  await s.passes(3_000);
  await ringsAt(bob, carol);
  await s.passes(1_999);
  t.equal(s.waited(), 0);
  await ringsAt(bob);
  await s.passes(1);
  t.same(s.sent, ['101 to 102: Call from 100 waits for Bob Brown (101), take it with *95101']);
  caller.cancels();
  await s.nothingLeft('cancelled');
});

/** Who is granted nothing by a group may pick up nothing. */
const byRightOnly: CallControl = {
  ...{ allowAll: false, pickupAll: false, groups: new Map(), pickupShareGroups: [], phoneReplaceGroups: [] },
  ...{ eavesdrop: new Map(), whisper: new Map(), barge: new Map() },
};

const desk: Group = {
  ...{
    id: '1'.repeat(24) as GroupId,
    name: 'sales',
    number: number('800'),
    notes: '',
    strategy: 'SEQUENTIAL',
    ringTime: 20,
  },
  ...{ listed: [bob, dave], members: [bob, dave], controllers: [carol], rights: new Set(['pickup']) },
  notify: { after: 5, shows: 'nothing' },
};

t.test(
  'a group that can be called tells members and controllers, beside a pickup group of the same name',
  async (t) => {
    const s = telling(t, () =>
      tenant('acme', {
        ...{ pickupGroups: [group('sales', [bob, alice], { after: 9 })], groups: new Map([[desk.id, desk]]) },
        callControl: byRightOnly,
      }),
    );
    const { caller } = await s.calls(undefined, { callerExtension: number('199') });
    const live = s.live.get(s.dialled[0]?.request.call as CallId);
    if (!live) throw new Error('there is no call');
    const ringsAt = (...members: Extension[]) => {
      live.record = { ...live.record, group: number('800'), ringsAt: members };
      s.phone().rings();
      return quiet();
    };
    await ringsAt(bob);
    live.record = { ...live.record, ringsAt: [] };
    await s.passes(5_000);
    t.same([s.sent, s.waited()], [[], 0], 'it rings at nobody of the group, between two turns');
    await ringsAt(dave);
    await s.passes(0);
    const dial = 'waits for Dave Davis (103), take it with *95103';
    t.same(s.sent, [`103 to 102: Call ${dial}`], 'who controls it may take it; a member may not without the right');
    await s.passes(60_000);
    t.equal(s.sent.length, 1, 'the pickup group is of Bob, at whom it rings no more');
    caller.cancels();
    await s.nothingLeft('cancelled');
  },
);

t.test('what the group says at that moment counts', async (t) => {
  let now = company(group('sales', [alice, bob, carol], {}));
  const s = telling(t, () => now);
  const { caller } = await s.rings();
  now = company(group('sales', [alice, bob, carol]));
  await s.passes(10_000);
  t.same([s.sent, s.waited()], [[], 0]);
  caller.cancels();
  await s.nothingLeft('cancelled');
});

t.test('quiet hours: by day, over midnight, the whole day, and in their own zone, summer time and all', (t) => {
  const rows: [from: string, until: string, zone: string | undefined, at: string, isQuiet: boolean][] = [
    ['12:00', '13:00', undefined, '2026-01-01T11:59:59Z', false],
    ['12:00', '13:00', undefined, '2026-01-01T12:00:00Z', true],
    ['12:00', '13:00', undefined, '2026-01-01T13:00:00Z', false],
    ['22:00', '06:00', undefined, '2026-01-01T00:00:00Z', true],
    ['22:00', '06:00', undefined, '2026-01-01T06:00:00Z', false],
    ['00:00', '00:00', undefined, '2026-01-01T17:00:00Z', true],
    ['22:00', '06:00', 'Europe/Copenhagen', '2026-01-01T21:00:00Z', true],
    ['22:00', '06:00', 'Europe/Copenhagen', '2026-01-01T20:59:00Z', false],
    ['22:00', '06:00', 'Europe/Copenhagen', '2026-07-01T20:00:00Z', true],
    // The clock goes from 01:59 to 03:00: an hour that there is not is no shelter, and none is added.
    ['02:30', '03:30', 'Europe/Copenhagen', '2026-03-29T00:59:00Z', false],
    ['02:30', '03:30', 'Europe/Copenhagen', '2026-03-29T01:00:00Z', true],
    ['02:30', '03:30', 'Europe/Copenhagen', '2026-03-29T01:30:00Z', false],
    // It goes from 02:59 back to 02:00: what is quiet then is so twice.
    ['02:30', '02:45', 'Europe/Copenhagen', '2026-10-25T00:30:00Z', true],
    ['02:30', '02:45', 'Europe/Copenhagen', '2026-10-25T01:00:00Z', false],
    ['02:30', '02:45', 'Europe/Copenhagen', '2026-10-25T01:30:00Z', true],
  ];
  for (const [from, until, zone, at, isQuiet] of rows) {
    const hours = { from, until, ...(zone !== undefined && { zone }) };
    t.equal(isQuietAt(hours, Date.parse(at)), isQuiet, `${from}-${until} ${zone ?? 'UTC'} ${at}`);
  }
  t.end();
});
