import t from 'tap';
import type { Dialog } from '../../src/domain/dialog.js';
import type { Group, GroupId, Strategy } from '../../src/domain/group.js';
import type { CallId, Extension } from '../../src/domain/names.js';
import { alice, bob, carol, dave } from '../domain/acme.js';
import { eve, frank, group, moment, office, type Scene, service } from './group-stage.js';
import { fakeCaller, quiet } from './parties.js';

const busy = (extension: Extension): { extension: Extension; dialog: Dialog } => ({
  extension,
  dialog: {
    ...{ id: 'd', call: 'another' as CallId, direction: 'recipient', state: 'confirmed', sipCallId: 'x', since: 1 },
    ...{ remote: { name: '', number: '', domain: '', isAnonymous: true }, isHeld: false, isPrivate: false },
  },
});

t.test('ALL: who can rings at once; who answers has the call, and it is its call from then on', async (t) => {
  const s = office(t, {
    groups: [group('a', { members: [alice, bob, carol, dave, eve, frank] })],
    presence: { [dave]: 'away', [eve]: 'do-not-disturb' },
  });
  s.members.dialogs.push(busy(frank));
  const { caller } = await s.callsGroup();
  t.same(s.rung(), [bob, carol], 'not the caller, who is away, not to be disturbed, or in a call');
  for (const each of s.dialled) each.rings();
  await quiet();
  t.match([...s.store.calls.values()], [{ record: { target: service, group: service }, at: [bob, carol] }]);
  s.phone(1).answers();
  await quiet();
  t.same(caller.heard, ['180', '200 answer of phone-1']);
  t.match(caller.toldAbout, [{ name: 'Carol Clark', number: carol }]);
  t.same(s.phone(0).stops, [{ kind: 'elsewhere' }]);
  t.match([...s.store.calls.values()], [{ state: 'connected', record: { target: carol, group: service }, at: [] }]);
  const [shown] = s.live.records();
  t.same(
    shown?.dialogs.map(({ extension, dialog }) => [extension, dialog.state]),
    [
      [alice, 'confirmed'],
      [carol, 'confirmed'],
    ].sort(),
  );
  await s.joints[0]?.hangUp();
  await s.nothingLeft('answered');
});

t.test('SEQUENTIAL: one after the other, who says no sooner; at the end nobody answered', async (t) => {
  const s = office(t, {
    groups: [group('a', { strategy: 'SEQUENTIAL', ringTime: moment, members: [bob, carol, dave, eve] })],
    presence: { [carol]: 'away' },
  });
  const { caller, over } = await s.callsGroup();
  t.same(s.rung(), [bob]);
  s.phone(0).rings();
  await s.untilRung(2);
  t.same(s.phone(0).stops, [{ kind: 'other-party' }], 'a missed call');
  t.same(s.rung(), [bob, dave]);
  s.phone(1).fails(486);
  await quiet();
  t.same(s.rung(), [bob, dave, eve], 'at once');
  await over;
  t.same(caller.heard, ['180', '480 No Answer']);
  await s.nothingLeft('timeout');
});

t.test('RANDOM: as chance has it', async (t) => {
  const s = office(t, { groups: [group('a', { strategy: 'RANDOM', ringTime: moment })] });
  const draws = [0.99, 0.99];
  s.members.chance = () => draws.shift() ?? 0;
  const { over } = await s.callsGroup();
  await over;
  t.same(s.rung(), [eve, dave, bob]);
  await s.nothingLeft('timeout');
});

t.test('what the caller hears when nobody can, or wants to', async (t) => {
  const one = { members: [bob, dave] };
  const rows: [what: string, scene: Scene, says: number[], heard: string, result: 'busy' | 'rejected'][] = [
    ['nobody is registered', { groups: [group('a', one)], registered: [] }, [], '480', 'rejected'],
    ['all are away', { groups: [group('a', one)], presence: { [bob]: 'away', [dave]: 'away' } }, [], '480', 'rejected'],
    ['nobody is in it', { groups: [group('a', { members: [] })] }, [], '480', 'rejected'],
    ['both are busy', { groups: [group('a', one)] }, [486, 486], '486', 'busy'],
    ['a decline is one member’s own', { groups: [group('a', one)] }, [603, 486], '486', 'busy'],
  ];
  for (const [what, scene, says, heard, result] of rows) {
    for (const strategy of ['ALL', 'SEQUENTIAL'] as Strategy[]) {
      const s = office(t, { ...scene, groups: (scene.groups ?? []).map((each) => ({ ...each, strategy })) });
      const { caller, over } = await s.callsGroup();
      for (const [index, status] of says.entries()) {
        t.same(caller.heard, [], `${what}: the caller waits`);
        await s.untilRung(index + 1);
        s.phone(index).fails(status);
        await quiet();
      }
      await over;
      t.same(caller.heard, [heard], `${strategy}: ${what}`);
      await s.nothingLeft(result);
    }
  }
});

