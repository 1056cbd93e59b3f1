import t from 'tap';
import type { Leg } from '../../src/flows/ports.js';
import { acme, number } from '../domain/acme.js';
import { fakeCaller, gate, quiet } from './parties.js';
import { stage } from './stage.js';

const elsewhere = { kind: 'elsewhere' } as const;

t.test('Alice calls Bob, Bob answers, they talk, one hangs up', async (t) => {
  const { calls, phone, joints, counted, store, nothingLeft } = stage(t);
  const { caller } = await calls();
  t.match(phone().request, {
    uri: 'sip:bob-desk@phones.example',
    offer: { body: 'offer of alice' },
    callee: { number: '101' },
  });
  t.same(caller.heard, [], 'no ringing before a phone rings');
  phone().rings();
  phone().rings();
  await quiet();
  t.same(caller.heard, ['180'], 'once');
  t.match(counted, { ringing: 1, early: 1 });
  phone().answers();
  await quiet();
  t.same(caller.heard, ['180', '200 answer of bob-desk']);
  t.match(
    caller.toldAbout,
    [{ name: 'Bob Brown', number: '101', domain: 'acme.example' }],
    'the 200 asserts who answers',
  );
  t.match(counted, { ringing: 0, early: 0, connected: 1 });
  t.same(store.told, ['begin', 'ring', 'ring', 'answer', 'note']);
  t.same(phone().stops, [], 'who answered is not cancelled');
  await joints[0]?.hangUp();
  await nothingLeft('answered');
});

t.test('Bob answers without ringing', async (t) => {
  const { calls, phone, joints, nothingLeft } = stage(t);
  const { caller } = await calls();
  phone().answers();
  await quiet();
  t.same(caller.heard, ['200 answer of bob-desk']);
  await joints[0]?.hangUp();
  await nothingLeft('answered');
});

t.test('two phones ring, one answers: the other hears that somebody else has the call', async (t) => {
  const { calls, phone, dialled, joints, nothingLeft } = stage(t, { phones: ['desk', 'mobile'] });
  const { caller } = await calls();
  t.not(phone(0).ids.sipCallId, phone(1).ids.sipCallId, 'a leg, a Call-ID');
  for (const each of dialled) each.rings();
  await quiet();
  phone(1).answers();
  await quiet();
  t.same(phone(0).stops, [elsewhere]);
  t.same(caller.heard, ['180', '200 answer of mobile']);
  await joints[0]?.hangUp();
  await nothingLeft('answered');
});

t.test('both phones answer in the same instant: one talks, the other is hung up with the Reason', async (t) => {
  const { calls, phone, joints, nothingLeft } = stage(t, { phones: ['desk', 'mobile'] });
  const { caller } = await calls();
  phone(0).answers();
  phone(1).answers();
  await quiet();
  t.equal(joints.length, 1);
  t.equal(caller.legs.length, 1);
  t.same(phone(1).legs[0]?.endings, [elsewhere]);
  await joints[0]?.hangUp();
  await nothingLeft('answered');
});

t.test('what the caller hears when nobody answers', async (t) => {
  const rows: [phones: [status: number, reason?: string][], heard: string, result: 'busy' | 'rejected' | 'error'][] = [
    [[[486, 'On The Phone']], '486 On The Phone', 'busy'],
    [[[480], [486]], '486', 'busy'],
    [[[486], [404]], '486', 'busy'],
    [[[600], [180]], '600', 'busy'],
    [[[603, 'Decline']], '603 Decline', 'rejected'],
    [[[408], [503]], '480', 'rejected'],
    [[[401]], '480', 'rejected'],
    [[[500]], '500', 'error'],
  ];
  for (const [phones, heard, result] of rows) {
    const { calls, phone, dialled, store, nothingLeft } = stage(t, { phones: phones.map((_, i) => `phone-${i}`) });
    const { caller } = await calls();
    for (const each of dialled) each.rings();
    await quiet();
    for (const [index, [status, reason]] of phones.entries()) {
      t.same(caller.heard, ['180'], 'while one is left, the caller waits');
      if (status >= 400) phone(index).fails(status, reason);
      await quiet();
      if (status >= 600) break;
    }
    t.same(caller.heard, ['180', heard], `${phones.join(' and ')}`);
    if (phones.length > 1 && (phones[0]?.[0] ?? 0) < 600)
      t.ok(store.told.includes('note'), 'whoever watches hears of each');
    await nothingLeft(result);
  }
});

t.test('no phone is registered', async (t) => {
  const { calls, dialled, nothingLeft } = stage(t, { phones: [] });
  const { caller, over } = await calls();
  await over;
  t.same(caller.heard, ['480']);
  t.equal(dialled.length, 0);
  await nothingLeft('rejected');
});

t.test('nobody answers in time', async (t) => {
  const { calls, phone, dialled, nothingLeft } = stage(t, {
    tenant: { ...acme, ringSeconds: 0.02 },
    phones: ['a', 'b'],
  });
  const { caller, over } = await calls();
  for (const each of dialled) each.rings();
  await over;
  t.same(caller.heard, ['180', '480 No Answer']);
  t.same(phone().stops, [{ kind: 'other-party' }], 'a missed call stays a missed call');
  await nothingLeft('timeout');
});

