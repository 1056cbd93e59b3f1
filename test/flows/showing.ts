import t from 'tap';
import { acme, alice, bob, carol, dave } from '../domain/acme.js';
import { claiming, ordering } from './ordering-stage.js';
import { fakeCaller, idsOf, quiet } from './parties.js';
import { historyOf } from './shown.js';
import { stage } from './stage.js';

t.test(
  'what watchers see of a call that is answered: the other phone stops, the caller is in the call too',
  async (t) => {
    const s = stage(t, { phones: ['desk', 'mobile'] });
    await s.calls();
    for (const phone of s.dialled) phone.rings();
    await quiet();
    s.phone(1).answers();
    await quiet();
    const begun = historyOf(s.store.shown);
    t.same(begun, [
      `${alice} call-1-caller: trying, early, confirmed`,
      `${bob} desk: early, terminated cancelled`,
      `${bob} mobile: early, confirmed`,
    ]);
    t.match(s.store.shown.at(-1)?.dialog, { ...idsOf('alice'), remote: { number: bob }, direction: 'initiator' });
    await s.joints[0]?.hangUp();
    await s.nothingLeft('answered');
    const [caller, , mobile] = historyOf(s.store.shown);
    t.match(caller, /terminated local-bye$/, 'Alice has hung up');
    t.match(mobile, /terminated remote-bye$/);
  },
);

t.test('what watchers see of phones that say no, and of a caller who gives up', async (t) => {
  const s = stage(t, { phones: ['busy', 'slow', 'deaf'] });
  const { caller } = await s.calls();
  for (const phone of s.dialled) phone.rings();
  s.phone(0).fails(486);
  s.phone(1).fails(408);
  await quiet();
  caller.cancels();
  await s.nothingLeft('cancelled');
  t.same(historyOf(s.store.shown), [
    `${alice} call-1-caller: trying, early, terminated cancelled`,
    `${bob} busy: early, terminated rejected 486`,
    `${bob} slow: early, terminated timeout 408`,
    `${bob} deaf: early, terminated cancelled`,
  ]);
});

t.test('what watchers see of a pickup: the phones were replaced, by the first of them if asked', async (t) => {
  const s = stage(t, { phones: ['desk', 'mobile'] });
  await s.calls();
  for (const phone of s.dialled) phone.rings();
  await quiet();
  t.same(await s.picks(), { ok: true });
  t.same(historyOf(s.store.shown), [
    `${alice} call-1-caller: trying, early, confirmed`,
    `${bob} desk: early, terminated replaced`,
    `${bob} mobile: early, terminated replaced`,
    `${carol} call-1-picker: confirmed`,
  ]);
  const picker = s.store.shown.find(({ extension }) => extension === carol)?.dialog;
  t.match(picker, { ...idsOf('carol'), direction: 'initiator', replaces: idsOf('desk'), remote: { number: alice } });
  await s.joints[0]?.hangUp(s.joints[0].legs[1]);
  await s.nothingLeft('picked_up');
  t.match(historyOf(s.store.shown).at(-1), /terminated local-bye$/, 'Carol has hung up');
});

t.test('a picker at another instance is shown by its phone’s own dialog, or not at all', async (t) => {
  for (const pickerIds of [idsOf('carol-far-away'), 'unknown'] as const) {
    const s = stage(t);
    await s.calls();
    s.phone().rings();
    await quiet();
    const next = await s.pickUp({
      tenant: acme,
      picker: carol,
      target: { by: 'number', extension: bob },
      kind: 'directed',
    });
    if (next.kind !== 'take') throw new Error(next.kind);
    const by = { picker: carol, method: 'directed' } as const;
    const { pickerParty } = s.people;
    const picker = fakeCaller('the leg between the instances');
    const taken = s.takeCall({ tenant: acme, call: next.call, claim: next.claim, by, picker, pickerIds, pickerParty });
    t.same(await taken, { ok: true });
    await quiet();
    const shown = s.store.shown.filter(({ extension }) => extension === carol).map(({ dialog }) => dialog);
    t.match(shown, pickerIds === 'unknown' ? [] : [{ ...pickerIds, state: 'confirmed' }]);
    t.equal(shown.length, pickerIds === 'unknown' ? 0 : 1);
    t.match(historyOf(s.store.shown)[1], /terminated replaced$/, 'Bob’s phone was replaced either way');
    await s.joints[0]?.hangUp();
    await s.nothingLeft('picked_up');
  }
});

t.test(
  'what watchers see of a pickup by program: the picker’s phones ring, and one of them has the call',
  async (t) => {
    const s = await ordering(t, { pickers: ['desk', 'mobile'] });
    const shown = { name: 'Hotline', number: '900', domain: 'acme.example', private: false };
    await s.asks({ shown });
    for (const phone of s.pickerPhones()) phone.rings();
    await quiet();
    const early = s.store.shown.filter(({ extension }) => extension === dave).map(({ dialog }) => dialog);
    t.match(early[0], { ...idsOf('desk'), direction: 'recipient', state: 'early', remote: { number: '900' } });
    s.pickerPhone(1).answers();
    await quiet();
    t.same(historyOf(s.store.shown), [
      `${alice} call-1-caller: trying, early, confirmed`,
      `${bob} bob-desk: early, terminated replaced`,
      `${dave} desk: early, terminated cancelled`,
      `${dave} mobile: early, confirmed`,
    ]);
    const confirmed = s.store.shown.filter(({ extension }) => extension === dave).at(-1)?.dialog;
    t.match(confirmed, {
      id: 'mobile',
      direction: 'recipient',
      remote: { number: alice },
      replaces: idsOf('bob-desk'),
    });
    await s.joints[0]?.hangUp();
    await s.nothingLeft('picked_up');
  },
);

t.test('a pickup by program that comes to nothing: the picker’s phones are shown to have stopped', async (t) => {
  const ends: Record<string, (s: Awaited<ReturnType<typeof ordering>>) => unknown> = {
    'rejected 486': (s) => s.pickerPhone().fails(486),
    'timeout 480': (s) => s.pickerPhone().fails(480),
    cancelled: (s) => s.phone().answers(),
  };
  for (const [how, happens] of Object.entries(ends)) {
    const s = await ordering(t);
    await s.asks();
    s.pickerPhone().rings();
    await quiet();
    happens(s);
    await quiet();
    t.same(
      historyOf(s.store.shown).filter((line) => line.startsWith(dave)),
      [`${dave} dave-desk: early, terminated ${how}`],
    );
    if (how === 'cancelled') await s.joints[0]?.hangUp();
    else s.caller.cancels();
    await s.nothingLeft(how === 'cancelled' ? 'answered' : 'cancelled');
  }

  const late = await ordering(t);
  await late.asks({ waitSeconds: 0.02 });
  late.pickerPhone().rings();
  await new Promise((resolve) => setTimeout(resolve, 60));
  await quiet();
  t.same(historyOf(late.store.shown).at(-1), `${dave} dave-desk: early, terminated cancelled`, 'the time is up');
  await late.ringsOn('afterwards');

  const lost = await claiming(t);
  lost.caller.cancels();
  await lost.goesOn();
  await lost.nothingLeft('cancelled');
});
