import t, { type Test } from 'tap';
import { makePickup } from '../../src/adapters/sip/pickup.js';
import { makePreview } from '../../src/adapters/sip/preview.js';
import { makeEarlyDigits } from '../../src/adapters/sip/preview-digits.js';
import { makeRefusePickup } from '../../src/adapters/sip/replies.js';
import type { CallId, InstanceId } from '../../src/domain/names.js';
import { usualMedia } from '../../src/domain/tenant-media.js';
import { makeAnchors } from '../../src/flows/anchors.js';
import type { KnownCall } from '../../src/flows/call-directory.js';
import type { NumberedNews } from '../../src/flows/news.js';
import { chooseCall } from '../../src/flows/preview-call/choose.js';
import { throughEnds } from '../../src/flows/preview-call/early-ends.js';
import { makePreviewCall } from '../../src/flows/preview-call.js';
import { makePromptRefusal } from '../../src/flows/prompt-refusal.js';
import { makeTakeCall } from '../../src/flows/take-call.js';
import { requestOf, responseFor, type Sent } from '../adapters/sip/request.js';
import { alice, bob, carol, dave, tenant } from '../domain/acme.js';
import type { Kept, MemoryStore } from './memory-store.js';
import { type FakeCaller, fakeCaller, quiet } from './parties.js';
import { type FakeEndpoint, type FakeMedia, fakeMedia } from './prompt-media.js';
import { stage } from './stage.js';

/** Nobody waits so long here: what takes the call is the key, unless a test lets the time pass. */
const patient = { ...usualMedia, previewSeconds: 60 };

const known = ({ record, state, since }: Kept): KnownCall => {
  const { caller, owner, ...rest } = record;
  const ringingAt = state === 'trying' ? {} : { ringingAt: since };
  return { ...rest, ...ringingAt, caller: caller as typeof alice, owner, state, startedAt: 0 };
};

const directoryOf = (store: MemoryStore) => ({
  list: async () => {
    if (store.away) throw new Error('store away');
    return [...store.calls.values()].map(known);
  },
  find: async (_tenant: unknown, id: CallId) => {
    const kept = store.calls.get(id);
    return kept && known(kept);
  },
});

const party = { name: '', number: '', domain: 'acme.example', private: false };

/** Alice calls Bob, whose phone rings, and somebody looks at the call. */
const ringing = async (t: Test, { media = fakeMedia(), seconds = 60 } = {}) => {
  const company = tenant('acme', { media: { ...patient, previewSeconds: seconds } });
  const s = stage(t, { tenant: company });
  const { caller } = await s.calls();
  s.phone().rings();
  await quiet();
  const keys = new Set<(digit: string) => void>();
  const listeners = new Set<(news: NumberedNews) => void>();
  const previewCall = makePreviewCall({
    ...{ media, live: s.live, directory: directoryOf(s.store) },
    news: { since: async () => [], listen: (_tenant, listener) => add(listeners, listener) },
    onEarlyDigit: (_ids, listener) => add(keys, listener),
  });
  const refuse = makeRefusePickup(makePromptRefusal({ media, newCallId: () => 'x' as CallId }));
  const forwardPickup = async () => ({ ok: false, refusal: 'owner-unreachable' }) as const;
  const takeCall = makeTakeCall({
    ...{ ...s.deps, media, anchors: makeAnchors(), mediaUse: 'auto', anchoring: { relax: () => undefined } },
    legs: { ...s.legs, attach: () => ({ part: () => undefined }) },
    crossOffers: (one, other) => s.cross.offers(one, other),
  });
  const pickup = makePickup({ ...s.deps, pickUp: s.pickUp, takeCall, forwardPickup, refuse });
  const preview = makePreview({ ...s.deps, previewCall, pickup, refuse, tenant: () => company });
  const looks = async (leg: FakeCaller = fakeCaller('carol'), picker = carol) => {
    const target = { by: 'number', extension: bob } as const;
    const request = { tenant: company, picker, target, kind: 'preview' } as const;
    const done = preview({ request, leg, party: s.people.pickerParty });
    await quiet();
    return { leg, done };
  };
  return {
    ...s,
    caller,
    media,
    keys,
    listeners,
    looks,
    press: (key: string) => {
      for (const hear of [...keys]) hear(key);
    },
  };
};

