import t from 'tap';
import { elsewhere, reasons, ringing } from '../support/office.js';
import type { Phone } from '../support/phone.js';
import { ground } from '../support/service.js';
import { callersDialog, heard, lineOf, none, peopleOfAcme, presses, replacesOf, stillTaken } from './replaces-stage.js';

t.comment(`on ${ground}`);

const { acme, alice, bob, carol, dave, ring } = await peopleOfAcme(t);

const ended = '603 Dialog Has Ended';

t.test('R10: a dialog that has ended is known as such for a minute', async (t) => {
  const keyOf = async (leg: Awaited<ReturnType<typeof ringing>>['leg']) => replacesOf(acme, leg);
  const refused = await ringing(alice, bob);
  const [one] = [await keyOf(refused.leg)];
  await Promise.all([refused.leg.declines(486), refused.call.fails()]);
  t.equal(await heard(carol, one), ended, 'declined');

  const given = await ringing(alice, bob);
  const two = await keyOf(given.leg);
  await Promise.all([given.call.cancels(), given.leg.stopsRinging()]);
  t.equal(await heard(carol, two), ended, 'given up');

  const talked = await ringing(alice, bob);
  const three = await keyOf(talked.leg);
  await talked.leg.answers();
  const callers = callersDialog(talked.call, await talked.call.answered());
  await Promise.all([talked.call.hangsUp(), talked.leg.isHungUp()]);
  t.same(await acme.everythingLeft(), []);
  t.equal(await heard(carol, three), ended, 'talked, and hung up');
  t.equal(await heard(carol, `${three};early-only`), ended);
  t.equal(await heard(carol, callers), ended, 'the caller’s side');

  const picked = await ringing(alice, bob);
  const four = await keyOf(picked.leg);
  const pickup = presses(carol, four);
  const picker = callersDialog(pickup, await pickup.answered());
  await Promise.all([picked.call.answered(), picked.leg.stopsRinging()]);
  t.equal(await heard(dave, four), ended, 'picked up: what rang is over, and nobody is stolen from');
  t.equal(await heard(dave, `${picker};early-only`), '486 Already Answered', 'the picker has a dialog too');
  await Promise.all([picked.call.hangsUp(), pickup.isHungUp()]);
  t.same(await acme.everythingLeft(), []);

  for (const key of await acme.redis.keys('cp:{acme}:dialog:*')) {
    const left = await acme.redis.pttl(key);
    t.ok(left > 0 && left <= 60_000, 'every memory of it goes by itself');
    await acme.redis.pexpire(key, 1);
  }
  while ((await acme.redis.keys('cp:{acme}:dialog:*')).length > 0) await new Promise((done) => setTimeout(done, 2));
  for (const key of [one, two, three, four])
    t.equal(await heard(carol, key), none, 'and then it is as if there was none');
});

t.test('R11: only while it rings: who talks goes on talking', async (t) => {
  const { call, leg } = await ringing(alice, bob);
  const key = await replacesOf(acme, leg);
  await Promise.all([alice.talks({ tone: 440 }), bob.talks({ tone: 660 })]);
  await leg.answers();
  await call.answered();
  for (const who of [carol, dave]) t.equal(await heard(who, `${key};early-only`), '486 Already Answered');
  t.same([call.state, leg.state], ['confirmed', 'confirmed']);
  await Promise.all([alice.hears(660), bob.hears(440)]);
  for (const who of [alice, bob]) who.rtp.talk();
  await Promise.all([call.hangsUp(), leg.isHungUp()]);
  t.same(await acme.everythingLeft(), []);
});

