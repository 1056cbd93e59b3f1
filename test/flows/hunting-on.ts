import t from 'tap';
import type { GroupId } from '../../src/domain/group.js';
import type { Extension } from '../../src/domain/names.js';
import type { PickupTarget } from '../../src/domain/policy.js';
import { alice, bob, carol, dave, tenant } from '../domain/acme.js';
import { eve, frank, group, moment, office, type Scene } from './group-stage.js';
import { fakeCaller, quiet } from './parties.js';

const idOf = (extension: Extension) => extension.padStart(24, '0');
const [first, second] = ['a', 'b'].map((digit) => digit.repeat(24)) as [GroupId, GroupId];
const controlled = { controllers: [carol], rights: new Set(['pickup'] as const) };
/** Nobody may pick up but by a group's right. */
const callControl = {
  ...{ allowAll: false, pickupAll: false, groups: new Map(), pickupShareGroups: [], phoneReplaceGroups: [] },
  ...{ eavesdrop: new Map(), whisper: new Map(), barge: new Map() },
};

t.test(
  'its controllers have it wherever it goes on to: on the group, without a number, by whose phone it is',
  async (t) => {
    const other = group('b', { number: '801' as Extension, members: [frank] });
    const places: [where: string, scene: Scene, at: string][] = [
      ['an extension', { groups: [group('a', { ...controlled, members: [alice], timeoutGoto: idOf(frank) })] }, frank],
      ['redirected', { groups: [group('a', { ...controlled, members: [], redirect: frank })] }, frank],
      ['outside', { groups: [group('a', { ...controlled, redirect: '4711' })], trunk: 'sip:trunk.example' }, '4711'],
      ['another group', { groups: [group('a', { ...controlled, members: [], redirect: '801' }), other] }, frank],
    ];
    for (const [where, scene, at] of places) {
      const targets: PickupTarget[] = [{ by: 'group', group: first }, { by: 'group' }];
      if (at === frank) targets.push({ by: 'number', extension: frank });
      for (const target of targets) {
        const s = office(t, { ...scene, callControl });
        const { caller } = await s.callsGroup();
        t.same(s.rung(), [at]);
        s.phone(0).rings();
        await quiet();
        t.same(await s.picks(undefined, target), { ok: true }, `${where}: ${JSON.stringify(target)}`);
        t.same(caller.heard, ['180', '200 crossed offer of carol']);
        t.same(s.phone(0).stops, [{ kind: 'elsewhere' }]);
        await s.joints[0]?.hangUp();
        await s.nothingLeft('picked_up');
      }
    }
  },
);

t.test(
  'nobody else has it; nor is another call of that phone theirs; nor has who rings there to like it',
  async (t) => {
    const picking = async (scene: Scene, callsGroup: boolean) => {
      const s = office(t, { callControl, ...scene });
      const { caller, over } = await (callsGroup ? s.callsGroup() : s.calls(fakeCaller('alice'), { target: frank }));
      s.phone(0).rings();
      await quiet();
      const outcomes: string[] = [];
      for (const target of [
        { by: 'group', group: first },
        { by: 'number', extension: frank },
      ] as const) {
        const taken = await s.picks(undefined, target);
        outcomes.push(taken.ok ? 'taken' : taken.refusal);
      }
      caller.cancels();
      await over;
      await s.nothingLeft('cancelled');
      return outcomes;
    };
    const onward = { members: [alice], timeoutGoto: idOf(frank) };
    const mine = group('a', { ...controlled, ...onward });
    t.same(await picking({ groups: [mine] }, false), ['no-call', 'not-allowed'], 'a call of Frank’s own');
    t.same(await picking({ groups: [group('a', onward)] }, true), ['not-allowed', 'not-allowed'], 'controls nothing');
    t.same(await picking({ groups: [mine], refuses: [frank] }, true), ['no-call', 'opted-out']);
  },
);

t.test('who went away since the call began is left alone when the turn comes', async (t) => {
  const s = office(t, {
    groups: [group('a', { strategy: 'SEQUENTIAL', ringTime: moment, members: [bob, dave, eve] })],
  });
  const { over } = await s.callsGroup();
  const before = s.members.company;
  const now = [...before.extensions.values()].map((entry) =>
    entry.number === dave ? { ...entry, presence: 'away' as const } : entry,
  );
  s.members.company = tenant('acme', { ...before, extensions: new Map(now.map((entry) => [entry.number, entry])) });
  await over;
  t.same(s.rung(), [bob, eve]);
  await s.nothingLeft('timeout');
});

t.test('an extension that it goes on to is left in peace if it wants no calls', async (t) => {
  const s = office(t, {
    groups: [group('a', { members: [bob], ringTime: moment, timeoutGoto: idOf(frank) })],
    presence: { [frank]: 'do-not-disturb' },
  });
  const { caller, over } = await s.callsGroup();
  s.phone(0).rings();
  await over;
  t.same([s.rung(), caller.heard], [[bob], ['180', '480 No Answer']], 'Bob rang in vain');
  await s.nothingLeft('timeout');
});

t.test('members who ring for one call to the group are busy for the next', async (t) => {
  const s = office(t, { groups: [group('a', { members: [bob, dave] }), group('b')] });
  const one = await s.callsGroup();
  for (const each of s.dialled) each.rings();
  await quiet();
  const other = await s.callsGroup(fakeCaller('frank'));
  t.same([other.caller.heard, s.rung()], [['486'], [bob, dave]]);
  one.caller.cancels();
  await one.over;
  await s.nothingLeft('busy', 'cancelled');
});

t.test('an instance that stops ends a hunt, and nobody else is rung', async (t) => {
  const hunt = { strategy: 'SEQUENTIAL', ringTime: 0, members: [bob, dave], timeoutGoto: second } as const;
  const s = office(t, { groups: [group('a', hunt), group('b')] });
  const { caller, over } = await s.callsGroup();
  s.phone(0).rings();
  await s.live.endAll({ kind: 'failure', text: 'Server Shutdown' });
  await over;
  t.same([s.rung(), s.phone(0).stops], [[bob], [{ kind: 'failure', text: 'Server Shutdown' }]]);
  t.match(caller.heard.at(-1), /^503/);
  await s.nothingLeft('error');
});

t.test('without the store a group rings at the phones last seen', async (t) => {
  const s = office(t, { groups: [group('a', { members: [dave] })] });
  s.members.phones = async () => {
    throw new Error('store away');
  };
  s.store.away = true;
  const { caller } = await s.callsGroup();
  t.same(s.rung(), [dave]);
  s.phone(0).rings();
  s.phone(0).answers();
  await quiet();
  t.same(caller.heard, ['180', '200 answer of phone-0']);
  await s.joints[0]?.hangUp();
  await s.nothingLeft('answered');
});
