import t from 'tap';
import type { CallId } from '../../src/domain/names.js';
import type { Leg } from '../../src/flows/ports.js';
import { alice, bob, dave, tenant } from '../domain/acme.js';
import { ordering } from './ordering-stage.js';
import { fakeCaller, gate, quiet } from './parties.js';

const elsewhere = { kind: 'elsewhere' } as const;
const otherParty = { kind: 'other-party' } as const;
const delayed = () => fakeCaller('alice', { kind: 'delayed' });

t.test('a program orders the call for Dave: his phone rings beside Bob’s, and has it when it answers', async (t) => {
  const s = await ordering(t);
  const { told } = await s.asks();
  t.match(s.pickerPhone().request, {
    uri: 'sip:dave-desk@phones.example',
    path: ['sip:edge;lr'],
    callee: { number: dave, domain: 'acme.example' },
    caller: { name: 'Alice Adams', number: alice },
    offer: { body: 'offer of alice' },
  });
  s.pickerPhone().rings();
  await quiet();
  t.same(told(), ['ringing']);
  t.same([s.phone().stops, s.caller.heard, s.state()], [[], ['180'], 'ringing'], 'until then nobody notices');
  t.equal(s.counted.early, 1, 'the picker’s leg is no call of its own that could be picked up');
  s.pickerPhone().answers();
  await quiet();
  t.same(told(), ['ringing', 'answered']);
  t.same(s.phone().stops, [elsewhere], 'Bob sees no missed call');
  t.same(s.caller.heard, ['180', '200 answer of dave-desk']);
  t.match(s.caller.toldAbout, [{ name: 'Dave Davis', number: dave }], 'the caller’s 200 asserts the picker');
  t.same(s.pickerPhone().stops, []);
  t.same(
    s.joints[0]?.legs.map(({ dialogId }) => dialogId),
    ['alice', 'dave-desk'],
  );
  t.same(s.store.told.slice(-2), ['claim', 'confirm']);
  t.match(s.store.calls.get('call-1' as CallId), { state: 'connected', by: { picker: dave, method: 'api' } });
  t.same(s.counted.pickups, ['api answered']);
  await s.joints[0]?.hangUp();
  await s.nothingLeft('picked_up');
});

t.test('the program says whom the picker’s phone shows', async (t) => {
  const s = await ordering(t);
  const shown = { name: 'Hotline', number: '900', domain: 'acme.example', private: false };
  await s.asks({ shown });
  t.same(s.pickerPhone().request.caller, shown);
  s.caller.cancels();
  await s.nothingLeft('cancelled');
});

t.test('two phones of the picker answer in the same instant: one has the call', async (t) => {
  const s = await ordering(t, { pickers: ['desk', 'mobile', 'soft'] });
  const { told } = await s.asks();
  for (const each of s.pickerPhones()) each.rings();
  s.pickerPhone(1).answers();
  s.pickerPhone(0).answers();
  await quiet();
  t.same(s.caller.heard, ['180', '200 answer of mobile']);
  t.same(s.pickerPhone(0).legs[0]?.endings, [elsewhere], 'the second was answered for nothing');
  t.same(s.pickerPhone(2).stops, [elsewhere], 'the third stops, and shows no missed call');
  t.same([told(), s.joints.length], [['ringing', 'answered'], 1]);
  t.same(s.counted.pickups, ['api answered'], 'it was one pickup');
  await s.joints[0]?.hangUp();
  await s.nothingLeft('picked_up');
});

t.test('the picker’s phones say no: Bob rings on', async (t) => {
  const rows: [statuses: number[], refusal: string][] = [
    [[486], 'declined'],
    [[603], 'declined'],
    [[600], 'declined'],
    [[480], 'no-answer'],
    [[408, 503], 'no-answer'],
    [[480, 486], 'declined'],
    [[486, 404], 'declined'],
  ];
  for (const [statuses, refusal] of rows) {
    const s = await ordering(t, { pickers: statuses.map((_, index) => `dave-${index}`) });
    const { told } = await s.asks();
    for (const [index, status] of statuses.entries()) {
      t.same(told(), ['ringing'], 'while one is left');
      s.pickerPhone(index).fails(status);
      await quiet();
    }
    t.same(told(), ['ringing', `failed ${refusal}`], statuses.join(' and '));
    t.same(s.counted.pickups, ['api timeout']);
    await s.ringsOn(statuses.join(' and '));
  }
});