t.test('R12, R15: a call that is answered is stolen by who may, and by nobody else', async (t) => {
  const { call, leg } = await ringing(alice, bob);
  const key = await replacesOf(acme, leg);
  await leg.answers();
  await call.answered();
  t.equal(await heard(dave, key), '403 Pickup Not Allowed');
  const neighbour = await acme.phone('102', { domain: 'other.example' });
  t.equal(await heard(neighbour, key), none, 'another company does not even know it');
  t.same([call.state, leg.state], ['confirmed', 'confirmed']);

  const [before, steal] = [await counted('answered'), presses(carol, key)];
  await steal.answered();
  t.same(reasons(await leg.isHungUp()), elsewhere);
  t.equal(call.state, 'confirmed', 'Alice never hung up');
  t.equal(await counted('answered'), before + 1);
  await Promise.all([alice.talks({ tone: 440 }), carol.talks({ tone: 880 })]);
  await Promise.all([alice.hears(880), carol.hears(440)]);
  for (const who of [alice, carol]) who.rtp.talk();
  t.equal(await heard(dave, key), ended, 'Bob’s dialog is over');
  await Promise.all([call.hangsUp(), steal.isHungUp()]);
  await neighbour.unregisters();
  t.same(await acme.everythingLeft(), []);
});

const counted = (outcome: string) => acme.metric('callpickup_pickups_total', { kind: 'replaces', outcome });

t.test('R14: an early dialog that we did not begin: the caller’s own', async (t) => {
  const rung = await ringing(alice, bob);
  const callers = callersDialog(rung.call, await rung.call.rings());
  for (const value of [callers, `${callers};early-only`]) t.equal(await heard(carol, value), none);
  t.equal(rung.call.state, 'early', 'untouched');
  await stillTaken(t, ring, rung);
});

t.test('R16: what cannot be accepted leaves the phone ringing', async (t) => {
  const rung = await ringing(alice, bob);
  const Replaces = await replacesOf(acme, rung.leg);
  const g729 = ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0'];
  const sdp = `${[...g729, 'm=audio 4000 RTP/AVP 18', 'a=rtpmap:18 G729/8000'].join('\r\n')}\r\n`;
  const says = async (calling: Parameters<Phone['calls']>[1]) => (await carol.calls('101', calling).fails()).status;
  t.equal(await says({ sdp, headers: { Replaces } }), 488, 'no common media');
  t.equal(await says({ sdp: 'v=0\r\n', headers: { Replaces } }), 488, 'no media at all');
  t.equal(await says({ headers: { Replaces, 'Content-Type': 'text/plain' } }), 415);
  t.equal(await says({ headers: { Replaces, Require: 'replaces, nothing' } }), 420);
  t.ok(rung.leg.isPending);
  await acme.redis.client('PAUSE', 100, 'ALL');
  const shy = presses(carol, Replaces);
  t.equal((await shy.cancels()).status, 487, 'a picker who changes its mind');
  await stillTaken(t, ring, rung);
});

t.test('R17: everybody is told that we understand Replaces', async (t) => {
  const { call, leg } = await ringing(alice, bob);
  const supports = (message: { get(name: string): string | undefined }, what: string) =>
    t.match(message.get('supported'), /\breplaces\b/, what);
  supports(leg.request, 'the INVITE that Bob gets');
  supports(await call.rings(), 'Alice’s 180');
  const pickup = presses(carol, await replacesOf(acme, leg));
  supports(await pickup.answered(), 'Carol’s 200');
  supports(await call.answered(), 'Alice’s 200');
  supports(await carol.sends('OPTIONS', '101'), 'the answer to OPTIONS');
  await Promise.all([call.hangsUp(), pickup.isHungUp(), leg.stopsRinging()]);
  t.same(await acme.everythingLeft(), []);
});

t.test('R18: Require: replaces is met, what nobody knows is not', async (t) => {
  const { call, leg } = await ringing(alice, bob);
  const Replaces = await replacesOf(acme, leg);
  const refused = await presses(carol, Replaces, '101', { Require: 'replaces, foo, bar' }).fails();
  t.same([refused.status, refused.get('unsupported')], [420, 'foo, bar']);
  const pickup = presses(carol, Replaces, '101', { Require: 'Replaces' });
  await Promise.all([pickup.answered(), call.answered(), leg.stopsRinging()]);
  await Promise.all([call.hangsUp(), pickup.isHungUp()]);
  t.same(await acme.everythingLeft(), []);
});

