import t from 'tap';
import { claiming, ordering } from './ordering-stage.js';
import { fakeCaller, gate, quiet } from './parties.js';

const elsewhere = { kind: 'elsewhere' } as const;

t.test('Bob answers first', async (t) => {
  const s = await ordering(t, { pickers: ['desk', 'mobile'] });
  const { told } = await s.asks();
  for (const each of s.pickerPhones()) each.rings();
  s.phone().answers();
  await quiet();
  t.same(s.caller.heard, ['180', '200 answer of bob-desk']);
  for (const each of s.pickerPhones()) t.same(each.stops, [elsewhere], 'the picker shows no missed call');
  t.same(told(), ['ringing', 'failed lost-race']);
  t.same(s.counted.pickups, ['api lost_race']);
  await s.joints[0]?.hangUp();
  await s.nothingLeft('answered');
});

t.test('Bob answers while the picker claims, and is quicker', async (t) => {
  const s = await claiming(t);
  s.phone().answers();
  await quiet();
  t.same(s.caller.heard, ['180', '200 answer of bob-desk']);
  await s.goesOn();
  t.same(s.told(), ['ringing', 'failed lost-race'], 'the caller is not gone: Bob has it');
  t.same(s.pickerPhone().legs[0]?.endings, [elsewhere]);
  await s.joints[0]?.hangUp();
  await s.nothingLeft('answered');
});

t.test('Bob answers while the picker claims, and is too late', async (t) => {
  const s = await ordering(t);
  const { told } = await s.asks();
  s.store.slow.answer = gate();
  s.phone().answers();
  await quiet();
  s.pickerPhone().answers();
  await quiet();
  t.same(s.caller.heard, ['180', '200 answer of dave-desk']);
  s.store.slow.answer.open();
  await quiet();
  t.same(s.phone().legs[0]?.endings, [elsewhere]);
  t.same(told(), ['ringing', 'answered']);
  await s.joints[0]?.hangUp();
  await s.nothingLeft('picked_up');
});

t.test('Bob answers in the same instant as the picker: one of them has the call', async (t) => {
  for (const first of ['bob', 'dave']) {
    const s = await ordering(t);
    const { told } = await s.asks();
    const both = [() => s.phone().answers(), () => s.pickerPhone().answers()];
    for (const answer of first === 'bob' ? both : both.reverse()) answer();
    await quiet();
    t.equal(s.joints.length, 1, `${first} first`);
    t.same(s.caller.heard, ['180', `200 answer of ${first}-desk`]);
    const loser = first === 'bob' ? s.pickerPhone() : s.phone();
    t.same(loser.legs[0]?.endings, [elsewhere]);
    t.equal(told().at(-1), first === 'bob' ? 'failed lost-race' : 'answered');
    await s.joints[0]?.hangUp();
    await s.nothingLeft(first === 'bob' ? 'answered' : 'picked_up');
  }
});

t.test('Carol has dialled the code and holds the call when Dave’s phone answers', async (t) => {
  for (const carolWins of [true, false]) {
    const s = await ordering(t);
    const { told } = await s.asks();
    const carol = Object.assign(fakeCaller('carol'), { waitsFor: gate() });
    const picking = s.picks(carol);
    await quiet();
    s.pickerPhone().answers();
    await quiet();
    t.same(told(), ['ringing', 'failed lost-race']);
    t.same(s.pickerPhone().legs[0]?.endings, [elsewhere]);
    if (!carolWins) carol.failsWith = 'picker-gone';
    carol.waitsFor.open();
    t.equal((await picking).ok, carolWins);
    if (!carolWins) {
      await s.ringsOn('Carol gave up too');
      continue;
    }
    await s.joints[0]?.hangUp();
    await s.nothingLeft('picked_up');
  }
});

t.test('Carol dials the code while Dave’s phone rings', async (t) => {
  const s = await ordering(t);
  const { told } = await s.asks();
  t.same(await s.picks(), { ok: true });
  t.same(s.pickerPhone().stops, [elsewhere]);
  t.same(told(), ['ringing', 'failed lost-race']);
  await s.joints[0]?.hangUp();
  await s.nothingLeft('picked_up');
});

t.test('Carol dials the code while Dave claims: one of them has the call', async (t) => {
  const s = await claiming(t);
  const carol = fakeCaller('carol');
  const picking = s.picks(carol);
  await quiet();
  await s.goesOn();
  t.same(await picking, { ok: false, refusal: 'lost-race' });
  t.same(s.told(), ['ringing', 'answered']);
  await s.joints[0]?.hangUp();
  await s.nothingLeft('picked_up');
});

t.test('the store lost Carol’s claim and gives the call to Dave too: this instance still has one winner', async (t) => {
  const s = await ordering(t);
  const { told } = await s.asks();
  const carol = Object.assign(fakeCaller('carol'), { waitsFor: gate() });
  const picking = s.picks(carol);
  await quiet();
  for (const kept of s.store.calls.values()) kept.state = 'ringing';
  s.pickerPhone().answers();
  await quiet();
  t.same(told(), ['ringing', 'failed lost-race']);
  t.same(s.pickerPhone().legs[0]?.endings, [elsewhere]);
  t.equal(s.store.told.at(-1), 'release', 'and the store does not keep what came to nothing');
  carol.waitsFor.open();
  t.same(await picking, { ok: true });
  await s.joints[0]?.hangUp();
  await s.nothingLeft('picked_up');
});

t.test('an order is for one call: no other is taken in its place', async (t) => {
  const s = await ordering(t);
  await s.calls(fakeCaller('eve'));
  const bobAgain = s.dialled.length - 1;
  s.phone(bobAgain).rings(2_000);
  await quiet();
  const younger = [...s.store.calls.keys()].at(-1);
  if (!younger) throw new Error('there is one call only');
  const { told } = await s.asks({ call: younger });
  const dave = s.dialled.at(-1);
  t.same(dave?.request.call, younger);
  dave?.answers();
  await quiet();
  t.same([told(), s.state()], [['ringing', 'answered'], 'ringing'], 'the one that rings longer rings on');
  t.same([s.phone().stops, s.phone(bobAgain).stops], [[], [elsewhere]]);
  s.caller.cancels();
  await s.joints[0]?.hangUp();
  await s.nothingLeft('cancelled', 'picked_up');
});

t.test('the other phones of the picker stop at once, before the caller has been answered', async (t) => {
  const s = await ordering(t, { pickers: ['desk', 'mobile'] });
  s.caller.waitsFor = gate();
  const { told } = await s.asks();
  s.pickerPhone(0).answers();
  await quiet();
  t.same([s.pickerPhone(1).stops, s.phone().stops], [[elsewhere], [elsewhere]]);
  t.same(told(), ['ringing'], 'while nobody talks yet');
  s.caller.waitsFor.open();
  await quiet();
  t.same(told(), ['ringing', 'answered']);
  await s.joints[0]?.hangUp();
  await s.nothingLeft('picked_up');
});