const add = <T>(set: Set<T>, one: T): (() => void) => {
  set.add(one);
  return () => void set.delete(one);
};

const states = ({ store }: { store: MemoryStore }) => [...store.calls.values()].map(({ state }) => state);

/** Nothing is left of who looked. */
const nobodyLooks = (
  t: Test,
  { media, keys, listeners }: { media: FakeMedia; keys: Set<unknown>; listeners: Set<unknown> },
) => {
  t.equal(media.left(), 0, 'no endpoint');
  t.equal(keys.size + listeners.size, 0, 'nobody listens');
};

t.test('who looks at a call hears that it is there, and the key takes it through the media server', async (t) => {
  const s = await ringing(t);
  const { leg, done } = await s.looks();
  t.same(leg.heard, ['180']);
  t.same(states(s), ['ringing'], 'nothing is claimed');
  t.same(s.phone().stops, [], 'and Bob’s phone rings on');
  const [phone] = s.media.opened;
  t.same(phone?.done, ['play preview']);
  phone?.presses('2');
  await quiet();
  t.same(states(s), ['ringing'], 'another key is none');
  phone?.presses('1');
  await done;
  t.same(leg.heard, ['180', '200 sdp of endpoint-1'], 'the 200 says what the 180 said');
  t.same(s.caller.heard, ['180', '200 sdp of endpoint-2'], 'and the caller talks through the media server too');
  t.equal(s.media.opened[1]?.request.beside, phone, 'at the same one');
  t.same(s.phone().stops, [{ kind: 'elsewhere' }]);
  t.match([...s.store.calls.values()], [{ by: { picker: carol, method: 'preview' } }]);
  t.same(s.counted.pickups, ['preview answered']);
  t.equal(s.keys.size, 0);
  await s.joints[0]?.hangUp();
  await s.nothingLeft('picked_up');
});

t.test('towards another instance a second endpoint stands for the phone', async (t) => {
  const media = fakeMedia();
  const open = async () => (await media.open({ call: 'far' as CallId })) as FakeEndpoint;
  const through = async (changes: Partial<FakeMedia> = {}) => {
    Object.assign(media, { refuses: undefined, ...changes });
    const [leg, phone, call] = [fakeCaller('carol'), await open(), await open()];
    const seen = throughEnds(leg, { phone, call });
    t.same(seen.offer, { kind: 'sdp', body: call.sdp });
    return { leg, phone, call, answer: await seen.answer('answer of the owner', { ...party, number: alice }) };
  };
  const good = await through();
  t.same(good.leg.heard, [`200 ${good.phone.sdp}`], 'the phone is told again what it was told');
  t.same([good.call.done, good.phone.done], [['change answer of the owner'], [`bridge ${good.call.id}`]]);
  const bad = await through({ refuses: 'answer of the owner' });
  t.same(bad.answer, { ok: false, refusal: 'media-mismatch' });
  t.same(bad.leg.heard, [], 'nobody is answered before there is something to hear');
});

const without: Record<string, { leg?: FakeCaller; media?: FakeMedia }> = {
  'no media server': { media: Object.assign(fakeMedia(), { isUp: false }) },
  'a full one': { media: Object.assign(fakeMedia(), { room: 0 }) },
  'no offer': { leg: fakeCaller('carol', { kind: 'delayed' }) },
};

for (const [name, { leg: own, media }] of Object.entries(without)) {
  t.test(`${name}: the phone shows the caller all the same, and a key by INFO takes the call`, async (t) => {
    const s = await ringing(t, media && { media });
    const { leg, done } = await s.looks(own);
    t.same(leg.heard, ['180']);
    s.press('1');
    await done;
    t.match(leg.heard, ['180', /^200 (crossed offer|offer offer) of alice$/], 'directly');
    await s.joints[0]?.hangUp();
    await s.nothingLeft('picked_up');
    nobodyLooks(t, s);
  });
}

