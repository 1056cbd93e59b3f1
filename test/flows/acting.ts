import t from 'tap';
import type { CallId } from '../../src/domain/names.js';
import type { Refusal } from '../../src/domain/outcome.js';
import { alice, bob, carol, dave, tenant } from '../domain/acme.js';
import { acting } from './acting-stage.js';
import { gate, quiet } from './parties.js';
import { company } from './supervise-stage.js';

const elsewhere = { kind: 'elsewhere' } as const;
const otherParty = { kind: 'other-party' } as const;

t.test(
  'a program has Carol listen: her phones are called without an offer, the first that answers takes part',
  async (t) => {
    const s = acting(t);
    const id = await s.order({ act: 'whisper' });
    t.same(s.told(id), ['pending', 'ringing']);
    t.match(
      s.dialled.map(({ request }) => request),
      ['desk', 'mobile'].map((name) => ({
        ...{ uri: `sip:${name}@phones.example`, offer: { kind: 'delayed' }, call: 'c1' },
        ...{ callee: { number: carol }, caller: { name: 'Bob Brown', number: bob } },
      })),
      'they show whom she listens to',
    );
    s.phone(1).offers();
    await quiet();
    t.match(s.asked, [
      {
        ...{ id, supervisor: carol, colleague: bob, mode: 'whisper', call: 'c1' },
        leg: { offer: { kind: 'sdp', body: 'offer of mobile' } },
      },
    ]);
    t.same([s.phone(0).stops, s.phone(1).stops], [[elsewhere], []], 'the other one sees no missed call');
    t.same(s.phone(1).acknowledged, ['answer of the service']);
    t.same(s.told(id), ['pending', 'ringing', 'answered']);
    t.match(await s.acts.find(company(), id), { id, act: 'whisper', state: 'answered', target: bob, sendTo: carol });
    t.same([s.counted, s.pickups], [[], []], 'whoever takes part is counted by who seats him');
  },
);

t.test('a steal is handed on as a steal, and told of as a pickup whatever comes of it', async (t) => {
  const stealing = company({ callControl: { allow_all: true } });
  const s = acting(t, { phones: ['desk'] });
  s.now.tenant = stealing;
  t.equal(await s.order({ act: 'steal' }), 'not-allowed');
  t.same([s.counted, s.pickups], [['steal not_allowed'], ['steal not_allowed']]);
  const id = await s.order({ act: 'steal', tenant: stealing });
  s.phone().offers();
  await quiet();
  t.match(s.asked, [{ picker: carol, extension: bob, call: 'c1', party: { name: 'Carol Clark', number: carol } }]);
  t.same([s.told(id).at(-1), s.pickups.at(-1)], ['answered', 'steal answered']);
  s.now.taken = { ok: false, refusal: 'lost-race' };
  const second = await s.order({ act: 'steal', tenant: stealing });
  s.phone(1).offers();
  await quiet();
  t.same([s.told(second).at(-1), s.pickups.at(-1)], ['failed lost-race', 'steal lost_race']);
  t.same(s.phone(1).acknowledged, ['abandoned'], 'the phone is let go');
  t.equal(s.counted.length, 1, 'counted as an act by who does it');
});

t.test('what may not be is refused at once, rules before calls, and rings nobody', async (t) => {
  const s = acting(t);
  const hidden = company({ extensions: { '100': {}, '101': { private: true }, '102': {}, '103': {} } });
  for (const [changes, refusal] of [
    [{ by: dave }, 'not-allowed'],
    [{ by: dave, call: 'c9' as CallId }, 'not-allowed'],
    [{ by: bob }, 'own-call'],
    [{ call: 'c9' as CallId }, 'no-call'],
    [{ extension: carol, by: bob, tenant: company({ callControl: { allow_all: true } }) }, 'no-call'],
    [{ extension: alice, by: bob, tenant: company({ callControl: { allow_all: true } }) }, 'own-call'],
    [{ tenant: hidden }, 'private-call'],
  ] as const) {
    t.equal(await s.order(changes), refusal, `${refusal} ${JSON.stringify(Object.keys(changes))}`);
  }
  t.same([s.dialled, s.orders.placed], [[], []]);
  t.same(s.counted.length, 7, 'each counted once');
  s.orders.away = true;
  t.equal(await s.order(), 'store-unreachable');
  t.equal(await s.change('stop'), 'store-unreachable');
  for (const lost of [acting(t, { listens: false }), acting(t, { owner: 'gone' })]) {
    t.equal(await lost.order(), 'owner-unreachable');
    t.same(lost.told('order-1'), ['pending', 'failed owner-unreachable']);
    t.equal(await lost.change('stop'), 'owner-unreachable');
  }
});

t.test('the same key orders once', async (t) => {
  const s = acting(t);
  const key = { name: 'k', fingerprint: 'f' };
  const id = await s.order({ key });
  t.equal(await s.order({ key }), id);
  t.equal(await s.order({ key: { ...key, fingerprint: 'other' } }), 'key-reused');
  t.equal(s.dialled.length, 2, 'her two phones, once');
  t.same(s.counted, [], 'neither a repetition nor a wrong one is an act');
});

