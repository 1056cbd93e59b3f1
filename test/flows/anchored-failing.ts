import t, { type Test } from 'tap';
import type { Tenant } from '../../src/domain/office.js';
import type { Offer } from '../../src/flows/ports.js';
import { acme } from '../domain/acme.js';
import type { FakeMedia } from './fake-media.js';
import { fakeCaller, quiet } from './parties.js';
import { stage } from './stage.js';

const delayed: Offer = { kind: 'delayed' };
const withMedia = (media: Partial<Tenant['media']>): Tenant => ({ ...acme, media: { ...acme.media, ...media } });

/** Pickups that need the media server, each for another reason. */
const kinds: Readonly<Record<string, { caller?: Offer; picker?: Offer; tenant?: Tenant; isAlways?: boolean }>> = {
  'no common codec': {},
  'nobody makes an offer': { caller: delayed, picker: delayed },
  'all calls go there, the caller makes no offer': { caller: delayed, isAlways: true },
  'all calls go there, the picker makes no offer': { picker: delayed, isAlways: true },
  'the picker hears whose call it is': { tenant: withMedia({ announce: true }) },
  'the caller has heard early media': { tenant: withMedia({ ringback: 'server' }) },
};

/** What a media server does instead of what it was asked for. */
const faults: Readonly<Record<string, (media: FakeMedia) => boolean>> = {
  'says no': () => true,
  'is lost': (media) => {
    for (const each of media.endpoints) each.dies();
    media.isUp = false;
    return true;
  },
  'loses what it has just made': (media) => {
    queueMicrotask(() => media.endpoints.at(-1)?.dies());
    return false;
  },
};

/** Fails one request, of all that are made; the result tells how many there were. */
const failAt = (media: FakeMedia, at: number, fault: (media: FakeMedia) => boolean): (() => number) => {
  let asked = 0;
  const fails = () => {
    asked += 1;
    return asked === at && fault(media);
  };
  media.fails = { open: fails, bridge: fails, change: fails };
  return () => asked;
};

/** Carol picks up, and one request to the media server fails; the result tells how many there were. */
const pickUp = async (t: Test, name: string, [at, fault]: readonly [number, string]): Promise<number> => {
  const { caller: callerOffer, picker: pickerOffer, tenant = acme, isAlways } = kinds[name] ?? {};
  const s = stage(t, { tenant });
  Object.assign(s.deps, isAlways && { mediaUse: 'always' });
  s.media.isUp = true;
  s.cross.offers = () => ({ ok: false, why: 'no common codec' });
  const caller = fakeCaller('alice', callerOffer);
  await s.calls(caller);
  s.phone().rings();
  await quiet();
  const before = s.media.held;
  const asked = failAt(s.media, at, faults[fault] ?? (() => false));
  const taken = await s.picks(fakeCaller('carol', pickerOffer));
  Object.assign(s.media, { fails: {}, isUp: true });

  const where = `request ${at} ${fault}`;
  const rings = !taken.ok && s.live.size > 0;
  if (rings) {
    t.same([s.phone().stops, caller.heard], [[], ['180']], `${where}: the phones ring on, the caller waits`);
    t.ok(s.media.held <= before, `${where}: no endpoint stays`);
    const again = await s.picks(fakeCaller('dave', pickerOffer));
    // Alice's phone here cannot be asked to leave the lost server, so she is hung up on.
    const isOver = s.live.size === 0 && tenant.media.ringback === 'server' && fault === 'is lost';
    t.ok(again.ok || isOver, `${where}: the call is to be had`);
  }
  if (taken.ok || rings) await s.joints.at(-1)?.hangUp();
  for (const each of s.media.endpoints) if (taken.ok || rings) void each.release();
  await s.nothingLeft(...s.counted.results.slice(0, 1));
  return asked();
};

for (const name of Object.keys(kinds)) {
  t.test(`${name}: whatever request fails, the claim is given back or the call is properly ended`, async (t) => {
    const all = await pickUp(t, name, [0, 'says no']);
    t.ok(all >= 2, `${all} requests`);
    for (const fault of Object.keys(faults)) for (let at = 1; at <= all; at += 1) await pickUp(t, name, [at, fault]);
  });
}
