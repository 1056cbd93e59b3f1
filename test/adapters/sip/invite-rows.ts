import t from 'tap';
import { claimHeader, openClaim, type SealedClaim, sealClaim } from '../../../src/adapters/sip/claim-header.js';
import { guarded } from '../../../src/adapters/sip/door.js';
import type { Sender } from '../../../src/adapters/sip/identity.js';
import { makeInviteDoor } from '../../../src/adapters/sip/invite.js';
import type { ReplacesCall } from '../../../src/adapters/sip/replaces-door.js';
import type { ServiceCall } from '../../../src/adapters/sip/service-codes.js';
import { openLegs } from '../../../src/adapters/sip/sip-leg.js';
import type { Log } from '../../../src/flows/ports.js';
import type { IncomingCall } from '../../../src/flows/route-call.js';
import { acme, carol, tenant } from '../../domain/acme.js';
import { inviteOf, responseFor, type Sent } from './request.js';

const secret = 'what instances share';
const fromCarol: Sender = { kind: 'extension', tenant: acme, extension: carol };
const fromOutside: Sender = { kind: 'outside', tenant: acme };

/** Sends one INVITE through the door. */
const invite = async (
  args: Parameters<typeof inviteOf>,
  { sender = fromCarol, draining = false }: { sender?: Sender; draining?: boolean } = {},
) => {
  const sent: Sent[] = [];
  const counted: string[] = [];
  const [calls, codes, handed]: [IncomingCall[], ServiceCall[], SealedClaim[]] = [[], [], []];
  const keys: ReplacesCall[] = [];
  const door = makeInviteDoor({
    identify: () => sender,
    open: openLegs(),
    isDraining: () => draining,
    routeCall: async (call) => void calls.push(call),
    serviceCode: async (call) => void codes.push(call),
    replaces: async (call) => void keys.push(call),
    forwarded: async (claim) => void handed.push(claim),
    forwardedAct: () => Promise.reject(new Error('nobody acts on an answered call')),
    secret: () => secret,
    rejected: (reason) => void counted.push(reason),
  });
  await door(inviteOf(...args), responseFor(sent));
  return {
    sent: sent[0],
    call: calls[0],
    code: codes[0],
    handed: handed[0],
    key: keys[0],
    counted,
    reached: calls.length + codes.length + keys.length + handed.length + sent.length,
  };
};

const dial = (user: string, otherwise: Parameters<typeof invite>[1] = {}) =>
  invite([{}, { uri: `sip:${user}@acme.example` }], otherwise);

t.test('each INVITE goes to one door', async (t) => {
  t.match(await dial('101'), { call: { target: '101', callerExtension: carol, trunk: undefined }, reached: 1 });
  t.match(await dial('*95101'), { code: { service: 'pickup', rest: '101', picker: carol }, reached: 1 });
  t.match(await dial('%2A95101%23;phone-context=x'), { code: { service: 'pickup', rest: '101' }, reached: 1 });
  t.match(await dial('*95'), { code: { service: 'pickup', rest: '' } });
  t.match(await dial('*80'), { code: { service: 'pickup-deny' } });
  for (const user of ['999', '*', '*9', '1'.repeat(65), '%00', '%zz', '%0d%0aVia:x']) {
    t.match(await dial(user), { sent: { status: 404 }, reached: 1 }, user);
  }
  t.match(await invite([{}, { uri: 'tel:101' }]), { call: { target: '101' } });
});

t.test('Replaces goes to its own door, whatever number was dialled with it', async (t) => {
  const Replaces = 'id@here;to-tag=1;from-tag=2';
  const dialled = ['101', '999', '*95', '*95101', '%00', '*78', '1'.repeat(65)];
  for (const user of dialled) {
    const key = { value: Replaces, tenant: acme, picker: carol, party: { name: 'Carol Clark' } };
    t.match(await invite([{ Replaces }, { uri: `sip:${user}@acme.example` }]), { key, reached: 1 }, user);
  }
  t.match(await invite([{ Replaces, Require: 'replaces' }]), { key: { value: Replaces }, reached: 1 }, 'RFC 3891 6.2');
  t.match(await invite([{ Replaces }], { draining: true }), { key: { value: Replaces } }, 'also while draining');
  t.match(await invite([{ Replaces: '' }]), { key: { value: '' }, reached: 1 }, 'an empty one is the door’s to refuse');
  const join = await invite([{ Replaces, Join: 'other@here;to-tag=1;from-tag=2' }]);
  t.match(join, { sent: { status: 400, phrase: 'Replaces And Join' }, reached: 1 }, 'RFC 3891 section 3');
  const outside = await invite([{ Replaces }], { sender: fromOutside });
  t.match(outside, { sent: { status: 481 }, key: undefined, reached: 1 }, 'who comes from outside learns nothing');
  t.match(await invite([{ Replaces }], { sender: { kind: 'challenge', value: 'Digest x' } }), {
    sent: { status: 401 },
  });
});