t.test('the owner asks again, of the call as it is: nobody’s phone rings in vain', async (t) => {
  const rows: [Refusal, (s: ReturnType<typeof acting>) => unknown][] = [
    ['not-allowed', (s) => Object.assign(s.now, { tenant: company({ callControl: {} }) })],
    ['not-allowed', (s) => Object.assign(s.now, { tenant: undefined })],
    ['media-unavailable', (s) => Object.assign(s.faults, { isUp: false })],
    ['store-unreachable', (s) => Object.assign(s.now, { isAway: true })],
    [
      'private-call',
      (s) =>
        Object.assign(s.now, { tenant: company({ extensions: { '100': { private: true }, '101': {}, '102': {} } }) }),
    ],
  ];
  for (const [refusal, happens] of rows) {
    const s = acting(t);
    happens(s);
    const id = await s.order();
    t.same([s.told(id), s.dialled.length], [['pending', `failed ${refusal}`], 0], refusal);
    t.equal(s.counted.length, 1);
  }
  const s = acting(t, { phones: [] });
  t.same(s.told(await s.order()), ['pending', 'failed not-registered']);
});

t.test('phones that will not, and what ends the ringing', async (t) => {
  const rows: [number[], Refusal][] = [
    [[486, 480], 'declined'],
    [[603, 480], 'declined'],
    [[480, 408], 'no-answer'],
    [[488, 480], 'media-mismatch'],
    [[606, 488], 'media-mismatch'],
    [[486, 488], 'declined'],
  ];
  for (const [statuses, refusal] of rows) {
    const s = acting(t);
    const id = await s.order();
    for (const [index, status] of statuses.entries()) s.phone(index).fails(status);
    await quiet();
    t.same([s.told(id).at(-1), s.counted.length], [`failed ${refusal}`, 1], statuses.join(' '));
  }
  const silent = acting(t, { phones: ['desk'] });
  const without = await silent.order();
  silent.phone().answers();
  await quiet();
  t.equal(silent.told(without).at(-1), 'failed media-mismatch', 'a 200 without an offer');
  t.match(silent.phone().legs[0]?.endings, [{ kind: 'failure' }]);

  const late = acting(t, { phones: ['desk'] });
  const waited = await late.order({ waitSeconds: 0.01 });
  while (late.told(waited).length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
  t.same([late.told(waited).at(-1), late.phone().stops], ['failed no-answer', [otherParty]]);

  const over = acting(t);
  const lost = await over.order();
  await over.ends();
  t.same([over.told(lost).at(-1), over.phone().stops], ['failed no-call', [otherParty]], 'the call is over');

  const both = acting(t);
  await both.order();
  both.phone(0).offers();
  both.phone(1).offers();
  await quiet();
  t.same([both.phone(0).acknowledged, both.phone(1).acknowledged], [['answer of the service'], ['abandoned']]);
});

t.test(
  'rules that have changed while the phone rang are asked as they are; whatever fails lets the phone go',
  async (t) => {
    const s = acting(t, { phones: ['desk'] });
    await s.order();
    const changed = company({ callControl: {} });
    s.now.tenant = changed;
    s.now.taken = { ok: false, refusal: 'not-allowed' };
    s.phone().offers();
    await quiet();
    t.equal(s.asked[0]?.tenant, changed);
    t.same([s.told('order-1').at(-1), s.phone().acknowledged], ['failed not-allowed', ['abandoned']]);

    const broken = acting(t, { phones: ['desk'] });
    await broken.order();
    broken.now.taken = new Error('a surprise');
    broken.phone().offers();
    await quiet();
    t.equal(broken.told('order-1').at(-1), 'failed error');
    t.ok(broken.said.includes('surprise'));
  },
);

t.test('a supervision that runs is switched and ended; one whose phone still rings is ended only', async (t) => {
  const s = acting(t, { phones: ['desk'] });
  t.equal(await s.change('stop'), 'no-call', 'there is none');
  t.equal(await s.change('stop', 'order-1', 'c9'), 'no-call', 'nor a call');
  const did: string[] = [];
  let refusal: Refusal | undefined;
  const leaves = s.supervisions.add({
    tenant: company().id,
    now: { id: 'one', call: s.call.record.id, supervisor: carol, colleague: bob, mode: 'listen', since: 1 },
    setMode: async (mode) => {
      did.push(mode);
      return refusal;
    },
    stop: async () => void did.push('stop'),
  });
  t.equal(await s.change('barge', 'one'), undefined);
  refusal = 'not-allowed';
  t.equal(await s.change('whisper', 'one'), 'not-allowed');
  t.equal(await s.change('stop', 'one'), undefined);
  t.same(did, ['barge', 'whisper', 'stop']);
  t.equal(await s.acts.find(company(), 'order-9'), undefined);
  leaves();

  const id = await s.order();
  t.equal(await s.change('barge', id), 'no-call');
  t.equal(await s.change('stop', id), undefined);
  await quiet();
  t.same([s.told(id).at(-1), s.phone().stops], ['failed picker-gone', [otherParty]]);
  t.equal(await s.change('stop', id), 'no-call', 'it is over');
});

t.test('who does not want it any more while she is being seated is unseated', async (t) => {
  const s = acting(t, { phones: ['desk'] });
  const shut = gate();
  s.now.waitsFor = shut;
  const id = await s.order();
  s.phone().offers();
  await quiet();
  t.equal(await s.change('stop', id), undefined);
  let stopped = 0;
  s.supervisions.add({
    tenant: company().id,
    now: { id, call: s.call.record.id, supervisor: carol, colleague: bob, mode: 'listen', since: 1 },
    setMode: async () => undefined,
    stop: async () => {
      stopped += 1;
    },
  });
  shut.open();
  await quiet();
  t.equal(stopped, 1);
  t.equal(
    await s.acts.change({
      tenant: tenant('other'),
      call: s.call.record.id,
      supervisor: carol,
      colleague: bob,
      change: { supervision: id, to: 'stop' },
    }),
    'no-call',
    'another company has no such order',
  );
});
