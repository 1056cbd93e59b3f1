import t from 'tap';
import type { CallId } from '../../src/domain/names.js';
import { acme, alice, bob, carol, dave } from '../domain/acme.js';
import { type FakeCaller, fakeCaller, gate, quiet } from './parties.js';
import { stage } from './stage.js';

const elsewhere = { kind: 'elsewhere' } as const;
const group = { by: 'group' } as const;

/** Alice calls Bob, whose phones ring. */
const ringing = async (t: Parameters<typeof stage>[0], phones = ['bob-desk'], caller = fakeCaller('alice')) => {
  const s = stage(t, { phones });
  await s.calls(caller);
  for (const each of s.dialled) each.rings();
  await quiet();
  return { ...s, caller };
};

t.test('Carol dials the code and has the call; Bob stops ringing', async (t) => {
  for (const target of [{ by: 'number', extension: bob } as const, group]) {
    const s = await ringing(t, ['desk', 'mobile']);
    const picker = fakeCaller('carol');
    t.same(await s.picks(picker, target), { ok: true });
    t.same(picker.heard, ['200 crossed offer of alice'], 'no 180: pickup is answered or not');
    t.same(s.caller.heard, ['180', '200 crossed offer of carol']);
    t.match(picker.toldAbout, [{ number: alice, name: 'Alice Adams' }], 'the picker’s 200 asserts the caller');
    t.match(s.caller.toldAbout, [{ number: carol, name: 'Carol Clark' }], 'the caller’s 200 asserts the picker');
    for (const phone of s.dialled) t.same(phone.stops, [elsewhere], 'every phone of Bob’s hears why');
    t.same(
      s.joints[0]?.legs.map(({ dialogId }) => dialogId),
      ['alice', 'carol'],
    );
    t.same(s.store.told.slice(-2), ['claim', 'confirm'], 'claimed before anybody was answered');
    const method = target.by === 'number' ? 'directed' : 'group';
    t.match([...s.store.calls.values()], [{ by: { picker: carol, method } }], 'the news tell by whom, and how');
    await s.joints[0]?.hangUp();
    await s.nothingLeft('picked_up');
  }
});

t.test('there is nothing to pick up, or it is not to be had', async (t) => {
  const s = stage(t);
  const refusal = async (...args: Parameters<typeof s.pickUp>) => {
    const next = await s.pickUp(...args);
    return next.kind === 'refuse' ? next.refusal : next.kind;
  };
  const ask = { tenant: acme, picker: carol, target: { by: 'number', extension: bob }, kind: 'directed' } as const;
  t.equal(await refusal(ask), 'no-call');
  t.equal(await refusal({ ...ask, target: group }), 'no-call');
  t.equal(await refusal({ ...ask, picker: dave, target: group }), 'no-group');
  t.equal(await refusal({ ...ask, target: { by: 'number', extension: 'x' as typeof bob } }), 'unknown-extension');
  t.equal(s.store.told.filter((each) => each === 'claim').length, 2, 'who may not is not even looked up');
  const { caller } = await s.calls();
  t.equal(await refusal(ask), 'no-call', 'a call that does not ring yet');
  s.phone().rings();
  await quiet();
  t.equal(await refusal({ ...ask, picker: alice }), 'own-call');
  s.store.away = true;
  t.equal(await refusal(ask), 'store-unreachable');
  s.store.away = false;
  caller.cancels();
  await s.nothingLeft('cancelled');
});