t.test('who stays has the call', async (t) => {
  const s = await ringing(t, { seconds: 0.01 });
  const { leg, done } = await s.looks();
  await done;
  t.same(leg.heard, ['180', '200 sdp of endpoint-1']);
  await s.joints[0]?.hangUp();
  await s.nothingLeft('picked_up');
});

t.test('who hangs up leaves it ringing', async (t) => {
  const s = await ringing(t);
  const { leg, done } = await s.looks();
  leg.cancels();
  await done;
  t.same(states(s), ['ringing']);
  t.same(
    s.store.told.filter((each) => each === 'claim'),
    [],
    'it was never claimed',
  );
  t.same(s.counted.pickups, ['preview picker_gone']);
  nobodyLooks(t, s);
  t.same(await s.picks(fakeCaller('dave')), { ok: true }, 'another has it');
  await s.joints[0]?.hangUp();
  await s.nothingLeft('picked_up');
});

t.test('two look at one call: one wins, the other hears so at once', async (t) => {
  const s = await ringing(t);
  const [one, two] = [await s.looks(), await s.looks(fakeCaller('dave'))];
  s.media.opened[1]?.presses('1');
  await Promise.all([one.done, two.done]);
  t.same(one.leg.heard, ['180', '486 Picked Up By Another']);
  t.same(two.leg.heard, ['180', '200 sdp of endpoint-2']);
  t.same(s.counted.pickups.sort(), ['preview answered', 'preview lost_race']);
  t.equal(s.media.left(), 2, 'only the winner keeps its endpoints');
  await s.joints[0]?.hangUp();
  await s.nothingLeft('picked_up');
});

const ends: Record<string, (s: Awaited<ReturnType<typeof ringing>>) => unknown> = {
  '480 Caller Has Hung Up {"Reason":"SIP;cause=480;text=\\"Caller has hung up\\""}': ({ caller }) => caller.cancels(),
  '486 Picked Up By Another': (s) => s.phone().answers(),
  '503 No Media Server {"Retry-After":"1"}': ({ media }) => media.opened[0]?.lost(),
};

for (const [heard, happens] of Object.entries(ends)) {
  t.test(`it comes otherwise meanwhile: ${heard.slice(0, 30)}`, async (t) => {
    const s = await ringing(t);
    const { leg, done } = await s.looks();
    await happens(s);
    await done;
    t.same(leg.heard, ['180', heard]);
    nobodyLooks(t, s);
    if (heard.startsWith('503')) s.caller.cancels();
    await quiet();
    await s.joints[0]?.hangUp();
  });
}

t.test('without room for the caller the call is given back, and the phone rings on', async (t) => {
  const s = await ringing(t, { media: Object.assign(fakeMedia(), { room: 1 }) });
  const { leg, done } = await s.looks();
  s.media.opened[0]?.presses('1');
  await done;
  t.match(leg.heard, ['180', /^503 /]);
  t.same(states(s), ['ringing']);
  t.same(s.phone().stops, []);
  nobodyLooks(t, s);
  s.caller.cancels();
  await s.nothingLeft('cancelled');
});

t.test('a call of another instance: its end is heard from there', async (t) => {
  for (const [end, heard] of [
    ['ended', /^480 /],
    ['answered', /^486 /],
    ['stopped', /^503 /],
  ] as const) {
    const s = await ringing(t);
    s.caller.cancels();
    await quiet();
    const [id, owner] = ['far' as CallId, 'there' as InstanceId];
    const shown = { caller: '', callerName: 'Zoe', callerNumber: '555', isAnonymous: false, isPrivate: false };
    const record = { ...shown, id, owner, target: bob, tenant: tenant('acme').id };
    s.store.calls.set(id, { record, state: 'ringing', since: 1 });
    const { leg, done } = await s.looks();
    t.same(leg.heard, ['180']);
    t.equal(s.live.size, 1, 'who stops waits for who looks');
    if (end === 'stopped') await s.live.endAll({ kind: 'failure', text: 'Service Stops' });
    else if (end === 'ended') s.store.calls.delete(id);
    else Object.assign(s.store.calls.get(id) ?? {}, { state: 'connected' });
    const news = { call: id, target: bob, ...shown, event: 'answered' } as const;
    for (const listener of s.listeners) listener({ id: '1', at: 1, news });
    await done;
    t.match(leg.heard, ['180', heard]);
    nobodyLooks(t, s);
  }
});

