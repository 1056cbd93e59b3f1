import t from 'tap';
import { freeLoopbackAddress, startKamailio } from '../support/kamailio.js';
import { elsewhere, reasons } from '../support/office.js';
import { phone } from '../support/phone.js';
import { restClient } from '../support/rest.js';
import { ground, service } from '../support/service.js';

t.comment(`Kamailio with sip-config/kamailio in front of the service, on ${ground}`);

const people = ['100', '101', '102'];
const pingSeconds = 1;
const host = await freeLoopbackAddress();
const inside = await freeLoopbackAddress();
const office = await service(t, {
  env: { SIP_BIND: `${inside}:5060`, SIP_TRUSTED_EDGES: `${host}/32`, SIP_AUTH: 'digest', DRAIN_TIMEOUT_SECONDS: '1' },
});
const edge = await startKamailio({
  host,
  services: [`sip:${office.sip.host}:${office.sip.port}`],
  pingSeconds,
  users: people.map((extension) => ({
    username: extension,
    domain: 'acme.example',
    password: `secret of ${extension}`,
    tenant: 'acme',
    extension,
  })),
});
t.teardown(() => edge.stop());

const behindEdge = (number: string, transport: 'udp' | 'tcp' = 'udp') =>
  phone(t, { number, transport, server: edge, domain: 'acme.example', password: `secret of ${number}` });

t.test('Phones register, call and pick up through the edge', async (t) => {
  const alice = await behindEdge('100');
  const bob = await behindEdge('101', 'tcp');
  const carol = await behindEdge('102');
  for (const each of [alice, bob, carol]) t.equal((await each.registers()).status, 200);
  const stranger = await phone(t, { number: '101', server: edge, domain: 'acme.example', password: 'guessed' });
  t.not((await stranger.registers()).status, 200, 'a wrong password is refused by the edge');

  const call = alice.calls('101');
  const leg = await bob.isCalled();
  t.equal(leg.request.lines('X-Callpickup-Path').length, 0, 'the phone does not see how it was reached');
  t.match(leg.request.get('P-Asserted-Identity'), /"Alice Adams" <sip:100@acme.example>/);
  leg.rings();
  await call.rings();
  const pickup = carol.calls('*95');
  await pickup.answered();
  await call.answered();
  t.same(reasons(await leg.stopsRinging()), elsewhere, 'both Reasons come through the edge');

  await alice.talks({ tone: 440 });
  await carol.talks({ tone: 660 });
  await Promise.all([alice.hears(660), carol.hears(440)]);
  t.equal((await call.holds()).status, 200);
  t.equal((await call.resumes()).status, 200);
  await Promise.all([pickup.hangsUp(), call.isHungUp()]);

  const plain = carol.calls('101');
  const second = await bob.isCalled();
  await second.answers();
  await plain.answered();
  await Promise.all([second.hangsUp(), plain.isHungUp()]);
  t.same(await office.leftovers(), []);
  t.same(
    [alice, bob, carol].flatMap((each) => each.unfinished()),
    [],
  );
});

t.test(
  'S16, R20, R21: a lamp blinks through the edge, and its key takes the call whatever number it dials',
  async (t) => {
    const alice = await behindEdge('100');
    const bob = await behindEdge('101', 'tcp');
    const carol = await behindEdge('102');
    for (const each of [alice, bob, carol]) t.equal((await each.registers()).status, 200);
    const lamp = carol.watches('101');
    await lamp.accepted();

    const call = alice.calls('101');
    const leg = await bob.isCalled();
    leg.rings();
    const shown = await lamp.sees(({ dialogs }) => dialogs.some(({ state }) => state === 'early'));
    const [dialog] = shown.dialogs;
    t.equal(dialog?.callId, leg.request.callId, 'the edge leaves the ids as they are');
    const Replaces = `${dialog?.callId};to-tag=${dialog?.remoteTag};from-tag=${dialog?.localTag};early-only`;
    const pickup = carol.calls('100', { headers: { Replaces, Require: 'replaces' } });
    await Promise.all([pickup.answered(), call.answered(), leg.stopsRinging()]);
    await lamp.sees(({ dialogs }) => dialogs.every(({ state }) => state === 'terminated'));

    t.equal((await lamp.refreshes()).status, 200, 'a refresh finds its way back');
    t.equal((await lamp.unsubscribes()).status, 200);
    await lamp.isOver();
    t.same(lamp.faults, []);
    await Promise.all([pickup.hangsUp(), call.isHungUp()]);
    t.same(await office.leftovers(), []);
  },
);

