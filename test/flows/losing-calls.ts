import t from 'tap';
import type { CallId, Extension, InstanceId, TenantId } from '../../src/domain/names.js';
import type { KnownCall } from '../../src/flows/call-directory.js';
import { makeFindLostCalls } from '../../src/flows/witnesses/find-lost-calls.js';
import { acme, alice, bob, carol } from '../domain/acme.js';

const [here, there] = ['here', 'there'] as InstanceId[] as [InstanceId, InstanceId];

const callOf = (id: string, owner: InstanceId, changes: Partial<KnownCall> = {}): KnownCall => ({
  ...{
    id: id as CallId,
    tenant: 'acme' as TenantId,
    owner,
    state: 'connected',
    target: bob,
    caller: alice as Extension,
  },
  ...{ callerName: 'Alice Adams', callerNumber: alice, isAnonymous: false, isPrivate: false },
  startedAt: Date.UTC(2026, 0, 1),
  ...changes,
});

/** One instance that looks for calls in a store, in which instances come and go. */
const looking = () => {
  const world = {
    calls: [] as KnownCall[],
    gone: [] as InstanceId[],
    there: new Set<InstanceId>(),
    lapsed: new Set<string>(),
    live: new Set<string>(),
    told: new Set<string>(),
    away: false,
    listed: 0,
  };
  const [lines, heard]: [object[], string[]] = [[], []];
  const find = makeFindLostCalls({
    instances: {
      gone: async () => {
        if (world.away) throw new Error('store away');
        return world.gone;
      },
      isThere: async (instance) => world.there.has(instance),
      forget: async (instance) => {
        world.gone = world.gone.filter((each) => each !== instance);
      },
    },
    directory: {
      list: async () => {
        world.listed += 1;
        return world.calls.filter(({ id }) => !world.lapsed.has(id));
      },
    },
    lost: {
      end: async ({ id }) => {
        if (!world.lapsed.has(id)) return 'held';
        if (world.told.has(id)) return 'told';
        world.told.add(id);
        return 'lost';
      },
    },
    companies: () => [acme.id],
    self: here,
    began: Date.UTC(2026, 0, 2),
    holds: (id) => world.live.has(id),
    tell: ({ id }) => void heard.push(id),
    log: {
      info: (facts, event) => void lines.push({ ...facts, event }),
      warn: (_facts, event) => void lines.push({ event }),
    },
  });
  return { world, find, lines, heard };
};

t.test('calls of an instance that was killed are told of when their lease has run out, once', async (t) => {
  const { world, find, lines, heard } = looking();
  await find();
  world.calls = [callOf('a', there, { picker: carol, answeredAt: 1 }), callOf('b', here), callOf('c', there)];
  world.live.add('b');
  world.gone = [there];
  await find();
  t.same(lines, [], 'it may come back as long as the lease runs');
  t.same(world.gone, [], 'and is not asked for again');
  for (const id of ['a', 'c']) world.lapsed.add(id);
  world.told.add('c');
  await find();
  t.same(lines, [
    {
      ...{ callId: 'a', tenant: 'acme', target: bob, result: 'lost', owner: there, event: 'call record' },
      ...{ caller: alice, callerName: 'Alice Adams', callerNumber: alice, isAnonymous: false, isPrivate: false },
      ...{ picker: carol, answeredBy: carol, began: '2026-01-01T00:00:00.000Z' },
    },
  ]);
  t.same(heard, ['a'], 'another instance told of c');
  await find();
  t.equal(lines.length, 1);
  t.equal(world.listed, 2, 'calls are read only where an instance is gone, and at first');
});

t.test('an instance that comes back tells of its calls itself', async (t) => {
  const { world, find, lines } = looking();
  world.calls = [callOf('a', there)];
  world.gone = [there];
  await find();
  world.there.add(there);
  world.lapsed.add('a');
  await find();
  t.same(lines, []);
});

t.test('an instance that starts anew tells of its own earlier calls; anonymous callers stay so', async (t) => {
  const { world, find, lines } = looking();
  world.calls = [callOf('a', here, { isAnonymous: true, callerName: '', callerNumber: '', group: '800' as Extension })];
  world.away = true;
  await find();
  t.same(lines, [{ event: 'lost calls not looked for' }]);
  world.away = false;
  await find();
  world.lapsed.add('a');
  await find();
  t.match(lines[1], {
    callId: 'a',
    result: 'lost',
    target: '800',
    caller: '',
    isAnonymous: true,
    answeredBy: undefined,
  });
});