t.test('the picker has no phone, or nobody can tell', async (t) => {
  const none = await ordering(t, { pickers: [] });
  const asked = await none.asks();
  t.same(asked.told(), ['failed not-registered'], 'and it was never said to ring');
  await none.ringsOn('no phone');

  const unknown = await ordering(t);
  unknown.now.registrar = 'away';
  t.same((await unknown.asks()).told(), ['failed store-unreachable']);
  t.equal(unknown.pickerPhones().length, 0);
  await unknown.ringsOn('registrar away');
});

t.test('the picker does not answer in its time', async (t) => {
  const s = await ordering(t, { pickers: ['desk', 'mobile'] });
  const { told } = await s.asks({ waitSeconds: 0.02 });
  while (told().length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  t.same(told(), ['ringing', 'failed no-answer']);
  for (const each of s.pickerPhones()) t.same(each.stops, [otherParty], 'a missed call stays a missed call');
  await s.ringsOn('no answer');
});

t.test('what the order is for is not here any more', async (t) => {
  const s = await ordering(t);
  const gone = await s.asks({ call: 'call-99' as CallId });
  t.same(gone.told(), ['failed caller-gone']);
  const theirs = await s.asks({ tenant: tenant('other').id });
  t.same(theirs.told(), ['failed caller-gone'], 'another company’s program cannot reach the call');
  t.equal(s.pickerPhones().length, 0, 'and no phone has rung for it');
  s.phone().answers();
  await quiet();
  const late = await s.asks();
  t.same(late.told(), ['failed lost-race'], 'somebody has it already');
  t.same(
    s.counted.pickups,
    ['api caller_gone', 'api caller_gone', 'api lost_race'],
    'each is a pickup that was asked for',
  );
  await s.joints[0]?.hangUp();
  await s.nothingLeft('answered');
});

t.test('whoever asked cannot be told: the pickup goes on all the same', async (t) => {
  const s = await ordering(t);
  s.orders.away = true;
  await s.asks();
  s.pickerPhone().answers();
  await quiet();
  t.same(s.caller.heard, ['180', '200 answer of dave-desk']);
  t.equal(s.said.filter((event) => event === 'order not noted').length, 2);
  await s.joints[0]?.hangUp();
  await s.nothingLeft('picked_up');
});

t.test('the rules are asked again when the picker answers: they may have changed meanwhile', async (t) => {
  const [callee] = [tenant('acme').extensions.get(bob)];
  if (!callee) throw new Error('Bob is not there');
  const without = (changes: object) =>
    tenant('acme', { extensions: new Map([...tenant('acme').extensions, [bob, { ...callee, ...changes }]]) });
  const control = {
    allowAll: false,
    pickupAll: false,
    groups: new Map(),
    pickupShareGroups: [],
    phoneReplaceGroups: [],
  };
  const nobody = { eavesdrop: new Map(), whisper: new Map(), barge: new Map() };
  const rows = [
    ['opted-out', without({ refusesPickup: true })],
    ['private-call', without({ isPrivate: true })],
    ['not-allowed', tenant('acme', { callControl: { ...control, ...nobody } })],
    ['unknown-extension', tenant('acme', { extensions: new Map() })],
    ['not-allowed', undefined],
  ] as const;
  for (const [refusal, changed] of rows) {
    const s = await ordering(t);
    const { told } = await s.asks();
    s.now.tenant = changed;
    s.pickerPhone().answers();
    await quiet();
    t.same(told(), ['ringing', `failed ${refusal}`]);
    t.same(s.pickerPhone().legs[0]?.endings, [otherParty]);
    t.notOk(s.store.told.includes('claim'), 'who may not does not even try');
    await s.ringsOn(refusal);
  }
});

t.test('the store is away when the picker answers', async (t) => {
  const s = await ordering(t);
  const { told } = await s.asks();
  s.store.away = true;
  s.pickerPhone().answers();
  await quiet();
  s.store.away = false;
  t.same(told(), ['ringing', 'failed store-unreachable']);
  t.same(s.pickerPhone().legs[0]?.endings, [otherParty]);
  await s.ringsOn('store away');

  const late = await ordering(t);
  const asked = await late.asks();
  const claim = late.store.claim;
  late.store.claim = async (ask) => {
    await claim(ask);
    throw new Error('Command timed out');
  };
  late.pickerPhone().answers();
  await quiet();
  late.store.claim = claim;
  t.same(asked.told(), ['ringing', 'failed store-unreachable']);
  t.same(late.store.told.slice(-2), ['claim', 'withdraw'], 'a claim that was won unheard is taken back');
  await late.ringsOn('claim unheard');
});

t.test('the caller made no offer: the picker’s goes to the caller, whose ACK answers it', async (t) => {
  const good = await ordering(t, { caller: delayed() });
  const asked = await good.asks();
  t.match(good.pickerPhone().request.offer, { kind: 'delayed' });
  good.pickerPhone().offers();
  await quiet();
  t.same(good.caller.heard, ['180', '200 offer offer of dave-desk']);
  t.same(good.pickerPhone().acknowledged, ['answer of alice']);
  t.same(asked.told(), ['ringing', 'answered']);
  await good.joints[0]?.hangUp();
  await good.nothingLeft('picked_up');

  const mute = await ordering(t, { caller: Object.assign(delayed(), { ackSdp: undefined }) });
  const silent = await mute.asks();
  mute.pickerPhone().offers();
  await quiet();
  t.same(mute.pickerPhone().acknowledged, ['abandoned']);
  t.match(mute.caller.legs[0]?.endings, [{ kind: 'failure' }]);
  t.same(silent.told(), ['ringing', 'failed caller-gone']);
  await mute.nothingLeft('cancelled');

  const lost = await ordering(t, { caller: delayed(), pickers: ['desk', 'mobile'] });
  const broken = await lost.asks();
  lost.pickerPhone(0).offers(() => Promise.reject<Leg>(new Error('connection lost')));
  lost.pickerPhone(1).offers();
  await quiet();
  t.match(
    lost.caller.legs[0]?.endings,
    [{ kind: 'failure' }],
    'the caller is not left alone with a phone that was lost',
  );
  t.same(lost.pickerPhone(1).acknowledged, ['abandoned'], 'nor the phone that was late');
  t.same(broken.told(), ['ringing', 'failed error']);
  await lost.nothingLeft('error');

  const refused = await ordering(t, { caller: delayed() });
  const denied = await refused.asks();
  refused.now.tenant = undefined;
  refused.pickerPhone().offers();
  await quiet();
  t.same([refused.pickerPhone().acknowledged, denied.told()], [['abandoned'], ['ringing', 'failed not-allowed']]);
  refused.caller.cancels();
  await refused.nothingLeft('cancelled');
});

t.test('answering the caller is a surprise: nobody is left on the line, and the call is over once', async (t) => {
  const s = await ordering(t, { pickers: ['desk', 'mobile'] });
  const { told } = await s.asks();
  s.caller.failsWith = new Error('surprise');
  s.pickerPhone().answers();
  await quiet();
  t.same(told(), ['ringing', 'failed error']);
  t.match(s.pickerPhone().legs[0]?.endings, [{ kind: 'failure' }]);
  t.equal(s.pickerPhone(1).stops.length, 1);
  t.same([s.live.size, s.counted.results, s.said.includes('surprise')], [0, ['error'], true]);
  t.same([s.counted.connected, s.counted.ringing, s.counted.early], [0, 0, 0]);
  s.caller.cancels();
});

t.test('the SIP server is lost while the picker’s phone rings', async (t) => {
  const s = await ordering(t);
  const { told } = await s.asks();
  await s.live.endAll({ kind: 'failure', text: 'SIP Server Lost' });
  await quiet();
  t.same(told(), ['ringing', 'failed caller-gone']);
  t.equal(s.pickerPhone().stops.length, 1);
  await s.nothingLeft('error');
});

t.test('two orders for the same call: one has it, the other hears so', async (t) => {
  const s = await ordering(t, { pickers: ['desk'] });
  const [one, two] = [await s.asks(), await s.asks()];
  const second = s.dialled[2];
  s.store.slow.claim = gate();
  s.pickerPhone().answers();
  second?.answers();
  await quiet();
  s.store.slow.claim.open();
  await quiet();
  t.same([one.told().at(-1), two.told().at(-1)], ['answered', 'failed lost-race']);
  t.same(second?.legs[0]?.endings, [elsewhere]);
  t.equal(s.joints.length, 1);
  await s.joints[0]?.hangUp();
  await s.nothingLeft('picked_up');
});