t.test('a caller says that its call is private', async (t) => {
  const isPrivate = async (value: string | undefined) =>
    (await invite([value === undefined ? {} : { 'X-Callpickup-Private': value }])).call?.isPrivate;
  for (const value of ['yes', 'YES', ' yes ']) t.equal(await isPrivate(value), true, value);
  for (const value of [undefined, '', 'no', 'yes, yes', 'yes;x', 'true', '1'])
    t.equal(await isPrivate(value), false, String(value));
});

t.test('who is nobody reaches nobody', async (t) => {
  const challenged = await dial('101', { sender: { kind: 'challenge', value: 'Digest x' } });
  t.match(challenged, { sent: { status: 401, headers: { 'WWW-Authenticate': 'Digest x' } }, counted: [], reached: 1 });
  const forbidden = await dial('101', { sender: { kind: 'forbidden', why: 'x' } });
  t.match(forbidden, { sent: { status: 403, phrase: 'Forbidden' }, counted: ['identity'], reached: 1 });
  t.match(await dial('101', { draining: true }), {
    sent: { status: 503, headers: { 'Retry-After': /^\d+$/ } },
    counted: ['draining'],
  });
  t.match(await invite([{ Contact: undefined }]), { sent: { status: 400 }, counted: ['bad-request'], reached: 1 });
});

t.test('who comes from outside', async (t) => {
  const trunk = tenant('acme', { trunk: 'sip:trunk.example' });
  t.match(await dial('101', { sender: fromOutside }), { call: { target: '101', callerExtension: undefined } });
  t.match(await dial('*95101', { sender: fromOutside }), { sent: { status: 403 }, reached: 1 }, 'may not pick up');
  t.match(await dial('+4930', { sender: { ...fromCarol, tenant: trunk } }), { call: { trunk: 'sip:trunk.example' } });
  t.match(
    await dial('+4930', { sender: { ...fromOutside, tenant: trunk } }),
    { sent: { status: 404 } },
    'V31: nor go out again',
  );
});

t.test('who the other side is told about', async (t) => {
  const party = async (headers: Record<string, string>, sender: Sender) =>
    (await invite([headers], { sender })).call?.callerParty;
  const lie = { From: '"The Boss" <sip:100@boss.example>;tag=1' };
  t.same(
    await party(lie, fromCarol),
    { name: 'Carol Clark', number: carol, domain: 'acme.example', private: false },
    'not what From says',
  );
  t.same(await party(lie, fromOutside), { name: 'The Boss', number: '100', domain: 'boss.example', private: false });
  for (const Privacy of ['id', 'user;id', 'header', 'ID'])
    t.match(await party({ Privacy }, fromCarol), { private: true }, Privacy);
  for (const Privacy of ['none', 'session', 'idle'])
    t.match(await party({ Privacy }, fromCarol), { private: false }, Privacy);
  const odd = { From: `"${'x'.repeat(200)}" <sip:${'1'.repeat(63)}😀@a_b.example>;tag=1` };
  const shown = await party(odd, fromOutside);
  t.match(shown, { domain: 'acme.example' }, 'a host that is none is ours');
  t.ok((shown?.name.length ?? 0) <= 80 && (shown?.number.length ?? 0) <= 64, 'and nothing is longer than a display');
});

