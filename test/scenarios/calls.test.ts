import t from 'tap';
import { elsewhere, office, reasons, ringing } from '../support/office.js';
import { ground } from '../support/service.js';

t.comment(`on ${ground}`);

const acme = await office(t);
const alice = await acme.phone('100');
const bob = await acme.phone('101');
const carol = await acme.phone('102');

t.test('Alice calls Bob, they talk, Bob hangs up', async (t) => {
  const { call, leg } = await ringing(alice, bob);
  t.match(leg.request.get('From'), /^"Alice Adams" <sip:100@acme.example>;tag=/, 'Bob sees who calls');
  t.match(leg.request.get('P-Asserted-Identity'), /sip:100@acme.example/);
  t.equal(leg.request.get('Max-Forwards'), '69', 'one hop less');
  t.not(leg.request.callId, call.callId, 'each leg has a Call-ID of its own');
  await leg.answers();
  const answered = await call.answered();
  t.match(answered.get('P-Asserted-Identity'), /"Bob Brown" <sip:101@acme.example>/, 'Alice sees who answers');

  await alice.talks({ tone: 440 });
  await bob.talks({ tone: 660 });
  await Promise.all([alice.hears(660), bob.hears(440)]);

  await Promise.all([leg.hangsUp(), call.isHungUp()]);
  t.same(await acme.everythingLeft(), []);
});

t.test('Alice puts Bob on hold and takes him back; Bob sends a digit by INFO', async (t) => {
  const { call, leg } = await ringing(alice, bob);
  await leg.answers();
  await call.answered();

  t.equal((await call.holds()).status, 200);
  t.match(leg.remoteSdp, /a=sendonly/, 'Bob hears that he is on hold');
  t.equal((await call.resumes()).status, 200);
  t.match(leg.remoteSdp, /a=sendrecv|^(?!.*a=(sendonly|inactive|recvonly))/s);
  const versions = leg.log
    .filter(({ direction, text }) => direction === 'in' && text.startsWith('INVITE'))
    .map(({ text }) => /^o=callpickup (\d+) (\d+)/m.exec(text)?.slice(1));
  t.equal(new Set(versions.map((each) => each?.[0])).size, 1, 'one session id to Bob');
  t.same(
    versions.map((each) => each?.[1]),
    ['1', '2', '3'],
    'and a version that grows',
  );

  const digit = call.receives('INFO');
  const body = 'Signal=5\r\nDuration=160\r\n';
  const reply = await leg.sends('INFO', { body, headers: { 'Content-Type': 'application/dtmf-relay' } });
  t.equal(reply.status, 200);
  t.equal((await digit).body, body, 'the digit arrives as it was');

  leg.onReinvite(() => ({ status: 488 }));
  t.equal((await call.holds()).status, 488, 'what Bob refuses is refused to Alice');
  await alice.talks({ tone: 440 });
  await bob.hears(440);
  t.pass('and the session stays as it was');
  const offerless = await leg.reinvites(null);
  t.equal(offerless.status, 200, 'a re-INVITE without an offer gets one from the other side');
  await leg.sends('INFO', { body, headers: { 'Content-Type': 'application/dtmf-relay' } });

  await Promise.all([call.hangsUp(), leg.isHungUp()]);
  t.same(await acme.everythingLeft(), []);
});

t.test('Alice gives up: Bob has a missed call', async (t) => {
  const { call, leg } = await ringing(alice, bob);
  const [refused, cancel] = await Promise.all([call.cancels(), leg.stopsRinging()]);
  t.equal(refused.status, 487);
  t.same(reasons(cancel), [], 'no Reason that would hide it');

  const again = await ringing(alice, bob);
  const [, told] = await Promise.all([
    again.call.cancels({ Reason: 'SIP;cause=487;text="Changed my mind"' }),
    again.leg.stopsRinging(),
  ]);
  t.same(reasons(told), ['Reason: SIP;cause=487;text="Changed my mind"'], "the caller's own Reason is passed on");
  t.same(await acme.everythingLeft(), []);
});

