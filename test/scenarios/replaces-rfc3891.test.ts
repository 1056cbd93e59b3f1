import t, { type Test } from 'tap';
import { elsewhere, office, reasons, ringing } from '../support/office.js';
import type { Phone } from '../support/phone.js';
import { ground } from '../support/service.js';
import { callersDialog, callsAs, companies, dialogOf, heard, lineOf, presses, replacesOf } from './replaces-stage.js';

t.comment(`on ${ground}`);

const acme = await office(t, { office: companies });
const at = { domain: 'acme.example' };
const alice = await acme.phone('100', at);
const bob = await acme.phone('101', at);
const carol = await acme.phone('102', at);
const dave = await acme.phone('103', at);

const none = '481 No Such Dialog To Replace';
const bad = '400 Bad Replaces';
const ended = '603 Dialog Has Ended';

/** A claim that is being given back may still refuse the first presses. */
const pressesUntilFree = async (key: string) => {
  for (;;) {
    const pickup = presses(carol, key);
    if ((await pickup.ends()).status !== 486) return pickup;
  }
};

/** The phone rings on after all that was refused, and the right key still has the call. */
const stillTaken = async (t: Test, { call, leg }: Awaited<ReturnType<typeof ringing>>, key?: string) => {
  t.ok(leg.isPending, 'Bob rings on');
  const pickup = await pressesUntilFree(key ?? (await replacesOf(acme, leg)));
  await Promise.all([pickup.answered(), call.answered()]);
  t.same(reasons(await leg.stopsRinging()), elsewhere, 'and the right key has the call');
  await Promise.all([call.hangsUp(), pickup.isHungUp()]);
  t.same(await acme.everythingLeft(), []);
};

t.test('R1: Replaces outside INVITE is refused, whatever it names', async (t) => {
  const rung = await ringing(alice, bob);
  const Replaces = await replacesOf(acme, rung.leg);
  const more = { Event: 'dialog', Expires: '600', 'Refer-To': '<sip:101@acme.example>', 'Content-Type': 'text/plain' };
  // A REFER outside a dialog is discarded by drachtio-server, whatever is in it.
  for (const method of ['SUBSCRIBE', 'OPTIONS', 'MESSAGE', 'PUBLISH', 'REGISTER', 'INFO', 'NOTIFY']) {
    const { status } = await carol.sends(method, '101', { headers: { Replaces, ...more }, body: 'hello' });
    t.equal(status, 400, method);
  }
  await stillTaken(t, rung);
});

t.test('R2, R3: more than one Replaces, or Join beside it', async (t) => {
  const rung = await ringing(alice, bob);
  const key = await replacesOf(acme, rung.leg);
  t.equal(await heard(carol, `${key}, ${key}`), bad, 'two values in one field');
  t.equal(await heard(carol, `${key},x@y;to-tag=1;from-tag=2`), bad);
  t.equal((await presses(carol, [key, key]).fails()).status, 400, 'two fields');
  t.equal(await heard(carol, key, '101', { Join: key }), '400 Replaces And Join');
  await stillTaken(t, rung);
});

t.test('R4: one Call-ID, one to-tag, one from-tag; the Call-ID byte for byte, whatever is in it', async (t) => {
  const rung = await ringing(alice, bob);
  const { sipCallId: id, remoteTag, localTag } = await dialogOf(acme, rung.leg);
  const [to, from] = [`to-tag=${remoteTag}`, `from-tag=${localTag}`];
  for (const value of [
    id,
    `${id};${to}`,
    `${id};${from}`,
    `${id};${to};${from};${to}`,
    `${id};${to};${from};From-Tag=x`,
  ]) {
    t.equal(await heard(carol, value), bad, value);
  }
  // drachtio-server refuses these two by itself, in its own words (docs/differences.md).
  for (const value of [`${id};to-tag=;${from}`, `;${to};${from}`]) {
    t.match(await heard(carol, value), /^400 Bad Re(places|quest)$/, value);
  }
  for (const other of [id.toUpperCase(), `${id}x`, id.slice(1), `"${id}"`, '*:dialogs:101}{acme}@h', '__proto__']) {
    t.equal(await heard(carol, `${other};${to};${from}`), none, other);
  }
  await stillTaken(t, rung, ` ${id} ; To-Tag = ${remoteTag} ;x="a;to-tag=1, b" ;FROM-TAG= ${localTag};y`);

  const odd = 'a(b)c{d}?"x"/y@h[1]';
  const call = callsAs(alice, odd, '101');
  const bobs = await bob.isCalled();
  bobs.rings();
  await Promise.all([bobs.answers(), call.ends()]);
  const callers = callersDialog(call, await call.ends());
  t.equal(await heard(dave, `${callers};early-only`), '486 Already Answered', 'a dialog of an odd name is found');
  for (const other of [callers.replace('a(b)', 'A(b)'), callers.replace('"x"', 'x'), callers.replace('[1]', '[2]')]) {
    t.equal(await heard(dave, `${other};early-only`), none, other);
  }
  t.equal((await call.hangsUp()).status, 200);
  await bobs.isHungUp();
  t.same(await acme.everythingLeft(), []);
});

