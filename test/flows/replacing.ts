import t from 'tap';
import { acrossChange, counterpartIn } from '../../src/domain/changed-phones.js';
import type { Extension, TenantId } from '../../src/domain/names.js';
import { readReplaceWish } from '../../src/domain/replace-wish.js';
import { tenantOf } from '../../src/domain/tenant.js';
import type { Personals } from '../../src/flows/office-store.js';
import type { PinTry } from '../../src/flows/phone-changes.js';
import type { Log } from '../../src/flows/ports.js';
import { makeReplacePhone } from '../../src/flows/replace-phone.js';
import { alice, bob, carol, dave, number } from '../domain/acme.js';

/** Alice, Bob and Carol may change phones among each other; Carol has no PIN. */
const companyOf = (personal: Personals, extensions: readonly Extension[] = [alice, bob, carol, dave]) =>
  tenantOf({
    ...{ id: 'acme' as TenantId, version: 1, installation: {}, personal },
    document: {
      extensions: Object.fromEntries(
        extensions.map((each) => [each, each === carol ? {} : { replacePin: `hash of ${each}` }]),
      ),
      callControl: { groups: { front: [alice, bob, carol] }, phone_replace_groups: ['front'] },
    },
  });

/** A log that keeps its lines with their facts: nothing of a PIN may be among them. */
const keeping = (lines: string[], facts: object = {}): Log => {
  const note = (more: object, event: string) => void lines.push(JSON.stringify({ ...facts, ...more, event }));
  return { info: note, warn: note, error: note, child: (more) => keeping(lines, { ...facts, ...more }) };
};

/** What the flow is given, each in memory; a PIN is right if it stands in its hash. */
const stage = () => {
  const said: string[] = [];
  const tries: PinTry[] = [];
  const forgiven: PinTry[] = [];
  const now = {
    changes: {} as Record<string, { changedWith?: Extension }>,
    isLocked: false,
    counted: [] as string[],
    isAway: false,
    takenIn: 0,
  };
  const asked = () => {
    if (now.isAway) throw new Error('store away');
  };
  const replacePhone = makeReplacePhone({
    changes: {
      change: async (_tenant, one, other) => {
        asked();
        if (counterpartIn(now.changes, one) ?? counterpartIn(now.changes, other)) return false;
        now.changes = { ...now.changes, [one]: { changedWith: other }, [other]: { changedWith: one } };
        return true;
      },
      changeBack: async (_tenant, one) => {
        asked();
        const other = counterpartIn(now.changes, one);
        now.changes = { ...now.changes, [one]: {}, ...(other && { [other]: {} }) };
        return other;
      },
    },
    tries: {
      begin: async (made) => {
        asked();
        if (!now.isLocked) tries.push(made);
        return !now.isLocked;
      },
      forgive: async (made) => void forgiven.push(made),
    },
    isPin: async (pin, hash) => hash === `hash of ${pin.slice(1)}`,
    takeIn: async () => {
      now.takenIn += 1;
      if (now.isAway) throw new Error('store away');
    },
    replaced: (outcome) => void now.counted.push(outcome),
    log: keeping(said),
  });
  const dials = async (picker: Extension, rest: string) => {
    const replaced = await replacePhone({
      tenant: companyOf(now.changes),
      picker,
      wish: readReplaceWish(rest),
      sipCallId: 'c1',
    });
    return replaced.ok ? replaced.became : replaced.refusal;
  };
  return { now, said, tries, forgiven, dials };
};

t.test('what stands behind the code of phone replace', async (t) => {
  t.same(readReplaceWish('101*4711'), { kind: 'change', extension: '101', pin: '4711' });
  t.same(readReplaceWish(''), { kind: 'change-back' });
  for (const rest of [
    '101',
    '101*',
    '*4711',
    '101*471',
    '101*47a1',
    '101*4711*',
    '101**4711',
    '1 1*4711',
    `1*${'1'.repeat(13)}`,
  ]) {
    t.equal(readReplaceWish(rest), undefined, rest);
  }
});

t.test('phones are changed only where both extensions are there and say the same', async (t) => {
  const both = { 100: { changedWith: bob }, 101: { changedWith: alice } };
  t.same(
    [alice, bob, carol].map((each) => acrossChange(companyOf(both), each)),
    [bob, alice, carol],
  );
  t.equal(acrossChange(companyOf({ 100: { changedWith: bob } }), alice), alice, 'one alone says nothing');
  t.equal(acrossChange(companyOf({ ...both, 101: { changedWith: carol } }), alice), alice);
  t.equal(acrossChange(companyOf({ 100: { changedWith: alice } }), alice), alice);
  t.equal(acrossChange(companyOf(both, [alice, carol]), alice), alice, 'Bob has left the company');
  t.equal(acrossChange(companyOf(both), number('999')), '999');
});

t.test('two change phones by the PIN of the other, and either changes them back', async (t) => {
  const s = stage();
  t.equal(await s.dials(alice, '101*4101'), 'changed');
  t.same(s.now.changes, { 100: { changedWith: bob }, 101: { changedWith: alice } });
  t.same(
    [s.tries, s.forgiven].map((each) => each.length),
    [1, 1],
    'a right PIN is no try',
  );
  t.equal(await s.dials(alice, '102*4102'), 'changed-already');
  t.equal(await s.dials(bob, '100*4100'), 'changed-already');
  t.equal(s.tries.length, 1, 'who has changed phones tries no PIN');
  t.equal(await s.dials(bob, ''), 'changed-back');
  t.equal(await s.dials(alice, ''), 'not-changed');
  t.same([companyOf(s.now.changes).extensions.get(alice)?.changedWith, s.now.takenIn], [undefined, 2]);
  t.same(s.now.counted, ['changed', 'changed-already', 'changed-already', 'changed-back', 'not-changed']);
});

t.test('of two who want the phone of the same extension the second hears so', async (t) => {
  const s = stage();
  const both = [s.dials(alice, '101*4101'), s.dials(carol, '101*4101')];
  t.same((await Promise.all(both)).sort(), ['changed', 'changed-already']);
});

t.test('who may not, and what is wrong', async (t) => {
  const s = stage();
  t.equal(await s.dials(dave, '101*4101'), 'not-allowed');
  t.equal(await s.dials(alice, '103*4103'), 'not-allowed');
  t.equal(await s.dials(alice, '100*4100'), 'not-allowed', 'with oneself');
  t.equal(await s.dials(alice, '999*4999'), 'unknown-extension');
  t.equal(await s.dials(alice, '101'), 'number-too-short');
  t.same(s.tries, [], 'no PIN was looked at');
  t.equal(await s.dials(alice, '101*4102'), 'wrong-pin');
  t.equal(await s.dials(alice, '102*4102'), 'wrong-pin', 'whoever has no PIN changes with nobody');
  t.match(s.tries, [
    { picker: alice, target: bob },
    { picker: alice, target: carol },
  ]);
  t.same(s.forgiven, []);
  s.now.isLocked = true;
  t.equal(await s.dials(alice, '101*4101'), 'locked', 'the right PIN too');
  s.now.isAway = true;
  t.equal(await s.dials(alice, '101*4101'), 'store-unreachable');
  t.equal(await s.dials(alice, ''), 'store-unreachable');
  t.same(s.now.changes, {});
  t.equal(s.said.length, 12, 'each is told, and twice that the store was away');
  t.match(s.said[0], /"tenant":"acme","extension":"103","sipCallId":"c1","other":"101","refusal":"not-allowed"/);
  t.notMatch(s.said.join(), /41\d\d|4999/, 'no PIN is written down');
});
