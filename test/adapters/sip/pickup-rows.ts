import t from 'tap';
import type { SealedClaim } from '../../../src/adapters/sip/claim-header.js';
import { forwardRequest } from '../../../src/adapters/sip/forward-request.js';
import { claimIn, makeForwardedDoor } from '../../../src/adapters/sip/forwarded.js';
import { makePersonalCodes } from '../../../src/adapters/sip/personal-codes.js';
import { makePickup, type PickupCall } from '../../../src/adapters/sip/pickup.js';
import { makeRefusePickup, refuseLeg, replies } from '../../../src/adapters/sip/replies.js';
import { makeServiceCodeDoor } from '../../../src/adapters/sip/service-codes.js';
import type { Group, GroupId } from '../../../src/domain/group.js';
import type { CallId, ClaimToken, InstanceId } from '../../../src/domain/names.js';
import { type failureProfiles, refusals } from '../../../src/domain/outcome.js';
import type { Service } from '../../../src/domain/service-code.js';
import type { Forwarding } from '../../../src/flows/forward-pickup.js';
import type { LiveCall } from '../../../src/flows/live-call.js';
import type { Next, PickupRequest } from '../../../src/flows/pick-up.js';
import type { Claim, Log, Meter } from '../../../src/flows/ports.js';
import type { Taken, Taking } from '../../../src/flows/take-call.js';
import { acme, alice, bob, carol, number, officeOf, tenant } from '../../domain/acme.js';
import { fakeCaller } from '../../flows/parties.js';
import { noting } from '../../flows/stage.js';
import { inviteOf } from './request.js';

const party = { name: 'Carol Clark', number: carol, domain: 'acme.example', private: false };

const groupOf = (id: string, own: string): Group => ({
  ...{ id: id as GroupId, name: id, number: number(own), notes: '', controllers: [carol] },
  ...{ listed: [bob], members: [bob] },
  ...{ rights: new Set(['pickup'] as const), strategy: 'ALL' as const, ringTime: 0 },
});

t.test('what stands after a pickup code: nothing, an extension, or a group that has a number', async (t) => {
  const groups = new Map(
    [groupOf('a'.repeat(24), '600'), groupOf('b'.repeat(24), alice)].map((each) => [each.id, each]),
  );
  const company = tenant('acme', { groups });
  const asked: PickupRequest[] = [];
  const door = makeServiceCodeDoor({
    pickup: async ({ request }) => void asked.push(request),
    preview: async ({ request }) => void asked.push(request),
    steal: async ({ leg }) => leg.refuse(299, 'Stolen'),
    personal: () => Promise.reject(new Error('nobody says anything of himself')),
  });
  const dial = async (service: Service, rest: string, own = company) => {
    const leg = fakeCaller('carol');
    asked.length = 0;
    await door({ service, rest, tenant: own, picker: carol, leg, party });
    return { request: asked[0], heard: leg.heard };
  };
  const same = { tenant: company, picker: carol };
  t.same((await dial('pickup', '')).request, { ...same, target: { by: 'group' }, kind: 'group' });
  t.same((await dial('pickup', '101')).request, {
    ...same,
    target: { by: 'number', extension: bob },
    kind: 'directed',
  });
  t.same((await dial('pickup', '600')).request, {
    ...same,
    target: { by: 'group', group: 'a'.repeat(24) },
    kind: 'group',
  });
  const both = (await dial('pickup', alice)).request;
  t.same(both?.target, { by: 'number', extension: alice }, 'an extension comes before a group of its number');
  t.same((await dial('pickup', '999')).request?.target, { by: 'number', extension: '999' }, 'the policy knows nobody');
  t.same(
    (await dial('pickup', '600', acme)).request?.target,
    { by: 'number', extension: '600' },
    'another company’s group',
  );
  for (const rest of ['10*1', '#', '10 1', '1'.repeat(65), 'ä']) {
    t.same((await dial('pickup', rest)).heard, ['404 No Such Extension'], rest);
  }
  const asterisk = tenant('acme', { failureProfile: 'asterisk' });
  t.same((await dial('pickup', '*', asterisk)).heard, ['403 Forbidden']);
  t.same((await dial('preview', '')).request, { ...same, target: { by: 'group' }, kind: 'preview' });
  const seen = { ...same, target: { by: 'number', extension: bob }, kind: 'preview' };
  t.same((await dial('preview', '101')).request, seen, 'to be looked at first');
  t.same((await dial('steal', '101')).heard, ['299 Stolen']);
  for (const service of ['eavesdrop', 'phone-replace'] as const) {
    t.same(await dial(service, '101', asterisk), { request: undefined, heard: ['501 Service Not Available'] }, service);
  }
});