t.test('a key names one call: that one is taken, or none', async (t) => {
  const s = await ringing(t);
  const second = await s.calls(fakeCaller('eve'), { callerExtension: dave });
  s.phone(1).rings(2_000);
  await quiet();
  const key = { tenant: acme, picker: carol, target: { by: 'number', extension: bob }, kind: 'replaces' } as const;
  const ask = (call: string) => s.pickUp({ ...key, call: call as CallId });
  t.match(await ask('call-9'), { kind: 'refuse', refusal: 'dialog-ended' });
  const younger = [...s.store.calls.keys()][1] ?? '';
  t.match(await ask(younger), { kind: 'take', claim: { call: younger, target: bob } }, 'though another rings longer');
  t.match(await ask(younger), { kind: 'refuse', refusal: 'lost-race' }, 'and no other is taken instead');
  s.phone(0).answers();
  await quiet();
  t.match(await ask([...s.store.calls.keys()][0] ?? ''), { kind: 'refuse', refusal: 'lost-race' }, 'Bob has it');
  second.caller.cancels();
  await s.joints[0]?.hangUp();
  await s.nothingLeft('cancelled', 'answered');
});

t.test('two pickers at once: one has the call, the other hears so', async (t) => {
  const s = await ringing(t);
  const [one, two] = [fakeCaller('carol'), fakeCaller('dave')];
  one.waitsFor = gate();
  const first = s.picks(one);
  const second = await s.picks(two);
  t.same(second, { ok: false, refusal: 'lost-race' });
  one.waitsFor.open();
  t.same(await first, { ok: true });
  t.equal(s.joints.length, 1);
  await s.joints[0]?.hangUp();
  await s.nothingLeft('picked_up');
});

t.test('the store lost a claim and gives the call twice: this instance still has one winner', async (t) => {
  const s = await ringing(t);
  const one = fakeCaller('carol');
  one.waitsFor = gate();
  const first = s.picks(one);
  await quiet();
  for (const kept of s.store.calls.values()) kept.state = 'ringing';
  t.same(await s.picks(fakeCaller('dave')), { ok: false, refusal: 'lost-race' });
  one.waitsFor.open();
  t.same(await first, { ok: true });
  await s.joints[0]?.hangUp();
  await s.nothingLeft('picked_up');
});

/** Ways a pickup fails after its claim, before anybody was answered; the phone rings on after each. */
const failures: Record<string, { refusal: string; picker?: FakeCaller; offers?: Error | string }> = {
  'the offers cannot be crossed': { refusal: 'media-mismatch', offers: 'no common codec' },
  'crossing them is a surprise': { refusal: 'error', offers: new Error('surprise') },
  'the picker hung up': {
    refusal: 'picker-gone',
    picker: Object.assign(fakeCaller('carol'), { failsWith: 'picker-gone' }),
  },
  'the 200 could not be sent': { refusal: 'error', picker: Object.assign(fakeCaller('carol'), { failsWith: 'error' }) },
  'sending it is a surprise': {
    refusal: 'error',
    picker: Object.assign(fakeCaller('carol'), { failsWith: new Error('x') }),
  },
  'the picker’s ACK has no SDP': {
    refusal: 'media-mismatch',
    picker: Object.assign(fakeCaller('carol', { kind: 'delayed' }), { ackSdp: undefined }),
  },
};

t.test('a claim that fails is given back: the phone rings on and another can pick', async (t) => {
  for (const [how, { refusal, picker = fakeCaller('carol'), offers }] of Object.entries(failures)) {
    const s = await ringing(t);
    const cross = s.cross.offers;
    if (offers !== undefined) {
      s.cross.offers = () => {
        if (offers instanceof Error) throw offers;
        return { ok: false, why: offers };
      };
    }
    t.same(await s.picks(picker), { ok: false, refusal }, how);
    t.same(s.phone().stops, [], 'the phone rings on');
    t.same(s.caller.heard, ['180'], 'the caller hears nothing of it');
    t.same(
      [...s.store.calls.values()].map(({ state }) => state),
      ['ringing'],
    );
    s.cross.offers = cross;
    t.same(await s.picks(fakeCaller('dave')), { ok: true }, `${how}: the next one has it`);
    await s.joints[0]?.hangUp();
    await s.nothingLeft('picked_up');
  }
});

t.test('neither made an offer: nobody can make an answer', async (t) => {
  const s = await ringing(t, ['desk'], fakeCaller('alice', { kind: 'delayed' }));
  t.same(await s.picks(fakeCaller('carol', { kind: 'delayed' })), { ok: false, refusal: 'media-mismatch' });
  s.caller.cancels();
  await s.nothingLeft('cancelled');
});

