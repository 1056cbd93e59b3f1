import t from 'tap';
import { redisCallStore } from '../../../src/adapters/redis/call-store.js';
import { makeKnownPhones } from '../../../src/adapters/redis/known-phones.js';
import type { Dialog, DialogChange } from '../../../src/domain/dialog.js';
import type { Extension } from '../../../src/domain/names.js';
import type { CallRecord, CallStore } from '../../../src/flows/ports.js';
import { acme, alice, bob, carol } from '../../domain/acme.js';
import { byCarol, callOf, connectAgain, dialogOf, emptyStore } from '../call-store/office.js';
import { type Follower, follow, instance } from './stage.js';

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
const chance = (seed: number) => {
  let state = seed;
  return (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

/** What is open at each extension, if all has gone well. */
type Truth = Map<Extension, Map<string, Dialog>>;

/** A call that goes forward a step at a time, as its owner has it: Alice's to Bob, whose two phones ring. */
const playing = (store: CallStore, call: CallRecord, truth: Truth) => {
  const noted = (...changes: DialogChange[]): DialogChange[] => {
    for (const { extension, dialog } of changes) {
      const open = truth.get(extension) ?? new Map();
      truth.set(extension, open);
      if (dialog.state === 'terminated') open.delete(dialog.id);
      else open.set(dialog.id, dialog);
    }
    return changes;
  };
  const caller = (state: Dialog['state']) => dialogOf(call, `${call.id}-caller`, { extension: alice, state });
  const phone = (name: string, state: Dialog['state']) => dialogOf(call, `${call.id}-${name}`, { state });
  const picker = (state: Dialog['state']) => dialogOf(call, `${call.id}-picker`, { extension: carol, state });
  const pick = async () => {
    const changes = noted(
      phone('desk', 'terminated'),
      phone('mobile', 'terminated'),
      picker('confirmed'),
      caller('confirmed'),
    );
    // The claim is not awaited: whatever becomes of it, the owner has joined the legs.
    await Promise.all([
      store.claim({ tenant: acme.id, picker: carol, extensions: [bob], call: call.id, token: byCarol('t').token }),
      store.confirm(call, byCarol('t'), changes),
    ]);
  };
  const steps = [
    () => store.begin(call, noted(caller('trying'))),
    () => store.ring(call, 1_000, noted(phone('desk', 'early'), caller('early'))),
    () => store.ring(call, 1_001, noted(phone('mobile', 'proceeding'))),
    () => store.ring(call, 1_002, noted(phone('mobile', 'early'))),
    pick,
    () => store.end(call, 'picked_up', noted(picker('terminated'), caller('terminated'))),
  ];
  return { isOver: () => steps.length === 0, step: async () => void (await steps.shift()?.()) };
};

const isRight = (follower: Follower, extension: Extension, truth: Truth): boolean => {
  const sorted = (open: ReadonlyMap<string, Dialog>) => JSON.stringify([...open].sort());
  return follower.told.length > 0 && sorted(follower.open) === sorted(truth.get(extension) ?? new Map());
};

t.test(
  '1,000 interleavings of calls and followers: the last state is right, and nothing comes after the end',
  async (t) => {
    const stores = [await emptyStore(), redisCallStore(await connectAgain(), makeKnownPhones())];
    const instances = [instance(t), instance(t, { client: await connectAgain() })];
    const extensions = [alice, bob, carol];
    const first = Number(process.env.SEED ?? 1);
    let [changes, faults] = [0, 0];

    for (let seed = first; seed < first + 1_000 && faults < 3; seed += 1) {
      const random = chance(seed);
      const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
      const truth: Truth = new Map();
      const calls = [0, 1].map((n) => playing(pick(stores) as CallStore, callOf(`s${seed}-${n}`), truth));
      let followers: { extension: Extension; follower: Follower }[] = [];
      const left: Follower[] = [];
      const asked: Promise<void>[] = [];
      const enter = () => {
        const extension = pick(extensions);
        followers.push({ extension, follower: follow(pick(instances), { extension }) });
      };
      const leave = () => {
        const one = pick(followers);
        one?.follower.leave();
        if (one) left.push(one.follower);
        followers = followers.filter((each) => each !== one);
      };
      const actions = [enter, leave, ...Array.from({ length: 4 }, () => () => void asked.push(pick(calls).step()))];
      const until = async (isSo: () => boolean): Promise<void> => {
        // Long enough for a machine that is busy; what is wrong stays wrong.
        for (const end = Date.now() + 10_000; !isSo() && Date.now() < end; ) await new Promise(setImmediate);
      };
      for (let i = 0; i < 18; i += 1) {
        pick(actions)();
        if (random() < 0.3) await new Promise(setImmediate);
        if (random() < 0.1) await Promise.all(asked);
      }
      enter();
      const allRight = () => followers.every(({ follower: each, extension }) => isRight(each, extension, truth));
      await Promise.all(asked);
      await until(allRight);
      const inBetween = allRight();
      for (const call of calls) while (!call.isOver()) await call.step();
      await until(allRight);
      for (const { follower } of followers) follower.leave();

      const all = [...left, ...followers.map(({ follower }) => follower)];
      changes += all.flatMap(({ told }) => told).length;
      const wrong = [
        ...(inBetween ? [] : ['wrong in between']),
        ...(allRight() ? [] : ['wrong in the end']),
        ...all.flatMap((each) => each.faults),
      ];
      if (wrong.length > 0) {
        faults += 1;
        t.fail(`SEED=${seed}: ${wrong.join('; ')}`, { told: all.map(({ told }) => told) });
      }
    }
    t.comment(`seeds ${first} to ${first + 999}: ${changes} times somebody was told something`);
    t.ok(changes > 5_000, 'and it was not for want of telling');
  },
);