t.test('*78, *79, *80, *81 and codes for away: what is said of oneself is noted, and the phone shows so', async (t) => {
  const noted: unknown[][] = [];
  const said: string[] = [];
  const dial = async (service: Service, isUp = true) => {
    const setPersonal: Parameters<typeof makePersonalCodes>[0]['setPersonal'] = async ({ id }, extension, now) => {
      noted.push([id, extension, now]);
      return isUp;
    };
    const door = makeServiceCodeDoor({
      pickup: () => Promise.reject(new Error('nothing is picked up')),
      preview: () => Promise.reject(new Error('nothing is looked at')),
      steal: () => Promise.reject(new Error('nothing is stolen')),
      personal: makePersonalCodes({ setPersonal, log: noting(said) }),
    });
    const leg = fakeCaller('carol');
    await door({ service, rest: '', tenant: acme, picker: carol, leg, party });
    return leg.heard[0];
  };
  const reason = (phrase: string) => `603 ${phrase} {"Reason":"SIP;cause=603;text=\\"${phrase}\\""}`;
  t.equal(await dial('pickup-deny'), reason('Pickup Denied From Now On'));
  t.equal(await dial('pickup-allow'), reason('Pickup Allowed From Now On'));
  t.same(noted, [
    ['acme', carol, { refusesPickup: true, how: 'code' }],
    ['acme', carol, { refusesPickup: false, how: 'code' }],
  ]);
  t.equal(await dial('dnd-on'), reason('Do Not Disturb From Now On'));
  t.equal(await dial('dnd-off'), reason('Calls Ring From Now On'));
  t.equal(await dial('away-on'), reason('Away From Now On'));
  t.equal(await dial('away-off'), reason('Back From Now On'));
  t.same(
    noted.slice(2),
    ['do-not-disturb', 'available', 'away', 'available'].map((presence) => ['acme', carol, { presence, how: 'code' }]),
  );
  t.match(await dial('pickup-deny', false), /^503 Service Unavailable/, 'what was not noted is not confirmed');
  t.same(said, Array(6).fill('said by phone'));
});

t.test('how a refused pickup sounds, by the company’s profile', async (t) => {
  const said = (refusal: (typeof refusals)[number], profile?: (typeof failureProfiles)[number]) => {
    const leg = fakeCaller('carol');
    refuseLeg(leg, refusal, profile);
    t.equal(leg.heard.length, 1);
    return leg.heard[0] ?? '';
  };
  const failed = ['no-call', 'lost-race', 'own-call', 'no-group', 'not-allowed', 'opted-out', 'private-call'];
  const alike = new Set([...failed, 'unknown-extension', 'unknown-group', 'caller-gone']);
  for (const refusal of refusals) {
    const usual = said(refusal);
    const { status, phrase } = replies[refusal];
    t.ok(usual.startsWith(`${status} ${phrase}`), usual);
    t.equal(said(refusal, 'default'), usual);
    t.equal(said(refusal, 'asterisk'), alike.has(refusal) ? '403 Forbidden' : usual, `asterisk: ${refusal}`);
    t.equal(said(refusal, 'ivoz'), alike.has(refusal) ? '404 Not Found' : usual, `ivoz: ${refusal}`);
  }
});

const claim: Claim = {
  call: '00000000-0000-4000-8000-000000000001' as CallId,
  owner: 'there' as InstanceId,
  target: bob,
  token: '00000000-0000-4000-8000-000000000002' as ClaimToken,
  ringingSince: Date.now() - 2_000,
};

/** One pickup through its last part: found like this, taken like that. */
const pickUp = async (next: Next, taken: Taken, request: Partial<PickupRequest> = {}) => {
  const [takings, forwardings, counted, lines]: [Taking[], Forwarding[], string[], object[]] = [[], [], [], []];
  const after: number[] = [];
  const meter = {
    pickupEnded: (kind: string, outcome: string) => void counted.push(`${kind} ${outcome}`),
    pickedUpAfter: (_kind: string, seconds: number) => void after.push(seconds),
  } as unknown as Meter;
  const log = { info: (facts: object, event: string) => event === 'pickup' && lines.push(facts) } as unknown as Log;
  const pickup = makePickup({
    pickUp: async () => next,
    takeCall: async (taking) => {
      takings.push(taking);
      return taken;
    },
    forwardPickup: async (forwarding) => {
      forwardings.push(forwarding);
      return taken;
    },
    refuse: makeRefusePickup(async () => undefined),
    meter,
    log,
  });
  const target = { by: 'number', extension: bob } as const;
  const leg = fakeCaller('carol');
  const call: PickupCall = {
    request: { tenant: acme, picker: carol, target, kind: 'directed', ...request },
    leg,
    party,
  };
  await pickup(call);
  return { takings, forwardings, counted, after, line: lines[0], lines: lines.length, heard: leg.heard };
};