t.test('Bob is busy, declines, is not registered, or there is no Bob', async (t) => {
  for (const [said, heard] of [
    [486, 486],
    [603, 603],
    [404, 404],
    [500, 500],
    [302, 480],
    [401, 480],
  ] as const) {
    const call = alice.calls('101');
    await (await bob.isCalled()).declines(said);
    t.equal((await call.fails()).status, heard, `${said} becomes ${heard}`);
  }
  t.equal((await alice.calls('105').fails()).status, 480, 'no phone');
  t.equal((await alice.calls('999').fails()).status, 404, 'no such extension');
  t.same(await acme.everythingLeft(), []);
});

t.test('Two phones of Bob ring; the one that does not answer stops without a missed call', async (t) => {
  const mobile = await acme.phone('101');
  const call = alice.calls('101');
  const [desk, other] = await Promise.all([bob.isCalled(), mobile.isCalled()]);
  desk.rings();
  other.rings(183, { sdp: undefined });
  await call.rings();
  await other.answers();
  await call.answered();
  t.same(reasons(await desk.stopsRinging()), elsewhere);
  await Promise.all([call.hangsUp(), other.isHungUp()]);

  const second = alice.calls('101');
  const [one, two] = await Promise.all([bob.isCalled(), mobile.isCalled()]);
  await one.declines(486);
  two.rings();
  await second.rings();
  await two.declines(480);
  t.equal((await second.fails()).status, 486, 'busy says more than unavailable');
  await mobile.unregisters();
  const third = alice.calls('101');
  await (await bob.isCalled()).declines(486);
  await third.fails();
  t.same(await acme.everythingLeft(), []);
});

t.test('An early description stays with the service: the caller hears plain ringing', async (t) => {
  const call = alice.calls('101');
  const leg = await bob.isCalled();
  leg.rings(183, { sdp: leg.request.body });
  const ring = await call.rings();
  t.equal(ring.status, 180);
  t.equal(ring.body, '');
  await leg.answers();
  await call.answered();
  await Promise.all([call.hangsUp(), leg.isHungUp()]);
});

t.test('An INVITE without an offer gets the offer of the phone that answers', async (t) => {
  const call = alice.calls('101', { sdp: null });
  const leg = await bob.isCalled();
  t.equal(leg.request.body, '', 'no offer to Bob either');
  leg.rings();
  await call.rings();
  await leg.answers();
  t.match((await call.answered()).body, /m=audio/, 'Bob offers');
  await alice.talks({ tone: 440 });
  await bob.talks({ tone: 660 });
  await Promise.all([alice.hears(660), bob.hears(440)]);
  await Promise.all([call.hangsUp(), leg.isHungUp()]);
  t.same(await acme.everythingLeft(), []);
});

t.test('A phone on TCP is reached over the connection that it opened', async (t) => {
  // At an address of its own: drachtio-server remembers the connection of a user at a host beyond this test.
  const dave = await acme.phone('103', { transport: 'tcp', host: '127.0.0.77' });
  const { call, leg } = await ringing(alice, dave);
  await leg.answers();
  await call.answered();
  await Promise.all([leg.hangsUp(), call.isHungUp()]);
  const { call: back, leg: atAlice } = await ringing(dave, alice);
  await atAlice.answers();
  await back.answered();
  await Promise.all([back.hangsUp(), atAlice.isHungUp()]);
  t.same(await acme.everythingLeft(), []);
});

t.test('A caller that asks for privacy is shown as nobody', async (t) => {
  const call = carol.calls('101', { headers: { Privacy: 'id' } });
  const leg = await bob.isCalled();
  t.match(leg.request.get('From'), /^"Anonymous" <sip:anonymous@anonymous.invalid>;tag=/);
  t.match(leg.request.get('P-Asserted-Identity'), /anonymous/);
  t.notMatch(
    leg.request.text.replace(/\r\n\r\n.*/s, ''),
    /(?<![\w.])102(?![\w.])|Carol/,
    'neither number nor name anywhere',
  );
  await leg.declines(486);
  await call.fails();
});

t.test('The edge may ask by OPTIONS whether calls are taken', async (t) => {
  const reply = await alice.sends('OPTIONS', `sip:${acme.sip.host}:${acme.sip.port}`);
  t.equal(reply.status, 200);
  t.match(reply.get('Allow'), /INVITE/);
});