t.test('the caller gives up, at every moment: no phone hears that somebody else has the call', async (t) => {
  const moments: Record<string, (s: ReturnType<typeof stage>) => Promise<void>> = {
    'before the store has answered': async ({ store }) => {
      store.slow.begin = gate();
    },
    'before a phone rings': async () => undefined,
    'while a phone rings': async ({ phone }) => phone().rings(),
    'while the answer is being decided': async ({ store, phone }) => {
      phone().rings();
      store.slow.answer = gate();
      phone().answers();
    },
    'while the store learns that it rings': async ({ store, phone }) => {
      store.slow.ring = gate();
      phone().rings();
    },
  };
  for (const [moment, arrange] of Object.entries(moments)) {
    const s = stage(t, { phones: ['desk', 'mobile'] });
    if (moment.startsWith('before the store')) await arrange(s);
    const { caller } = await s.calls();
    if (!moment.startsWith('before the store')) await arrange(s);
    await quiet();
    caller.cancels('Q.850;cause=16');
    await quiet();
    for (const slow of Object.values(s.store.slow)) slow.open();
    await quiet();
    const told = s.dialled.flatMap(({ stops, legs }) => [...stops, ...legs.flatMap(({ endings }) => endings)]);
    for (const reason of told) t.same(reason, { kind: 'other-party', reason: 'Q.850;cause=16' }, moment);
    t.equal(s.dialled.length, moment.startsWith('before the store') ? 0 : 2, moment);
    t.ok(!caller.heard.some((line) => /^[2-6]/.test(line)), `${moment}: the CANCEL is its answer`);
    await s.nothingLeft('cancelled');
  }
});

t.test('the caller gives up while it is being answered: the callee is not left alone', async (t) => {
  const { calls, phone, joints, nothingLeft } = stage(t);
  const caller = fakeCaller('alice');
  caller.waitsFor = gate();
  await calls(caller);
  phone().answers();
  await quiet();
  caller.cancels();
  caller.waitsFor.open();
  await quiet();
  t.same(phone().legs[0]?.endings, [{ kind: 'other-party' }]);
  t.equal(joints.length, 0);
  await nothingLeft('cancelled');
});

t.test('a phone that answers after the time was up is hung up, and not as if a colleague had the call', async (t) => {
  const { calls, phone, store, nothingLeft } = stage(t, { tenant: { ...acme, ringSeconds: 0.02 } });
  store.slow.answer = gate();
  const { over } = await calls();
  phone().rings();
  phone().answers();
  await over;
  store.slow.answer.open();
  await quiet();
  t.same(phone().legs[0]?.endings, [{ kind: 'other-party' }]);
  await nothingLeft('timeout');
});

t.test('the store is away: calls go on with the phones last seen', async (t) => {
  const { calls, phone, joints, store, said, nothingLeft } = stage(t);
  store.away = true;
  const { caller } = await calls();
  phone().rings();
  phone().answers();
  await quiet();
  t.same(caller.heard, ['180', '200 answer of bob-desk']);
  t.ok(said.includes('store away, call goes on without it'));
  await joints[0]?.hangUp();
  await nothingLeft('answered');
});

t.test('a number outside goes to the trunk, with the number as user', async (t) => {
  const { calls, phone, joints, nothingLeft } = stage(t);
  await calls(undefined, { target: number('+4930'), trunk: 'sip:trunk.example;transport=tcp' });
  t.equal(phone().request.uri, 'sip:+4930@trunk.example;transport=tcp');
  phone().answers();
  await quiet();
  await joints[0]?.hangUp();
  await nothingLeft('answered');
});

t.test('the caller made no offer: the phone’s offer goes to the caller, whose ACK answers it', async (t) => {
  const delayed = () => fakeCaller('alice', { kind: 'delayed' });
  const good = stage(t);
  const { caller } = await good.calls(delayed());
  good.phone().offers();
  await quiet();
  t.same(caller.heard, ['200 offer offer of bob-desk']);
  t.same(good.phone().acknowledged, ['answer of alice']);
  await good.joints[0]?.hangUp();
  await good.nothingLeft('answered');

  const mute = stage(t);
  const noSdp = delayed();
  noSdp.ackSdp = undefined;
  await mute.calls(noSdp);
  mute.phone().offers();
  await quiet();
  t.same(mute.phone().acknowledged, ['abandoned']);
  t.match(noSdp.legs[0]?.endings, [{ kind: 'failure' }]);
  await mute.nothingLeft('cancelled');

  const lost = stage(t);
  const left = delayed();
  await lost.calls(left);
  lost.phone().offers(() => Promise.reject<Leg>(new Error('connection lost')));
  await quiet();
  t.match(left.legs[0]?.endings, [{ kind: 'failure' }], 'the caller is not left alone with a phone that was lost');
  t.equal(lost.live.size, 0);

  const late = stage(t, { phones: ['desk', 'mobile'] });
  await late.calls(delayed());
  late.phone(0).offers();
  late.phone(1).offers();
  await quiet();
  t.same(late.phone(1).acknowledged, ['abandoned'], 'the offer of a phone that was late is let go');
  await late.joints[0]?.hangUp();
  await late.nothingLeft('answered');
});

t.test('a phone that begins to ring when the call is over is not noted', async (t) => {
  const { calls, phone, store, nothingLeft } = stage(t);
  const { caller } = await calls();
  caller.cancels();
  await quiet();
  phone().rings();
  await quiet();
  t.notOk(store.told.includes('ring'), 'it cannot be picked up any more');
  t.same(caller.heard, []);
  await nothingLeft('cancelled');
});
