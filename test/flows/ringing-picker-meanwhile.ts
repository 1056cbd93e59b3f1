import t from 'tap';
import { claiming, ordering } from './ordering-stage.js';
import { gate, quiet } from './parties.js';

const elsewhere = { kind: 'elsewhere' } as const;
const otherParty = { kind: 'other-party' } as const;

t.test('the caller hangs up before the picker’s phone has rung', async (t) => {
  const s = await ordering(t);
  s.now.slow = gate();
  const { told } = await s.asks();
  s.caller.cancels();
  await quiet();
  s.now.slow.open();
  await quiet();
  t.equal(s.pickerPhones().length, 0, 'it never rings');
  t.same(told(), ['failed caller-gone']);
  t.same((await s.asks()).told(), ['failed caller-gone'], 'nor for an order that comes now');
  await s.nothingLeft('cancelled');
});

t.test('Bob answers before the picker’s phone has rung', async (t) => {
  const s = await ordering(t);
  s.now.slow = gate();
  const { told } = await s.asks();
  s.phone().answers();
  await quiet();
  s.now.slow.open();
  await quiet();
  t.equal(s.pickerPhones().length, 0);
  t.same(told(), ['failed lost-race'], 'somebody has it: the caller is not gone');
  await s.joints[0]?.hangUp();
  await s.nothingLeft('answered');
});

t.test('the caller hangs up while the picker’s phones ring', async (t) => {
  const s = await ordering(t, { pickers: ['desk', 'mobile'] });
  const { told } = await s.asks();
  s.pickerPhone().rings();
  s.caller.cancels('Q.850;cause=16');
  await quiet();
  for (const each of s.pickerPhones()) t.same(each.stops, [otherParty], 'a missed call');
  t.same(told(), ['ringing', 'failed caller-gone']);
  await s.nothingLeft('cancelled');
});

t.test('the caller hangs up, and the picker’s phone answers in the same instant', async (t) => {
  for (const first of ['caller', 'phone']) {
    const s = await ordering(t);
    const { told } = await s.asks();
    if (first === 'phone') s.pickerPhone().answers();
    s.caller.cancels();
    if (first === 'caller') s.pickerPhone().answers();
    await quiet();
    t.same(s.pickerPhone().legs[0]?.endings, [otherParty], `${first} first: nobody else has the call`);
    t.same(told(), ['ringing', 'failed caller-gone']);
    await s.nothingLeft('cancelled');
  }
});

t.test('the caller hangs up while the picker claims', async (t) => {
  const s = await claiming(t, { pickers: ['desk', 'mobile'] });
  s.caller.cancels();
  await quiet();
  t.same(s.told(), ['ringing'], 'nothing is said before it is known');
  await s.goesOn();
  t.same(s.told(), ['ringing', 'failed caller-gone']);
  t.same(s.pickerPhone(0).legs[0]?.endings, [otherParty]);
  t.same(s.pickerPhone(1).stops, [otherParty]);
  await s.nothingLeft('cancelled');
});

t.test('the caller hangs up when the store has given the call to the picker', async (t) => {
  const s = await ordering(t);
  const { told } = await s.asks();
  const claim = s.store.claim;
  s.store.claim = async (ask) => {
    const result = await claim(ask);
    s.caller.cancels();
    return result;
  };
  s.pickerPhone().answers();
  await quiet();
  t.same(told(), ['ringing', 'failed caller-gone']);
  t.same(s.pickerPhone().legs[0]?.endings, [otherParty]);
  t.same(s.phone().stops, [otherParty], 'Bob has a missed call');
  await s.nothingLeft('cancelled');
});

t.test('the caller hangs up after the claim, while it is being answered', async (t) => {
  const s = await ordering(t);
  s.caller.waitsFor = gate();
  const { told } = await s.asks();
  s.pickerPhone().answers();
  await quiet();
  t.same(s.phone().stops, [elsewhere]);
  s.caller.cancels();
  s.caller.waitsFor.open();
  await quiet();
  t.same(told(), ['ringing', 'failed caller-gone']);
  t.same(s.pickerPhone().legs[0]?.endings, [otherParty], 'the picker is not left alone');
  t.equal(s.joints.length, 0);
  await s.nothingLeft('cancelled');
});

t.test('Bob’s phones all fail while the picker claims: the call waits for the claim', async (t) => {
  const s = await ordering(t);
  s.caller.waitsFor = gate();
  const { told } = await s.asks();
  s.pickerPhone().answers();
  await quiet();
  s.phone().fails(486);
  s.caller.waitsFor.open();
  await quiet();
  t.same(told(), ['ringing', 'answered']);
  await s.joints[0]?.hangUp();
  await s.nothingLeft('picked_up');
});

t.test('the time is up while the picker claims: it has answered in time', async (t) => {
  for (const wins of [true, false]) {
    const s = await ordering(t, { pickers: ['desk', 'mobile'] });
    const shut = gate();
    s.store.slow.claim = shut;
    const { told } = await s.asks({ waitSeconds: 0.02 });
    s.pickerPhone().answers();
    await new Promise((resolve) => setTimeout(resolve, 60));
    await quiet();
    t.same(told(), ['ringing'], 'the timer has fired, and nothing came of it');
    t.same(s.pickerPhone(1).stops, []);
    if (!wins) for (const kept of s.store.calls.values()) kept.state = 'claimed';
    shut.open();
    await quiet();
    t.same(told(), ['ringing', wins ? 'answered' : 'failed lost-race']);
    t.equal(s.pickerPhone(1).stops.length, 1, 'no phone of the picker rings on');
    if (wins) await s.joints[0]?.hangUp();
    else s.caller.cancels();
    await s.nothingLeft(wins ? 'picked_up' : 'cancelled');
  }
});

t.test('a phone that answers after the time was up is hung up, and not as if a colleague had the call', async (t) => {
  const s = await ordering(t);
  const { told } = await s.asks({ waitSeconds: 0.02 });
  // Its 200 crosses our CANCEL.
  s.pickerPhone().stop = (reason) => void s.pickerPhone().stops.push(reason);
  while (told().length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  s.pickerPhone().answers();
  await quiet();
  t.same(s.pickerPhone().legs[0]?.endings, [otherParty]);
  t.same(told(), ['ringing', 'failed no-answer'], 'said once');
  await s.ringsOn('too late');
});

t.test('the other phone of the picker is busy while the first claims', async (t) => {
  const s = await claiming(t, { pickers: ['desk', 'mobile'] });
  s.pickerPhone(1).fails(486);
  await quiet();
  t.same(s.told(), ['ringing']);
  await s.goesOn();
  t.same(s.told(), ['ringing', 'answered']);
  await s.joints[0]?.hangUp();
  await s.nothingLeft('picked_up');
});