t.test('ringTime 0 rings until the caller gives up', async (t) => {
  const s = office(t, { groups: [group('a', { strategy: 'SEQUENTIAL', ringTime: 0 })] });
  const { caller, over } = await s.callsGroup();
  s.phone(0).rings();
  await new Promise((resolve) => setTimeout(resolve, 50));
  t.same(s.rung(), [bob]);
  caller.cancels('Q.850;cause=16');
  await over;
  t.same(s.phone(0).stops, [{ kind: 'other-party', reason: 'Q.850;cause=16' }]);
  t.same(s.rung(), [bob], 'nobody else is rung for nobody');
  await s.nothingLeft('cancelled');
});

t.test('where it goes on to when nobody answers, and redirects', async (t) => {
  const second = group('b', { members: [eve] });
  const idOf = (extension: Extension) => extension.padStart(24, '0');
  const rows: [what: string, groups: Group[], rung: string[], trunk?: string][] = [
    ['to an extension', [group('a', { members: [bob], ringTime: moment, timeoutGoto: idOf(frank) })], [bob, frank]],
    ['at once, where nobody can', [group('a', { members: [alice], timeoutGoto: idOf(frank) })], [frank]],
    ['to a group', [group('a', { members: [bob], ringTime: moment, timeoutGoto: second.id }), second], [bob, eve]],
    ['redirected', [group('a', { redirect: frank })], [frank]],
    ['redirected outside', [group('a', { redirect: '4711' })], ['4711'], 'sip:trunk.example'],
  ];
  for (const [what, groups, rung, trunk] of rows) {
    const s = office(t, { groups, ...(trunk !== undefined && { trunk }) });
    const { caller } = await s.callsGroup();
    await s.untilRung(rung.length);
    t.same(s.rung(), rung, what);
    if (trunk) t.equal(s.phone(0).request.uri, 'sip:4711@trunk.example');
    s.phone(rung.length - 1).answers();
    await quiet();
    t.match(caller.toldAbout, [{ number: rung.at(-1) }], 'the 200 asserts who answers');
    await s.joints[0]?.hangUp();
    await s.nothingLeft('answered');
  }
});

t.test('a call that leads round in circles ends', async (t) => {
  const [a, b] = [
    group('a', { members: [bob], ringTime: moment, timeoutGoto: 'b'.repeat(24) }),
    group('b', { members: [dave], ringTime: moment, timeoutGoto: 'a'.repeat(24) }),
  ];
  const s = office(t, { groups: [a, b] });
  const { caller, over } = await s.callsGroup();
  await s.untilRung(1);
  s.phone(0).rings();
  await over;
  t.same(s.rung(), [bob, dave]);
  t.same(caller.heard, ['180', '480 No Answer']);
  await s.nothingLeft('timeout');
});

t.test('a pickup by number, or by a controller on the group, stops the hunt at once', async (t) => {
  const controlled = { controllers: [carol], rights: new Set(['pickup'] as const), members: [dave, eve] };
  const targets = [
    { by: 'number', extension: dave },
    { by: 'group', group: 'a'.repeat(24) as GroupId },
  ] as const;
  for (const strategy of ['ALL', 'SEQUENTIAL'] as Strategy[]) {
    for (const target of targets) {
      const s = office(t, {
        groups: [group('a', { ...controlled, strategy, ringTime: moment, timeoutGoto: frank.padStart(24, '0') })],
      });
      const { caller } = await s.callsGroup();
      const rung = strategy === 'ALL' ? [dave, eve] : [dave];
      t.same(s.rung(), rung);
      for (const each of s.dialled) each.rings();
      await quiet();
      t.same(await s.picks(undefined, target), { ok: true }, `${strategy}, by ${target.by}`);
      t.same(caller.heard, ['180', '200 crossed offer of carol']);
      for (const each of s.dialled) t.same(each.stops, [{ kind: 'elsewhere' }], 'no missed call');
      await new Promise((resolve) => setTimeout(resolve, moment * 1500));
      t.same(s.rung(), rung, 'a call that was picked up continues nowhere else');
      await s.joints[0]?.hangUp();
      await s.nothingLeft('picked_up');
    }
  }
});