t.test('who may not, or has nothing to look at, is refused as by a pickup, and shown nothing', async (t) => {
  const s = await ringing(t);
  const own = await s.looks(fakeCaller('alice'), alice);
  const far = await s.looks(fakeCaller('zoe'), '999' as typeof bob);
  s.store.away = true;
  const away = await s.looks();
  s.store.away = false;
  await Promise.all([own.done, far.done, away.done]);
  t.same(own.leg.heard, ['403 Your Own Call']);
  t.same(far.leg.heard, ['404 No Such Extension']);
  t.match(away.leg.heard, [/^503 /]);
  t.equal(s.media.opened.length, 0);
  s.caller.cancels();
  await s.nothingLeft('cancelled');
});

t.test('the call that is shown is the one that a claim would give', async (t) => {
  const call = (id: string, changes: Partial<KnownCall>): KnownCall => ({
    ...{ id: id as CallId, tenant: tenant('acme').id, owner: 'here' as InstanceId, state: 'ringing', target: bob },
    ...{ callerName: '', callerNumber: '', isAnonymous: false, isPrivate: false, startedAt: 0, ringingAt: 5 },
    ...changes,
  });
  const who = { picker: carol, extensions: [bob] };
  const choice = (...calls: KnownCall[]) => {
    const chosen = chooseCall(calls, who);
    return chosen.ok ? chosen.call.id : chosen.refusal;
  };
  const { ringingAt: _, ...trying } = call('0', { state: 'trying' });
  t.equal(choice(trying, call('1', { target: dave })), 'no-call');
  t.equal(choice(call('1', {}), call('2', { ringingAt: 3 }), call('3', { state: 'claimed', ringingAt: 1 })), '2');
  t.equal(choice(call('b', {}), call('a', {})), 'a');
  t.equal(choice(call('1', { caller: carol })), 'own-call');
  t.equal(choice(call('1', { caller: carol }), call('2', { isPrivate: true })), 'private-call');
  t.equal(choice(call('1', { state: 'claimed' }), call('2', { isPrivate: true })), 'lost-race');
  t.equal(choice(call('1', { state: 'connected' })), 'no-call');
  const calls = [call('1', {}), call('2', { ringingAt: 7 }), call('3', { target: dave, ringingAt: 1 })];
  const seen = (wanted: object) => chooseCall(calls, { ...who, ...wanted });
  t.match(seen({ newest: true }), { call: { id: '2' } });
  t.match(seen({ extensions: [alice], further: [[dave], [bob]] }), { call: { id: '3' } }, 'as the store would');
});

t.test('a key by INFO counts only in the early dialog of who looks', async (t) => {
  const { listen, door } = makeEarlyDigits();
  const heard: string[] = [];
  const stop = listen({ sipCallId: 'x', localTag: 'carol', remoteTag: 'us' }, (digit) => heard.push(digit));
  const presses = async (from: string, to: string, callId = 'x') => {
    const sent: Sent[] = [];
    const lines = [`From: <sip:102@acme.example>;tag=${from}`, `To: <sip:*94@acme.example>;tag=${to}`];
    const type = 'Content-Type: application/dtmf-relay';
    const head = ['INFO sip:us SIP/2.0', ...lines, `Call-ID: ${callId}`, 'CSeq: 2 INFO', type];
    await door(requestOf(head, '192.0.2.9', 'Signal=1'), responseFor(sent));
    return sent[0]?.status;
  };
  t.equal(await presses('dave', 'us'), 481);
  t.equal(await presses('carol', 'them'), 481);
  t.equal(await presses('carol', 'us', 'y'), 481);
  t.same(heard, [], 'nobody presses another’s key');
  t.equal(await presses('carol', 'us'), 200);
  t.same(heard, ['1']);
  stop();
  t.equal(await presses('carol', 'us'), 481, 'nor afterwards');
});