t.test('F23: a second INVITE under the same Call-ID is refused while the first one waits', async (t) => {
  let release: () => void = () => undefined;
  const waiting = new Promise<void>((resolve) => {
    release = resolve;
  });
  const door = makeInviteDoor({
    identify: () => fromCarol,
    open: openLegs(),
    isDraining: () => false,
    routeCall: () => waiting,
    serviceCode: () => waiting,
    replaces: () => waiting,
    forwarded: () => waiting,
    forwardedAct: () => waiting,
    secret: () => secret,
    rejected: () => undefined,
  });
  const [one, two, three, other]: [Sent[], Sent[], Sent[], Sent[]] = [[], [], [], []];
  const request = (sent: Sent[], headers = {}) => {
    const req = inviteOf(headers);
    Object.assign(req, { agent: { mapServer: new Map() } });
    return door(req, responseFor(sent));
  };
  const first = request(one);
  await request(two);
  t.match(two, [{ status: 482 }], 'RFC 3261 8.2.2.2');
  const elsewhere = request(other, { 'Call-ID': 'another@phone' });
  t.same([one, other], [[], []], 'the first one waits on, and so does another');
  release();
  await Promise.all([first, elsewhere]);
  await request(three);
  t.same(three, [], 'afterwards the Call-ID is free again');
});

t.test('a surprise is answered, logged with the Call-ID, and ends nothing', async (t) => {
  const logged: [object, string][] = [];
  const log = { error: (facts: object, event: string) => void logged.push([facts, event]) } as unknown as Log;
  for (const surprise of [new TypeError('x'), 'text', undefined]) {
    const sent: Sent[] = [];
    await guarded(() => Promise.reject(surprise), log)(inviteOf(), responseFor(sent));
    t.match(sent, [{ status: 500 }]);
  }
  t.match(logged[0], [{ sipCallId: 'call@192.0.2.9', method: 'INVITE', error: /TypeError: x/ }, 'surprise']);
  const late: Sent[] = [];
  const answered = guarded(async (_req, res) => {
    res.send(486);
    throw new Error('after the answer');
  }, log);
  await answered(inviteOf(), responseFor(late));
  t.match(late, [{ status: 486 }], 'and is never answered twice');
});

const sealed: SealedClaim = {
  tenant: acme.id,
  call: '00000000-0000-4000-8000-000000000001' as SealedClaim['call'],
  token: '00000000-0000-4000-8000-000000000002' as SealedClaim['token'],
  picker: carol,
  method: 'replaces',
};

t.test('DESIGN 3.10: a claim that another instance hands on is believed by its seal only', async (t) => {
  const now = 1_700_000_000_000;
  const header = sealClaim(sealed, secret, now);
  t.same(openClaim(header, secret, now + 29_000), sealed);
  t.same(openClaim(header, secret, now - 29_000), sealed, 'clocks may differ');
  t.equal(openClaim(header, secret, now + 31_000), undefined, 'an old one is none');
  t.equal(openClaim(header, secret, now - 31_000), undefined);
  t.equal(openClaim(header, 'another secret', now), undefined);
  t.equal(openClaim(header, '', now), undefined);
  for (let i = 0; i < header.length; i += 1) {
    const other = header[i] === '0' ? '1' : '0';
    const forged = header.slice(0, i) + other + header.slice(i + 1);
    if (openClaim(forged, secret, now)) t.fail(`character ${i} may be changed`);
  }
  for (const text of [
    '',
    ' ',
    'v1',
    header.replace('v3', 'v2'),
    header.replace('replaces', 'directed'),
    header.slice(0, -1),
    `${header} `,
    ` ${header}`,
    `${header}${header}`,
    'x'.repeat(5_000),
  ]) {
    t.equal(openClaim(text, secret, now), undefined);
  }
  const odd = [{ tenant: 'a b' }, { tenant: '*' }, { picker: '*' }, { call: 'x' }, { token: '../x' }, { call: '' }];
  for (const changes of odd) {
    t.equal(
      openClaim(sealClaim({ ...sealed, ...changes } as SealedClaim, secret, now), secret, now),
      undefined,
      JSON.stringify(changes),
    );
  }
});

t.test('an INVITE with a sealed claim goes to the owner’s door, any other one to its own', async (t) => {
  const handOn = (value: string) => invite([{ [claimHeader]: value }], { sender: { kind: 'forbidden', why: 'x' } });
  t.match(await handOn(sealClaim(sealed, secret)), { handed: sealed, reached: 1 });
  for (const value of ['v1', sealClaim(sealed, 'another'), sealClaim(sealed, secret, Date.now() - 60_000)]) {
    t.match(await handOn(value), { handed: undefined, sent: { status: 403 }, reached: 1 });
  }
  t.match(
    await invite([{ [claimHeader]: sealClaim(sealed, secret) }], { draining: true }),
    { handed: sealed },
    'F18: also while draining',
  );
});