t.test('R23: inside a dialog, or naming the own call, Replaces is refused', async (t) => {
  const rung = await ringing(alice, bob);
  const Replaces = await replacesOf(acme, rung.leg);
  const own = { 'Call-ID': 'own@call' };
  t.equal(await heard(carol, 'own@call;to-tag=1;from-tag=2', '101', own), '400 Replaces Names Its Own Call');

  const other = dave.calls('102');
  const carols = await carol.isCalled();
  carols.rings();
  await Promise.all([carols.answers(), other.answered()]);
  t.equal((await other.reinvites(undefined, { Replaces })).status, 400);
  t.same([other.state, carols.state], ['confirmed', 'confirmed'], 'the session is as it was');
  t.equal((await other.holds()).status, 200);
  await Promise.all([other.hangsUp(), carols.isHungUp()]);
  await stillTaken(t, ring, rung);
});

t.test('R28: fifty press the same key at once, and one has the call', async (t) => {
  for (let round = 0; round < 3; round += 1) {
    const { call, leg } = await ringing(alice, bob);
    const key = await replacesOf(acme, leg);
    const all = Array.from({ length: 50 }, (_, turn) =>
      presses(turn % 2 ? carol : dave, turn % 3 ? key : `${key};early-only`),
    );
    const answers = await Promise.all(all.map((each) => each.ends()));
    const won = answers.filter(({ status }) => status === 200);
    t.equal(won.length, 1, `round ${round}`);
    const lost = answers.filter(({ status }) => status !== 200).map((answer) => lineOf(answer));
    t.same(
      lost.filter((line) => !/^(486 Picked Up By Another|603 Dialog Has Ended)$/.test(line)),
      [],
    );
    await Promise.all([call.answered(), leg.stopsRinging()]);
    await Promise.all([call.hangsUp(), all[answers.findIndex(({ status }) => status === 200)]?.isHungUp()]);
    t.same(await acme.everythingLeft(), []);
  }
});

t.test('R29: Bob answers as he is stopped: his 200 is acknowledged and he is hung up on, Carol stays', async (t) => {
  const { call, leg } = await ringing(alice, bob);
  const key = await replacesOf(acme, leg);
  bob.misses(1, 'CANCEL');
  const pickup = presses(carol, key);
  await Promise.all([pickup.answered(), call.answered()]);
  t.ok(leg.isPending, 'the CANCEL got lost, so Bob rings');
  await leg.answers();
  // Where a 200 crosses its CANCEL drachtio-server hangs up by itself, in words of its own.
  t.match(reasons(await leg.isHungUp())[0], /^Reason: SIP;cause=200;/);
  t.same([call.state, pickup.state], ['confirmed', 'confirmed']);
  await Promise.all([call.hangsUp(), pickup.isHungUp()]);
  t.same(await acme.everythingLeft(), []);
});

t.test('R30: Alice gives up while Carol is being answered', async (t) => {
  const { call, leg } = await ringing(alice, bob);
  const slow = carol.calls('101', { sdp: null, ack: false, headers: { Replaces: await replacesOf(acme, leg) } });
  const { body } = await slow.answered();
  await Promise.all([call.cancels(), leg.stopsRinging()]);
  await slow.acknowledgesNow(body);
  t.match(await slow.isHungUp(), { method: 'BYE' }, 'answered already: hung up on');
  t.same(await acme.everythingLeft(), []);

  const heardBy = new Map<string, number>();
  for (let round = 0; round < 30; round += 1) {
    const rung = await ringing(alice, bob);
    const pickup = presses(carol, await replacesOf(acme, rung.leg));
    await new Promise((done) => setTimeout(done, round / 5));
    const [final] = await Promise.all([pickup.ends(), rung.call.cancels(), rung.leg.stopsRinging()]);
    if (rung.call.state === 'confirmed') await rung.call.hangsUp();
    if (final.status === 200) await pickup.isHungUp();
    else if (final.status === 480) t.match(final.get('reason'), /Caller has hung up/);
    heardBy.set(lineOf(final), (heardBy.get(lineOf(final)) ?? 0) + 1);
  }
  const expected = /^(200 OK|480 Caller Has Hung Up|481 No Such Dialog To Replace|603 Dialog Has Ended)$/;
  for (const [line, times] of heardBy) t.match(line, expected, `${line}: ${times} times`);
  t.same(await acme.everythingLeft(), []);
});
