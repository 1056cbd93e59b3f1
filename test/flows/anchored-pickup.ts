import t from 'tap';
import type { Endpoint } from '../../src/flows/media.js';
import { acme, bob } from '../domain/acme.js';
import { fakeCaller, quiet } from './parties.js';
import { stage } from './stage.js';

const ringing = async (t: Parameters<typeof stage>[0], caller = fakeCaller('alice'), tenant = acme) => {
  const s = stage(t, { tenant });
  s.media.isUp = true;
  s.cross.offers = () => ({ ok: false, why: 'no common codec' });
  await s.calls(caller);
  s.phone().rings();
  await quiet();
  return { ...s, caller };
};

t.test('offers that cannot be crossed are joined by two endpoints, ready before the phones stop', async (t) => {
  const s = await ringing(t);
  const picker = fakeCaller('carol');
  s.media.meanwhile = () => void t.same(s.phone().stops, [], 'the phones ring until the media is ready');
  t.same(await s.picks(picker), { ok: true });
  t.same(picker.heard, ['200 endpoint 2 for offer of carol']);
  t.same(s.caller.heard, ['180', '200 endpoint 1 for offer of alice']);
  t.equal(s.media.endpoints[0]?.hears, s.media.endpoints[1]);
  t.match([s.counted.anchored, s.anchors.size], [1, 2]);
  t.same(s.phone().stops, [{ kind: 'elsewhere' }]);
  const [callers, pickers] = s.media.endpoints;
  await s.joints[0]?.hangUp();
  for (const each of [callers, pickers]) void each?.release(); // The legs of this stage never end by themselves.
  await s.nothingLeft('picked_up');
});

t.test('both without an offer, or one: the endpoint makes it', async (t) => {
  for (const [caller, picker] of [
    [fakeCaller('alice', { kind: 'delayed' }), fakeCaller('carol', { kind: 'delayed' })],
    [fakeCaller('alice', { kind: 'delayed' }), fakeCaller('carol')],
    [fakeCaller('alice'), fakeCaller('carol', { kind: 'delayed' })],
  ] as const) {
    const s = await ringing(t, caller);
    Object.assign(s.deps, { mediaUse: 'always' });
    t.same(await s.picks(picker), { ok: true });
    for (const [index, each] of [caller, picker].entries()) {
      const isDelayed = each.offer.kind === 'delayed';
      const name = each === caller ? 'alice' : 'carol';
      const number = index + 1;
      t.equal(
        each.heard.at(-1),
        isDelayed ? `200 offer offer of endpoint ${number}` : `200 endpoint ${number} for offer of ${name}`,
      );
      t.equal(s.media.endpoints[index]?.did.includes(`change answer of ${name}`), isDelayed);
    }
    await s.joints[0]?.hangUp();
    for (const each of s.media.endpoints) void each.release();
    await s.nothingLeft('picked_up');
  }
});

t.test('a picker that makes keys first: the phones ring until it can hear, or has gone', async (t) => {
  const body = 'offer of carol\r\na=fingerprint:sha-256 00\r\n';
  for (const isThere of [true, false]) {
    const s = await ringing(t);
    const picker = fakeCaller('carol', { kind: 'sdp', body });
    let hasKeys: () => void = () => undefined;
    const keys = new Promise<void>((resolve) => {
      hasKeys = resolve;
    });
    const { open } = s.media;
    s.media.open = async (request) => {
      const endpoint = await open(request);
      if (endpoint && request.offer === body) endpoint.hush = () => keys;
      return endpoint;
    };
    const taken = s.picks(picker);
    await quiet();
    t.match(picker.heard, [/^200 /], 'it has its answer');
    t.same([s.phone().stops, s.caller.heard], [[], ['180']]);
    if (isThere) hasKeys();
    else s.caller.cancels();
    t.match(await taken, isThere ? { ok: true } : { ok: false, refusal: 'caller-gone' });
    await s.joints[0]?.hangUp();
    for (const each of s.media.endpoints) void each.release();
    await s.nothingLeft(isThere ? 'picked_up' : 'cancelled');
  }
});

/** Ways in which it fails before the phones were stopped: each time they ring on, and no endpoint stays. */
const failures: Record<
  string,
  (s: Awaited<ReturnType<typeof ringing>>, picker: ReturnType<typeof fakeCaller>) => void