t.test('the picker made no offer: it is offered the caller’s, and its ACK answers the caller', async (t) => {
  const s = await ringing(t);
  const picker = fakeCaller('carol', { kind: 'delayed' });
  t.same(await s.picks(picker), { ok: true });
  t.same(picker.heard, ['200 offer offer of alice']);
  t.same(s.caller.heard, ['180', '200 answer of carol']);
  await s.joints[0]?.hangUp();
  await s.nothingLeft('picked_up');
});

t.test('the caller made no offer: it is offered the picker’s, and its ACK answers the picker', async (t) => {
  const delayed = () => fakeCaller('alice', { kind: 'delayed' });
  const good = await ringing(t, ['desk'], delayed());
  const picker = fakeCaller('carol');
  t.same(await good.picks(picker), { ok: true });
  t.same(good.caller.heard, ['180', '200 offer offer of carol']);
  t.same(picker.heard, ['200 answer of alice']);
  await good.joints[0]?.hangUp();
  await good.nothingLeft('picked_up');

  const mute = await ringing(t, ['desk'], Object.assign(delayed(), { ackSdp: undefined }));
  t.same(await mute.picks(), { ok: false, refusal: 'caller-gone' });
  t.match(mute.caller.legs[0]?.endings, [{ kind: 'failure' }]);
  await mute.nothingLeft('cancelled');

  const alone = await ringing(t, ['desk'], delayed());
  t.match(await alone.picks(Object.assign(fakeCaller('carol'), { failsWith: 'picker-gone' })), { ok: false });
  t.match(alone.caller.legs[0]?.endings, [{ kind: 'other-party' }], 'the caller is not left alone');
  await alone.nothingLeft('cancelled');
});

t.test('the caller hangs up while it is being picked up', async (t) => {
  const s = await ringing(t, ['desk', 'mobile']);
  const picker = fakeCaller('carol');
  picker.waitsFor = gate();
  const picking = s.picks(picker);
  await quiet();
  s.caller.cancels('Q.850;cause=16');
  await quiet();
  for (const phone of s.dialled)
    t.same(phone.stops, [{ kind: 'other-party', reason: 'Q.850;cause=16' }], 'a missed call');
  picker.waitsFor.open();
  t.same(await picking, { ok: false, refusal: 'caller-gone' });
  t.match(picker.legs[0]?.endings, [{ kind: 'other-party' }], 'the picker is not left alone');
  await s.nothingLeft('cancelled');
});

t.test('the caller hangs up after the picker was answered', async (t) => {
  const s = await ringing(t);
  s.caller.waitsFor = gate();
  const picker = fakeCaller('carol');
  const picking = s.picks(picker);
  await quiet();
  s.caller.cancels();
  s.caller.waitsFor.open();
  t.same(await picking, { ok: false, refusal: 'caller-gone' });
  t.match(picker.legs[0]?.endings, [{ kind: 'other-party' }]);
  t.equal(s.joints.length, 0);
  await s.nothingLeft('cancelled');
});

t.test('answering the caller is a surprise after the picker was answered: nobody is left on the line', async (t) => {
  const s = await ringing(t);
  s.caller.failsWith = new Error('surprise');
  const picker = fakeCaller('carol');
  t.match(await s.picks(picker), { ok: false });
  t.equal(s.live.size, 0);
  t.equal(picker.legs.filter(({ endings }) => endings.length === 0).length, 0, 'the picker’s leg is ended');
  s.caller.cancels();
});

t.test('a surprise while the caller hangs up counts the call once', async (t) => {
  const s = await ringing(t);
  const picker = Object.assign(fakeCaller('carol'), { failsWith: new Error('surprise'), waitsFor: gate() });
  const picking = s.picks(picker);
  await quiet();
  s.caller.cancels();
  await quiet();
  picker.waitsFor.open();
  await picking;
  await s.nothingLeft('cancelled');
});
