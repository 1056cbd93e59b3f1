import t from 'tap';
import type { InstanceId } from '../../src/domain/names.js';
import { makeForwardPickup } from '../../src/flows/forward-pickup.js';
import type { DialResult, EndReason, ForwardRequest, Leg } from '../../src/flows/ports.js';
import { acme, bob, carol } from '../domain/acme.js';
import { fakeCaller, idsOf, quiet } from './parties.js';
import { noting, stage } from './stage.js';

const talksTo = { name: 'Alice Adams', number: '100', domain: 'acme.example', private: false };

/** Whatever the picker asked by, the owner hears of it. */
const kind = 'replaces';

/** Bob's phone rings, and another instance holds the call; Carol reaches this one. */
const apart = async (t: Parameters<typeof stage>[0], { known = true, picker = fakeCaller('carol') } = {}) => {
  const s = stage(t);
  const { caller } = await s.calls();
  s.phone().rings();
  await quiet();
  for (const kept of s.store.calls.values()) kept.record = { ...kept.record, owner: 'there' as InstanceId };
  const next = await s.pickUp({ tenant: acme, picker: carol, target: { by: 'number', extension: bob }, kind });
  if (next.kind !== 'forward') throw new Error(`${next.kind} where the call is another's`);

  const [asked, stops, endings]: [ForwardRequest[], EndReason[], EndReason[]] = [[], [], []];
  let settle: (result: DialResult) => void = () => undefined;
  const result = new Promise<DialResult>((resolve) => {
    settle = resolve;
  });
  const leg: Leg = {
    dialogId: 'owner',
    ids: idsOf('owner'),
    end: async (reason) => void endings.push(reason),
    change: async () => ({ ok: false, status: 488 }),
    ended: new Promise(() => undefined),
  };
  const forward = makeForwardPickup({
    calls: s.store,
    ...{ live: s.live, anchors: s.anchors },
    log: noting(s.said),
    owners: { find: async () => (known ? 'sip:there.example:5060' : undefined) } as never,
    legs: {
      forward: (request) => {
        asked.push(request);
        const stop = (reason: EndReason) => {
          stops.push(reason);
          settle({ kind: 'failed', status: 487 });
        };
        return { id: 'f', ids: { sipCallId: 'f@here' }, result, stop };
      },
      join: s.legs.join,
    },
  });
  const { pickerParty } = s.people;
  const by = { picker: carol, method: kind } as const;
  const taken = forward({ tenant: acme, claim: next.claim, by, pickerLeg: picker, pickerParty });
  await quiet();
  const state = async () => {
    await quiet();
    return [...s.store.calls.values()].map((kept) => kept.state);
  };
  return { ...s, caller, next, asked, stops, endings, settle, leg, picker, taken, state };
};

t.test('the owner takes the call: the picker hears its answer and who it talks to', async (t) => {
  const s = await apart(t);
  t.match(s.asked, [
    {
      owner: 'sip:there.example:5060',
      by: { picker: carol, method: 'replaces' },
      claim: { owner: 'there', call: 'call-1' },
      offer: { body: 'offer of carol' },
    },
  ]);
  s.settle({ kind: 'answered', leg: s.leg, sdp: 'answer of owner', talksTo });
  t.same(await s.taken, { ok: true });
  t.same(s.picker.heard, ['200 answer of owner']);
  t.same(s.picker.toldAbout, [talksTo]);
  t.same(
    s.joints[0]?.legs.map(({ dialogId }) => dialogId),
    ['carol', 'owner'],
  );
  t.equal(s.live.size, 2, 'drain waits for what passes through');
  await s.joints[0]?.hangUp();
  s.caller.cancels();
  await quiet();
  t.equal(s.live.size, 0);
});

t.test('the owner is not to be found, or says no: the claim is given back', async (t) => {
  const rows = [
    [486, 'lost-race'],
    [480, 'caller-gone'],
    [488, 'media-mismatch'],
    [503, 'owner-unreachable'],
    [404, 'owner-unreachable'],
  ] as const;
  for (const [status, refusal] of rows) {
    const s = await apart(t);
    s.settle({ kind: 'failed', status });
    t.same(await s.taken, { ok: false, refusal }, String(status));
    t.same(await s.state(), ['ringing'], 'another may have it');
    s.caller.cancels();
    await s.nothingLeft('cancelled');
  }
  const lost = await apart(t, { known: false });
  t.same(await lost.taken, { ok: false, refusal: 'owner-unreachable' });
  t.same([lost.asked, await lost.state()], [[], ['ringing']]);
  lost.caller.cancels();
  await lost.nothingLeft('cancelled');
});

t.test('the picker hangs up on the way: nobody is left alone', async (t) => {
  const early = await apart(t);
  early.picker.cancels('Q.850;cause=16');
  t.match(await early.taken, { ok: false, refusal: 'picker-gone' });
  t.same(early.stops, [{ kind: 'other-party', reason: 'Q.850;cause=16' }]);
  t.same(await early.state(), ['ringing']);
  early.caller.cancels();

  const late = await apart(t, { picker: Object.assign(fakeCaller('carol'), { failsWith: 'picker-gone' }) });
  late.settle({ kind: 'answered', leg: late.leg, sdp: 'x' });
  t.match(await late.taken, { ok: false, refusal: 'picker-gone' });
  t.same(late.endings, [{ kind: 'other-party' }], 'the owner hears that nobody is there');
  late.caller.cancels();
});

t.test('the picker made no offer: the owner’s goes to it, and its ACK answers the owner', async (t) => {
  const offered = (ack: () => Promise<Leg>, done: string[]): DialResult => ({
    kind: 'offered',
    ids: idsOf('owner'),
    sdp: 'offer of owner',
    acknowledge: (answer) => {
      done.push(answer);
      return ack();
    },
    abandon: async () => void done.push('abandoned'),
  });
  const delayed = () => fakeCaller('carol', { kind: 'delayed' });
  const good = await apart(t, { picker: delayed() });
  const done: string[] = [];
  good.settle(offered(async () => good.leg, done));
  t.same(await good.taken, { ok: true });
  t.same([good.picker.heard, done], [['200 offer offer of owner'], ['answer of carol']]);
  await good.joints[0]?.hangUp();
  good.caller.cancels();

  const mute = await apart(t, { picker: Object.assign(delayed(), { ackSdp: undefined }) });
  const unanswered: string[] = [];
  mute.settle(offered(async () => mute.leg, unanswered));
  t.match(await mute.taken, { ok: false });
  t.same(unanswered, ['abandoned']);
  t.match(mute.picker.legs[0]?.endings, [{ kind: 'failure' }]);
  mute.caller.cancels();

  const lost = await apart(t, { picker: delayed() });
  lost.settle(offered(() => Promise.reject(new Error('connection lost')), []));
  t.match(await lost.taken, { ok: false });
  t.equal(lost.picker.legs[0]?.endings.length, 1, 'a picker that was answered is not left on the line');
  lost.caller.cancels();
});