> = {
  'no server': ({ media }) => {
    media.isUp = false;
  },
  'nothing to be made of the picker’s offer': ({ media }) => {
    media.fails.open = ({ offer }) => offer === 'offer of carol';
  },
  'nothing to be made of the caller’s offer': ({ media }) => {
    media.fails.open = ({ offer }) => offer === 'offer of alice';
  },
  'the picker has gone': (_s, picker) => {
    picker.failsWith = 'picker-gone';
  },
  'a surprise': (_s, picker) => {
    picker.failsWith = new Error('surprise');
  },
  'the two are not bridged': ({ media }) => {
    media.fails.bridge = () => true;
  },
  'the server is lost before they are': ({ media }) => {
    media.meanwhile = (what) => {
      if (what === 'bridge') for (const each of media.endpoints) each.dies();
    };
  },
};

for (const [name, breaks] of Object.entries(failures)) {
  t.test(`${name}: the phones ring on`, async (t) => {
    const s = await ringing(t);
    const picker = fakeCaller('carol');
    breaks(s, picker);
    t.match(await s.picks(picker), { ok: false });
    t.same(s.phone().stops, []);
    t.same(s.caller.heard, ['180']);
    t.equal(s.media.held, 0);
    s.media.isUp = true;
    s.media.fails = {};
    s.media.meanwhile = () => undefined;
    t.same(await s.picks(fakeCaller('dave')), { ok: true }, 'and the call is to be had');
    await s.joints[0]?.hangUp();
    for (const each of s.media.endpoints) void each.release();
    await s.nothingLeft('picked_up');
  });
}

t.test('the caller hangs up at each moment', async (t) => {
  for (const moment of ['open', 'bridge'] as const) {
    const s = await ringing(t);
    let isFirst = true;
    s.media.meanwhile = (what) => {
      if (what === moment && isFirst) s.caller.cancels();
      if (what === moment) isFirst = false;
    };
    t.same(await s.picks(), { ok: false, refusal: 'caller-gone' });
    t.equal(s.media.held, 0);
    await s.nothingLeft('cancelled');
  }
});

t.test('a caller who heard the media server’s tone is told the same by the 200', async (t) => {
  const tenant = { ...acme, media: { ...acme.media, ringback: 'server' as const } };
  const caller = fakeCaller('alice');
  const early: (string | undefined)[] = [];
  const plain = caller.ringing;
  const told = {
    ...caller,
    ringing: (given?: { sdp?: string }) => {
      early.push(given?.sdp);
      plain();
    },
  };
  Object.defineProperty(told, 'gone', { get: () => caller.gone });
  const s = await ringing(t, told, tenant);
  t.same(early, ['endpoint 1 for offer of alice']);
  t.same(s.media.endpoints[0]?.did, ['play ringback']);
  t.match(s.phone().request.offer, { kind: 'delayed' }, 'the phones make offers');

  s.media.fails.bridge = () => true;
  t.match(await s.picks(), { ok: false });
  t.same(s.media.endpoints[0]?.did.at(-1), 'play ringback', 'a pickup that failed: it hears the tone again');
  s.media.fails = {};
  const picker = fakeCaller('dave');
  t.same(await s.picks(picker), { ok: true });
  t.same(told.heard, ['180', '200 endpoint 1 for offer of alice']);
  await s.joints[0]?.hangUp();
  for (const each of s.media.endpoints) void each.release();
  await s.nothingLeft('picked_up');

  const answered = await ringing(t, fakeCaller('alice'), tenant);
  answered.phone().offers();
  await quiet();
  t.same(answered.caller.heard.at(-1), '200 endpoint 1 for offer of alice');
  t.same(answered.phone().acknowledged, ['endpoint 2 for offer of bob-desk']);
  await answered.joints[0]?.hangUp();
  for (const each of answered.media.endpoints) void each.release();
  await answered.nothingLeft('answered');

  const gaveUp = await ringing(t, fakeCaller('alice'), tenant);
  gaveUp.caller.cancels();
  await gaveUp.nothingLeft('cancelled');
});

t.test('the picker who looked at the call first is told the same by the 200', async (t) => {
  const s = await ringing(t);
  const endpoint = (await s.media.open({ offer: 'offer of carol', call: 'call-1' as never })) as Endpoint;
  const next = await s.pickUp({
    tenant: acme,
    picker: '102' as never,
    target: { by: 'number', extension: bob },
    kind: 'preview',
  });
  const picker = fakeCaller('carol');
  if (next.kind !== 'take') throw new Error('nothing to take');
  const taken = await s.takeCall({
    ...{ tenant: acme, call: next.call, claim: next.claim, picker, pickerEndpoint: endpoint },
    ...{ by: { picker: '102' as never, method: 'preview' }, pickerParty: s.people.pickerParty },
  });
  t.same(taken, { ok: true });
  t.same(picker.heard, [`200 ${endpoint.sdp}`]);
  await s.joints[0]?.hangUp();
  for (const each of s.media.endpoints) void each.release();
  t.equal(s.counted.anchored, 0);
});