t.test('it can be picked up where it rings, and not where it rang', async (t) => {
  const s = office(t, { groups: [group('a', { strategy: 'SEQUENTIAL', members: [bob, dave] })] });
  await s.callsGroup();
  s.phone(0).rings();
  s.phone(0).fails(480);
  await s.untilRung(2);
  s.phone(1).rings();
  s.phone(1).answers();
  await quiet();
  t.match(await s.picks(), { ok: false, refusal: 'no-call' }, 'Bob’s phone does not ring any more');
  await s.joints[0]?.hangUp();
  await s.nothingLeft('answered');
});

t.test('while a picker holds the call nobody else is rung; if the pickup fails the hunt goes on', async (t) => {
  const s = office(t, { groups: [group('a', { strategy: 'SEQUENTIAL', ringTime: moment, members: [bob, dave] })] });
  const { caller } = await s.callsGroup();
  s.phone(0).rings();
  await quiet();
  const picker = fakeCaller('carol');
  let fail: () => void = () => undefined;
  picker.waitsFor = {
    passed: new Promise((resolve) => {
      fail = resolve;
    }),
    open: () => fail(),
  };
  picker.failsWith = 'picker-gone';
  const picking = s.picks(picker);
  await new Promise((resolve) => setTimeout(resolve, moment * 2000));
  t.same(s.rung(), [bob], 'the time is up, and nothing moves');
  t.same(s.phone(0).stops, []);
  fail();
  t.match(await picking, { ok: false });
  await s.untilRung(2);
  t.same(s.rung(), [bob, dave]);
  s.phone(1).answers();
  await quiet();
  t.same(caller.heard, ['180', '200 answer of phone-1']);
  await s.joints[0]?.hangUp();
  await s.nothingLeft('answered');
});

t.test('150 group calls at random: at most one talks, and nothing is left', async (t) => {
  for (let seed = 1; seed <= 150; seed += 1) {
    let state = seed;
    const chance = () => {
      state = (state * 48271) % 2147483647;
      return state / 2147483647;
    };
    const one = <T>(list: readonly T[]): T => list[Math.floor(chance() * list.length)] as T;
    const changes = { strategy: one(['ALL', 'SEQUENTIAL', 'RANDOM'] as const), ringTime: one([0, 0.002, 0.005]) };
    const onward = group('b', { ...changes, members: [frank, dave] });
    const s = office(t, { groups: [group('a', { ...changes, timeoutGoto: onward.id }), onward] });
    s.members.chance = chance;
    const { caller, over } = await s.callsGroup();
    const said: string[] = [];
    for (let step = 0; step < 8; step += 1) {
      const phone = one(s.dialled);
      const what = one([
        'rings',
        'rings',
        'answers',
        'declines',
        'is picked up',
        'waits',
        'waits',
        'gives up',
      ] as const);
      said.push(`${phone?.request.callee.number} ${what}`);
      if (what === 'rings' && !phone?.isDone) phone?.rings();
      if (what === 'answers' && chance() < 0.3 && !phone?.isDone) phone?.answers();
      if (what === 'declines') phone?.fails(one([486, 603, 480]));
      if (what === 'is picked up') await s.picks(undefined, { by: 'number', extension: one([bob, dave, eve, frank]) });
      if (what === 'waits') await new Promise((resolve) => setTimeout(resolve, 3));
      if (what === 'gives up' && chance() < 0.2) caller.cancels();
      await quiet();
    }
    caller.cancels();
    for (const joint of s.joints) await joint.hangUp();
    await over;
    await quiet();
    const told = said.join(', ');
    t.ok(s.joints.length <= 1, `${seed}: one talks (${told})`);
    t.same([s.unfinished(), s.live.size, s.store.calls.size], [[], 0, 0], `${seed}: nothing is left (${told})`);
    t.match(s.counted, { ringing: 0, early: 0, connected: 0 }, `${seed}`);
    t.equal(s.counted.results.length, 1, `${seed}: it ended once`);
  }
});