t.test('R4, R11: early_only with an underscore is a parameter that nobody knows', async (t) => {
  const { call, leg } = await ringing(alice, bob);
  const key = await replacesOf(acme, leg);
  await leg.answers();
  await call.answered();
  t.equal(await heard(dave, `${key};early_only`), '403 Pickup Not Allowed', 'Dave would steal, which he may not');
  t.equal(await heard(dave, `${key};early-only`), '486 Already Answered');
  t.equal(leg.state, 'confirmed');
  await Promise.all([call.hangsUp(), leg.isHungUp()]);
  t.same(await acme.everythingLeft(), []);
});

t.test('R5: a tag of 0 stands for one that the phone has not said, and for no other', async (t) => {
  const call = alice.calls('101');
  const leg = await bob.isCalled();
  leg.rings(180, { headers: { To: leg.request.get('to') } });
  await call.rings();
  const { sipCallId, localTag, remoteTag, state } = await dialogOf(acme, leg);
  t.same([localTag, state], [undefined, 'proceeding']);
  t.equal(await heard(carol, `${sipCallId};to-tag=0;from-tag=0`), none, 'ours is always said');
  t.equal(await heard(carol, `${sipCallId};to-tag=${remoteTag};from-tag=undefined`), none);
  const pickup = presses(carol, `${sipCallId};to-tag=${remoteTag};from-tag=0`);
  await Promise.all([pickup.answered(), call.answered(), leg.stopsRinging()]);
  await Promise.all([call.hangsUp(), pickup.isHungUp()]);

  const rung = await ringing(alice, bob);
  const said = await dialogOf(acme, rung.leg);
  t.equal(
    await heard(carol, `${said.sipCallId};to-tag=${said.remoteTag};from-tag=0`),
    none,
    'Bob’s phone has said its tag',
  );
  await stillTaken(t, rung);
});

t.test('R6: to-tag is ours and from-tag the phone’s, both whole', async (t) => {
  const rung = await ringing(alice, bob);
  const { sipCallId: id, remoteTag, localTag } = await dialogOf(acme, rung.leg);
  t.same([remoteTag, localTag], [rung.leg.request.fromTag, rung.leg.localTag], 'as the phone itself has them');
  const wrong = [
    [localTag, remoteTag],
    [remoteTag, 'x'],
    ['x', localTag],
    [remoteTag?.slice(1), localTag],
    [remoteTag, `${localTag}x`],
    [remoteTag?.toUpperCase(), localTag?.toUpperCase()],
  ];
  for (const [to, from] of wrong) t.equal(await heard(carol, `${id};to-tag=${to};from-tag=${from}`), none);
  await stillTaken(t, rung);
});

t.test('R7: a Call-ID that is used twice: each dialog is its own, and never is the other one meant', async (t) => {
  const callId = `used-twice@${alice.address.host}`;
  const first = callsAs(alice, callId, '101');
  const bobs = await bob.isCalled();
  bobs.rings();
  await Promise.all([bobs.answers(), first.ends()]);
  const one = callersDialog(first, await first.ends());
  t.equal(await heard(dave, `${one};early-only`), '486 Already Answered', 'while there is one, it is found');

  const second = callsAs(dave, callId, '102');
  const carols = await carol.isCalled();
  carols.rings();
  await Promise.all([carols.answers(), second.ends()]);
  const two = callersDialog(second, await second.ends());
  t.equal(await heard(dave, `${one};early-only`), none, 'the later one is not taken for it');
  t.equal(await heard(dave, `${two};early-only`), '486 Already Answered');
  t.same([bobs.state, carols.state], ['confirmed', 'confirmed']);
  await Promise.all([second.hangsUp(), carols.isHungUp(), first.hangsUp(), bobs.isHungUp()]);
  t.same(await acme.everythingLeft(), []);
});

t.test('R8: what names nothing is told so before Redis answers anything, slow as it may be', async (t) => {
  const rung = await ringing(alice, bob);
  const key = await replacesOf(acme, rung.leg);
  t.equal(await heard(carol, 'x@y;to-tag=1;from-tag=2'), none);
  await acme.redis.client('PAUSE', 150, 'ALL');
  t.equal(await heard(carol, 'x@y;to-tag=1;from-tag=2'), none, 'it is asked, and answers late');

  await acme.redis.client('PAUSE', 2_000, 'ALL');
  let hasAnswered = false;
  const answer = acme.redis.ping().then(() => {
    hasAnswered = true;
  });
  const { status, get } = await presses(carol, 'x@y;to-tag=1;from-tag=2').fails();
  t.same([status, hasAnswered], [503, false], 'nobody knows, and the phone is not kept waiting until somebody does');
  t.equal(await heard(carol, 'x@y'), bad, 'what is none at all needs nobody to know');
  await answer;
  t.ok(get, 'a response');
  await stillTaken(t, rung, key);
});

t.test('R9: the dialog of a subscription is none that could be replaced', async (t) => {
  const watcher = carol.watches('101');
  const accepted = await watcher.accepted();
  const rung = await ringing(alice, bob);
  await watcher.sees(({ dialogs }) => dialogs.some(({ state }) => state === 'early'));
  const [ours, theirs] = [accepted.toTag, watcher.localTag];
  t.equal(await heard(carol, `${watcher.callId};to-tag=${ours};from-tag=${theirs}`), none);
  t.equal(await heard(carol, `${watcher.callId};to-tag=${theirs};from-tag=${ours}`), none);
  await watcher.unsubscribes();
  await stillTaken(t, rung);
});

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
  await stillTaken(t, rung);
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
  await stillTaken(t, rung);
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
  await stillTaken(t, rung);
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
