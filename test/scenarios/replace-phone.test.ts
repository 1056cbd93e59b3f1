import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { listensTo } from '../support/event-reader.js';
import { office } from '../support/office.js';
import { type Phone, phone } from '../support/phone.js';
import { startRedis } from '../support/redis.js';
import { restClient } from '../support/rest.js';
import { ground } from '../support/service.js';
import { storiesAfterRestart } from './replace-restarted.js';
import { account, companyOf, hashed, hears, isOnlyTried, keptIn, pinsIn, ringsAt, talkingAt } from './replace-stage.js';
import { areAt, talksTo } from './transfer-stage.js';

t.comment(`on ${ground}`);

const [alicesPin, bobsPin, noPin] = await Promise.all(['246802468024', '135791357913', '12'].map(hashed));
const pins = { alice: alicesPin?.out ?? '', bob: bobsPin?.out ?? '' };
const folder = await mkdtemp(join(tmpdir(), 'cp-replace-'));
const shared = await startRedis('shared');
t.teardown(async () => {
  await shared.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Phones of this address are behind an edge, which has asked for their passwords. */
const edge = '127.0.0.9';
const env = {
  REDIS_URL: `redis://127.0.0.1:${shared.port}`,
  ...{ DRACHTIO_HOST: '', SIP_TRUSTED_EDGES: `${edge}/32` },
};
const text = companyOf(pins);
const first = await office(t, { office: text, env: { ...env, INSTANCE_ID: 'first' } });
await first.says(({ msg }) => msg === 'media server connected', 15_000);

const [alices, bobs, carols, daves] = (await Promise.all(
  ['100', '101', '102', '103'].map((number) => first.phone(number, account(number))),
)) as [Phone, Phone, Phone, Phone];
const owner = await restClient(first);
const events = await listensTo(`${first.http}/v1/events`, { authorization: `Bearer ${owner.token}` });
t.teardown(async () => events.close());

/** The next event of phones that were changed, whatever calls do meanwhile. */
const nextChange = async () => {
  for (;;) {
    const heard = await events.next();
    if (heard.event === 'phones-changed') return heard.data;
  }
};
const counted = (outcome: string) => first.metric('callpickup_phone_changes_total', { outcome });
const presenceOf = async (number: string) => (await owner.ask(`GET /v1/extensions/${number}`)).json.presence;

t.test('a PIN is hashed by the program beside the service, and nothing else is', async (t) => {
  t.match(alicesPin, { code: 0, out: /^scrypt-14-8-1:[\w-]{22}:[\w-]{43}$/ });
  t.not(alicesPin?.out, (await hashed('246802468024')).out, 'each has a salt of its own');
  t.match(noPin, { code: 2, out: '' });
});

t.test('who may not change phones, and what is no PIN', async (t) => {
  t.equal(await hears(daves, '*77101*135791357913'), '403 Changing Phones Not Allowed');
  t.equal(await hears(alices, '*77103*135791357913'), '403 Changing Phones Not Allowed');
  t.equal(await hears(alices, '*77999*135791357913'), '404 No Such Extension');
  t.equal(await hears(alices, '*77101'), '484 Address Incomplete');
  t.equal(await hears(alices, '*77'), '403 No Phones To Change Back');
  t.equal(await hears(alices, '*77101*246802468024'), '403 Wrong PIN', 'one’s own');
  t.equal(await hears(alices, '*77102*135791357913'), '403 Wrong PIN', 'Carol has none');
  t.equal(await counted('wrong_pin'), 2);
  t.equal(await counted('not_allowed'), 2);
  t.match(await isOnlyTried(carols, '100', alices), /sip:100@/, 'nothing has changed');
});

t.test('Alice changes phones with Bob: calls, identity, pickup rights and lamps follow the extension', async (t) => {
  const lamp = alices.watches('102');
  await lamp.accepted();
  t.equal(await hears(alices, '*77101*135791357913'), '603 Phones Changed');
  t.match(await nextChange(), { by: { extension: '100', name: 'Alice Adams' }, other: { extension: '101' } });
  const { json } = await owner.ask('GET /v1/extensions?changed=true');
  t.match(json, {
    total: 2,
    extensions: [{ changedWith: { extension: '101' } }, { changedWith: { extension: '100' } }],
  });

  await t.test('calls', async (t) => {
    t.match(await isOnlyTried(carols, '100', bobs), /sip:100@/);
    t.match(await isOnlyTried(carols, '101', alices), /sip:101@/);
    await isOnlyTried(daves, '800', bobs);
  });
  await t.test('identity', async (t) => {
    const call = bobs.calls('102');
    const leg = await carols.isCalled();
    t.match(leg.request.get('From'), /"Alice Adams" <sip:100@acme\.example>/);
    leg.rings();
    const [answered] = await Promise.all([call.answered(), leg.answers()]);
    t.match(answered.get('P-Asserted-Identity'), /Carol Clark/);
    await Promise.all([call.hangsUp(), leg.isHungUp()]);
  });
  await t.test('identity and account of a phone behind an edge', async (t) => {
    const proven = { 'X-Callpickup-Identity': 'acme/101' };
    const second = await phone(t, { number: '101', domain: 'acme.example', host: edge, server: first.sip });
    t.equal((await second.registers({ headers: proven })).status, 200, 'by its own number');
    const another = await phone(t, { number: '100', domain: 'acme.example', host: edge, server: first.sip });
    t.match((await another.registers({ headers: proven })).startLine, /403 Not Your Extension/);
    const call = second.calls('102', { headers: proven });
    const leg = await carols.isCalled();
    t.match(leg.request.get('From'), /"Alice Adams" <sip:100@acme\.example>/);
    await Promise.all([call.cancels(), leg.stopsRinging()]);
    const both = carols.calls('100');
    await Promise.all([bobs.isCalled(), second.isCalled()]);
    await both.cancels();
    t.equal((await second.registers({ expires: 0, headers: proven })).status, 200);
  });
  await t.test('pickup rights: by group, by number, by a key', async (t) => {
    const one = await ringsAt(daves, '102', carols);
    t.match(await hears(alices, '*95102'), /^403/, 'Alice’s phone is Bob’s, who may not');
    const pickup = bobs.calls('*95');
    await Promise.all([pickup.answered(), one.call.answered(), one.leg.stopsRinging()]);
    t.equal(talksTo(one.call), '', 'who calls is not called anew');
    await Promise.all([pickup.hangsUp(), one.call.isHungUp()]);

    const his = bobs.watches('102');
    await his.accepted();
    const other = await ringsAt(daves, '102', carols);
    const { dialogs } = await his.sees((shown) => shown.dialogs.some(({ state }) => state === 'early'));
    const shown = dialogs.find(({ state }) => state === 'early');
    const headers = { Replaces: `${shown?.callId};to-tag=${shown?.remoteTag};from-tag=${shown?.localTag};early-only` };
    t.match((await alices.calls('102', { headers }).fails()).startLine, /403/, 'knowing the dialog is no permission');
    const key = bobs.calls('102', { headers });
    const [taken] = await Promise.all([key.answered(), other.call.answered(), other.leg.stopsRinging()]);
    t.match(taken.get('P-Asserted-Identity'), /Dave Davis/);
    await Promise.all([key.hangsUp(), other.call.isHungUp()]);
    await his.unsubscribes();
    t.same(his.faults, []);
  });
  await t.test('what may be done to answered calls', async (t) => {
    const { call } = await talkingAt(daves, '102', carols);
    await first.reaches('callpickup_active_calls', (active) => active === 1);
    t.equal(await hears(alices, '*33102'), '403 Pickup Not Allowed');
    t.equal(await hears(alices, '*96102'), '403 Pickup Not Allowed');
    const listener = bobs.calls('*33102');
    await listener.answered();
    await listener.hangsUp();
    await first.reaches('callpickup_anchored_calls', (anchored) => anchored === 0);
    const steal = bobs.calls('*96102');
    await steal.answered();
    t.equal(talksTo(call), '"Alice Adams" <sip:100@acme.example>');
    await Promise.all([steal.hangsUp(), call.isHungUp()]);
  });
  await t.test('lamps', async (t) => {
    t.match((await lamp.isOver()).get('Subscription-State'), /^terminated;reason=deactivated/);
    t.equal((await alices.watches('102').refused()).status, 403, 'it subscribes anew, as Bob');
    const hers = carols.watches('100');
    await hers.accepted();
    const { call, leg } = await ringsAt(daves, '100', bobs);
    await hers.sees(({ dialogs }) => dialogs.some(({ state }) => state === 'early'));
    const pickup = carols.calls('*95100');
    await Promise.all([pickup.answered(), call.answered(), leg.stopsRinging()]);
    await hers.sees(({ dialogs }) => dialogs.every(({ state }) => state === 'terminated'));
    await Promise.all([pickup.hangsUp(), call.isHungUp()]);
    await hers.unsubscribes();
    t.same([...lamp.faults, ...hers.faults], []);
  });
  await t.test('presence', async (t) => {
    const hers = carols.watches('100', { event: 'presence' });
    await hers.sees(({ presence }) => presence?.note === 'Available');
    t.equal(await hears(bobs, '*78'), '603 Do Not Disturb From Now On');
    await hers.sees(({ presence }) => presence?.note === 'Do Not Disturb');
    t.equal(await hears(daves, '100'), '480 Do Not Disturb');
    t.match(await isOnlyTried(daves, '101', alices), /sip:101@/);
    t.equal(await hears(bobs, '*79'), '603 Calls Ring From Now On');
    await hers.unsubscribes();
    t.same(hers.faults, []);
    const document =
      '<?xml version="1.0"?><presence xmlns="urn:ietf:params:xml:ns:pidf" entity="sip:100@acme.example">' +
      '<tuple id="a"><status><basic>closed</basic></status></tuple></presence>';
    const headers = { Event: 'presence', 'Content-Type': 'application/pidf+xml', Expires: '600' };
    const published = await alices.sends('PUBLISH', '100', { body: document, headers });
    t.equal(published.status, 200, 'a phone publishes for its own account');
    t.same([await presenceOf('100'), await presenceOf('101')], ['available', 'away'], 'it is Bob’s presence');
    t.equal(await hears(alices, '*79'), '603 Calls Ring From Now On');
  });
  await t.test('texts', async (t) => {
    const headers = { 'Content-Type': 'text/plain' };
    for (const [number, at] of [
      ['100', bobs],
      ['101', alices],
    ] as const) {
      const [sent, text] = await Promise.all([
        carols.sends('MESSAGE', number, { body: `to ${number}`, headers }),
        at.receives(),
      ]);
      t.match([sent.status, text.body], [200, `to ${number}`]);
    }
    const [, text] = await Promise.all([bobs.sends('MESSAGE', '102', { body: 'hello', headers }), carols.receives()]);
    t.match(text.get('P-Asserted-Identity'), /"Alice Adams" <sip:100@/);
  });
  t.equal(await hears(alices, '*77102*135791357913'), '403 Phones Are Changed Already');
  t.equal(await hears(carols, '*77101*135791357913'), '403 Phones Are Changed Already');
  t.same(await first.everythingLeft(), []);
});

t.test('a call stays at the phone that it is at, until its extension takes it along', async (t) => {
  t.equal(await hears(bobs, '*77'), '603 Phones Changed Back', 'either may');
  t.match(await nextChange(), { by: { extension: '100' }, other: { extension: '101' }, became: 'changed-back' });
  const running = await talkingAt(bobs, '102', carols);
  const { call, leg } = await ringsAt(daves, '100', alices);
  t.equal(await hears(alices, '*77101*135791357913'), '603 Phones Changed', 'while it rings');
  await Promise.all([leg.answers(), call.answered()]);
  t.match(await isOnlyTried(carols, '100', bobs), /sip:100@/, 'the next one rings at the other phone');
  t.equal((await running.call.holds()).status, 200, 'a call of before is the phone’s as it was');
  await first.reaches('callpickup_active_calls', (active) => active === 2);
  const along = bobs.calls('*96100');
  await Promise.all([along.answered(), leg.isHungUp()]);
  t.ok(areAt({ phone: daves, end: call }, { phone: bobs, end: along }));
  await Promise.all([along.hangsUp(), call.isHungUp(), running.call.hangsUp(), running.leg.isHungUp()]);
  t.same(await first.everythingLeft(), []);
});

t.test('phones that register again, from elsewhere, or not at all', async (t) => {
  for (const each of [alices, bobs]) t.equal((await each.registers()).status, 200);
  t.match(await isOnlyTried(carols, '100', bobs), /sip:100@/);
  t.equal((await bobs.unregisters()).status, 200);
  t.equal((await carols.calls('100').fails()).status, 480);
  const anew = await first.phone('101', account('101'));
  t.match(await isOnlyTried(carols, '100', anew), /sip:100@/, 'at another address, by a new Call-ID');
  t.equal((await anew.registers({ expires: 0 })).status, 200);
  t.equal((await alices.unregisters()).status, 200);
  for (const number of ['100', '101']) t.equal((await carols.calls(number).fails()).status, 480);
  for (const each of [alices, bobs]) t.equal((await each.registers()).status, 200);
  t.match(await isOnlyTried(carols, '101', alices), /sip:101@/);
});

t.test('a service that starts again, and another instance', async (t) => {
  for (const pin of ['990000000001', '990000000002', '990000000003'])
    t.equal(await hears(carols, `*77100*${pin}`), '403 Wrong PIN');
  t.same(await first.everythingLeft(), []);
  const told = JSON.stringify([first.log, events.heard, await (await fetch(`${first.http}/metrics`)).text()]);
  t.same(pinsIn(`${told}${await keptIn(first.redis)}`), [], 'no PIN is written down');
  events.close();
  t.equal(await first.stops(), 0);

  const phones = { alices, bobs, carols, daves };
  await storiesAfterRestart(t, { phones, pins, folder, env, bind: `${first.sip.host}:${first.sip.port}` });
});
