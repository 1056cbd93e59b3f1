import t from 'tap';
import { patienceFor } from '../../src/domain/push.js';
import type { Binding } from '../../src/flows/ports.js';
import { acme, bob, carol, dave } from '../domain/acme.js';
import { group, office } from './group-stage.js';
import { fakeCaller, quiet } from './parties.js';
import { stage } from './stage.js';

/** A phone that a push wakes, at one of its addresses. */
const sleeping = (id: string, host = 'home'): Binding => ({
  id,
  contact: `sip:${id}@${host}.example;pn-provider=fcm;pn-prid=${id}`,
  path: [],
});

/** Alice calls Bob, whose only phone sleeps. */
const asleep = async (...args: Parameters<typeof stage>) => {
  const s = stage(...args);
  s.store.phones.set(bob, [sleeping('mobile')]);
  return { ...s, ...(await s.calls()) };
};

/** What watchers of Bob were shown, in order. */
const shownOf = ({ store }: Pick<ReturnType<typeof stage>, 'store'>): string[] =>
  store.shown.filter(({ extension }) => extension === bob).map(({ dialog }) => `${dialog.id} ${dialog.state}`);

t.test('a phone that is being woken: the call can be picked up before it rings', async (t) => {
  const s = await asleep(t);
  const { caller } = s;
  t.same(caller.heard, [], 'nobody is told that it rings');
  t.match(s.counted, { ringing: 0, early: 0 });
  t.same(await s.picks(), { ok: true });
  t.same(caller.heard, ['200 crossed offer of carol']);
  t.same(s.phone().stops, [{ kind: 'elsewhere' }], 'and is told that it need not wake up');
  await s.joints[0]?.hangUp();
  await s.nothingLeft('picked_up');
});

t.test('a phone that was woken rings and answers like any other', async (t) => {
  const s = await asleep(t);
  const { caller } = s;
  const [kept] = s.store.calls.values();
  const since = kept?.since ?? 0;
  t.ok(since > 0);
  s.phone().rings();
  await quiet();
  t.match(s.counted, { ringing: 1, early: 1 });
  t.equal(kept?.since, since, 'it has waited since it was sent');
  s.phone().answers();
  await quiet();
  t.same(caller.heard, ['180', '200 answer of bob-desk']);
  await s.joints[0]?.hangUp();
  await s.nothingLeft('answered');
});

t.test('W3: a phone that wakes up elsewhere rings there, and no more where it was', async (t) => {
  const s = await asleep(t);
  s.wakesUp(bob, { id: 'desk', contact: 'sip:desk@home.example', path: [] }, sleeping('mobile', 'street'));
  t.same(s.phone(0).stops, [{ kind: 'elsewhere' }], 'no missed call, should it have come through');
  t.equal(s.phone(1).request.uri, sleeping('mobile', 'street').contact);
  t.equal(s.dialled.length, 2, 'another phone of the extension is none of its business');
  s.phone(1).rings();
  s.wakesUp(bob, sleeping('mobile', 'train'));
  t.equal(s.dialled.length, 2, 'a phone that rings is left alone');
  await quiet();
  t.same(shownOf(s), ['bob-desk early', 'bob-desk terminated', 'phone-1 early', 'phone-1 early']);
  s.phone(1).answers();
  await quiet();
  t.same(s.caller.heard, ['180', '200 answer of phone-1']);
  t.same(s.phone(1).stops, []);
  await s.joints[0]?.hangUp();
  await s.nothingLeft('answered');
});

t.test('W3: a phone that is out of reach is waited for, and rings where it was if it is there again', async (t) => {
  const s = await asleep(t);
  s.phone(0).fails(430);
  await quiet();
  t.same(s.caller.heard, [], 'nobody is told no');
  s.wakesUp(bob, sleeping('mobile'));
  s.wakesUp(bob, sleeping('mobile'));
  t.equal(s.dialled.length, 2, 'called once: it is where it is being called');
  s.phone(1).fails(486);
  await quiet();
  t.match(s.caller.heard, [/^486/], 'what it says when it is awake counts');
  await s.nothingLeft('busy');
});

t.test('while nobody is there the call can be had, and given up', async (t) => {
  for (const ends of ['picked up', 'given up', 'unregistered'] as const) {
    const s = await asleep(t);
    s.phone(0).fails(480);
    await quiet();
    if (ends === 'picked up') t.same(await s.picks(), { ok: true });
    if (ends === 'unregistered') s.wakesUp(bob);
    if (ends !== 'picked up') s.caller.cancels();
    await s.joints[0]?.hangUp();
    s.wakesUp(bob, sleeping('mobile', 'street'));
    t.equal(s.dialled.length, 1, `${ends}: it is too late to wake up`);
    await s.nothingLeft(ends === 'picked up' ? 'picked_up' : 'cancelled');
  }
});

t.test('W3: a phone that nothing wakes is no answer, and one that is awake is not waited for', async (t) => {
  const brief = { ...acme, ringSeconds: 0.08 };
  t.equal(patienceFor(brief), 40, 'half of the time that a call rings');
  const s = await asleep(t, { tenant: brief });
  s.phone(0).fails(408);
  await s.over;
  t.same(s.caller.heard, ['480']);
  s.store.phones.set(bob, [{ ...sleeping('desk'), contact: 'sip:desk@phones.example' }]);
  const second = await s.calls(fakeCaller('eve'));
  const ask = { tenant: acme, picker: carol, target: { by: 'number', extension: bob }, kind: 'directed' } as const;
  t.match(await s.pickUp(ask), { refusal: 'no-call' });
  s.phone(1).fails(480);
  await quiet();
  t.same(second.caller.heard, ['480']);
  await s.nothingLeft('rejected', 'rejected');
});

t.test('a member of a group whose phone sleeps: shown, and called where it wakes up', async (t) => {
  const s = office(t, { groups: [group('a', { members: [bob, dave] })] });
  s.store.phones.set(bob, [sleeping('mobile')]);
  const { caller } = await s.callsGroup();
  await s.untilRung(2);
  t.same(shownOf(s), ['phone-0 early'], 'seen before it rings');
  s.wakesUp(bob, sleeping('mobile', 'street'));
  t.same(s.rung(), [bob, dave, bob]);
  s.phone(2).rings();
  s.phone(2).answers();
  await quiet();
  t.same(s.phone(1).stops, [{ kind: 'elsewhere' }]);
  t.match(caller.heard, ['180', /^200/]);
  await s.joints[0]?.hangUp();
  await s.nothingLeft('answered');
});