t.test('a pickup has one final answer, one line and one count, however it was asked for', async (t) => {
  const call = { record: { id: claim.call } } as unknown as LiveCall;
  for (const kind of ['directed', 'group', 'replaces'] as const) {
    const here = await pickUp({ kind: 'take', call, claim }, { ok: true }, { kind });
    t.match(here.takings, [{ call, claim, by: { picker: carol, method: kind }, pickerParty: party }], kind);
    t.same([here.heard, here.counted], [[], [`${kind} answered`]]);
    t.match(here.line, { callId: claim.call, target: bob, tenant: 'acme', picker: carol, kind, outcome: 'answered' });
    t.ok((here.after[0] ?? 0) >= 2 && (here.after[0] ?? 0) < 60, 'so long the phone had rung');
    const there = await pickUp({ kind: 'forward', claim }, { ok: true }, { kind });
    t.match(there.forwardings, [{ claim, by: { picker: carol, method: kind }, pickerParty: party }]);
    t.same(there.counted, [`${kind} answered`]);

    const lost = await pickUp({ kind: 'forward', claim }, { ok: false, refusal: 'owner-unreachable' }, { kind });
    t.match(lost, { heard: [/^503 Service Unavailable/], counted: [`${kind} error`], after: [], lines: 1 });
    const no = await pickUp({ kind: 'refuse', refusal: 'no-call' }, { ok: true }, { kind });
    t.match(no.line, { target: bob, refusal: 'no-call', outcome: 'no_call' });
    t.match(no, { heard: [/^480 No Call To Pick Up/], counted: [`${kind} no_call`], lines: 1, takings: [] });
  }
  const ivoz = { tenant: tenant('acme', { failureProfile: 'ivoz' }) };
  const missed = await pickUp({ kind: 'take', call, claim }, { ok: false, refusal: 'lost-race' }, ivoz);
  t.same(missed.heard, ['404 Not Found']);
});

t.test('what is handed on to the owner says who asked, and how', async (t) => {
  const by = { picker: carol, method: 'replaces' } as const;
  const offer = { kind: 'delayed' } as const;
  const pickerIds = { sipCallId: 'carol@phone', localTag: 'of carol', remoteTag: 'ours' };
  const from = { tenant: acme, by, pickerParty: party, pickerIds };
  const request = forwardRequest({ owner: 'sip:there', claim, offer, ...from }, 'secret');
  t.match(request, { uri: 'sip:there', caller: party, callee: { number: bob, domain: 'acme.example' }, isOurs: true });
  const sealed: SealedClaim = { tenant: acme.id, call: claim.call, token: claim.token, ...by, pickerIds };
  t.same(claimIn(inviteOf(request.passed), 'secret'), sealed);
  t.equal(claimIn(inviteOf(request.passed), 'another'), undefined);
  t.equal(claimIn(inviteOf(request.passed), undefined), undefined, 'before the secret is known');
  t.equal(claimIn(inviteOf(), 'secret'), undefined);
});

t.test('the owner’s door takes the call for the picker of another instance', async (t) => {
  const sealed: SealedClaim = {
    tenant: acme.id,
    call: claim.call,
    token: claim.token,
    picker: carol,
    method: 'replaces',
  };
  const knock = async (
    held: { take?: boolean; isOver?: boolean; of?: typeof acme } | undefined,
    { taken = { ok: true } as Taken, office = officeOf(acme) } = {},
  ) => {
    const takings: Taking[] = [];
    const log = { info: () => undefined } as unknown as Log;
    const call = held && { tenant: held.of ?? acme, take: () => held.take ?? true, isOver: held.isOver ?? false, log };
    const door = makeForwardedDoor({
      office: () => office,
      calls: {} as never,
      live: { get: (id: CallId) => (id === sealed.call ? call : undefined) } as never,
      takeCall: async (taking) => {
        takings.push(taking);
        return taken;
      },
      log,
    });
    const leg = fakeCaller('carol');
    await door(sealed, leg, true);
    return { takings, heard: leg.heard };
  };
  const won = await knock({});
  const pickerParty = { name: 'Carol Clark', number: carol, domain: 'acme.example', private: true };
  t.match(won, { heard: [], takings: [{ tenant: acme, by: { picker: carol, method: 'replaces' }, pickerParty }] });
  const gone = [`480 Caller Has Hung Up ${JSON.stringify(replies['caller-gone'].headers)}`];
  t.same((await knock(undefined)).heard, gone);
  t.same((await knock({ take: false, isOver: true })).heard, gone);
  t.same((await knock({ of: tenant('other') })).heard, gone, 'a wall is a wall, whatever was sealed');
  t.same((await knock({}, { office: officeOf(tenant('other')) })).heard, gone, 'a company that is no more');
  t.same((await knock({ take: false })).heard, ['486 Picked Up By Another']);
  t.match((await knock({}, { taken: { ok: false, refusal: 'media-mismatch' } })).heard, [/^488 /]);
});