t.test('P7, P15: a phone publishes through the edge, and its watcher is told; nobody speaks for another', async (t) => {
  const [alice, bob] = [await behindEdge('100', 'tcp'), await behindEdge('101')];
  const watcher = bob.watches('100', { event: 'presence' });
  const says = (note: string) => watcher.sees(({ presence }) => presence?.note === note);
  await says('Available');
  const headers = { Event: 'presence', 'Content-Type': 'application/pidf+xml', Expires: '600' };
  const body =
    '<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="sip:100@acme.example"><note>DND</note></presence>';
  t.equal((await bob.sends('PUBLISH', '100', { headers, body })).status, 403);
  const begun = await alice.sends('PUBLISH', '100', { headers, body });
  t.match([begun.status, begun.get('expires')], [200, '600']);
  await says('Do Not Disturb');
  const tag = begun.get('sip-etag') ?? '';
  const ended = await alice.sends('PUBLISH', '100', {
    headers: { Event: 'presence', 'SIP-If-Match': tag, Expires: '0' },
  });
  t.equal(ended.status, 200);
  await says('Available');
  await watcher.unsubscribes();
  await watcher.isOver();
  t.same(watcher.faults, []);
});

t.test('Phones that have changed hands register and call through the edge by their own account', async (t) => {
  const program = await restClient(office);
  const rules = { groups: { desk: ['100', '101'] }, phone_replace_groups: ['desk'] };
  t.equal((await program.ask('PUT /client/acme/call_control_group/', rules)).status, 200);
  t.equal((await program.ask('PUT /v1/extensions/101/replace-pin', { pin: '135791' })).status, 204);
  const [alices, bobs, carols] = await Promise.all(people.map((number) => behindEdge(number)));
  if (!alices || !bobs || !carols) throw new Error('a phone is missing');
  for (const each of [alices, bobs, carols]) t.equal((await each.registers()).status, 200);
  t.match((await alices.calls('*77101*135791').fails()).startLine, /603 Phones Changed$/);
  t.equal((await bobs.registers()).status, 200);
  const call = bobs.calls('102');
  const leg = await carols.isCalled();
  t.match(leg.request.get('P-Asserted-Identity'), /"Alice Adams" <sip:100@acme.example>/);
  await Promise.all([call.cancels(), leg.stopsRinging()]);
  const back = carols.calls('100');
  t.match((await bobs.isCalled()).request.get('To'), /sip:100@/);
  await back.cancels();
  t.match((await bobs.calls('*77').fails()).startLine, /603 Phones Changed Back$/);
  for (const each of [alices, bobs, carols]) t.equal((await each.unregisters()).status, 200);
});

t.test('A phone that comes past the edge is nobody, whatever it says it is', async (t) => {
  const intruder = await phone(t, { number: '100', server: office.sip, domain: 'acme.example' });
  const headers = { 'X-Callpickup-Identity': 'acme/100', 'P-Asserted-Identity': '<sip:100@acme.example>' };
  t.equal((await intruder.registers({ headers })).status, 401);
  t.equal((await intruder.calls('101', { headers }).fails()).status, 401);
});

t.test('The service stops: the edge says 503 within two pings', async (t) => {
  const alice = await behindEdge('100');
  await office.stops();
  await new Promise((resolve) => setTimeout(resolve, 2 * pingSeconds * 1000 + 200));
  t.equal((await alice.calls('101').fails()).status, 503);
});
