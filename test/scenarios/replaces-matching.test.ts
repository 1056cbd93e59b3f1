import t from 'tap';
import { ringing } from '../support/office.js';
import { ground } from '../support/service.js';
import {
  callersDialog,
  callsAs,
  dialogOf,
  heard,
  none,
  peopleOfAcme,
  presses,
  replacesOf,
  stillTaken,
} from './replaces-stage.js';

t.comment(`on ${ground}`);

const { acme, alice, bob, carol, dave, ring } = await peopleOfAcme(t);

const bad = '400 Bad Replaces';

t.test('R1: Replaces outside INVITE is refused, whatever it names', async (t) => {
  const rung = await ringing(alice, bob);
  const Replaces = await replacesOf(acme, rung.leg);
  const more = { Event: 'dialog', Expires: '600', 'Refer-To': '<sip:101@acme.example>', 'Content-Type': 'text/plain' };
  // A REFER outside a dialog is discarded by drachtio-server, whatever is in it.
  for (const method of ['SUBSCRIBE', 'OPTIONS', 'MESSAGE', 'PUBLISH', 'REGISTER', 'INFO', 'NOTIFY']) {
    const { status } = await carol.sends(method, '101', { headers: { Replaces, ...more }, body: 'hello' });
    t.equal(status, 400, method);
  }
  await stillTaken(t, ring, rung);
});

t.test('R2, R3: more than one Replaces, or Join beside it', async (t) => {
  const rung = await ringing(alice, bob);
  const key = await replacesOf(acme, rung.leg);
  t.equal(await heard(carol, `${key}, ${key}`), bad, 'two values in one field');
  t.equal(await heard(carol, `${key},x@y;to-tag=1;from-tag=2`), bad);
  t.equal((await presses(carol, [key, key]).fails()).status, 400, 'two fields');
  t.equal(await heard(carol, key, '101', { Join: key }), '400 Replaces And Join');
  await stillTaken(t, ring, rung);
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
  await stillTaken(t, ring, {
    ...rung,
    key: ` ${id} ; To-Tag = ${remoteTag} ;x="a;to-tag=1, b" ;FROM-TAG= ${localTag};y`,
  });

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
  await stillTaken(t, ring, rung);
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
  await stillTaken(t, ring, rung);
});

t.test('R7: a Call-ID in use makes no second dialog, so that two can never match', async (t) => {
  const callId = `used-twice@${alice.address.host}`;
  const first = callsAs(alice, callId, '101');
  const bobs = await bob.isCalled();
  bobs.rings();
  await Promise.all([bobs.answers(), first.ends()]);
  const one = callersDialog(first, await first.ends());
  t.equal(await heard(dave, `${one};early-only`), '486 Already Answered');

  t.equal((await callsAs(dave, callId, '102').ends()).status, 482);
  t.equal(await heard(dave, `${one};early-only`), '486 Already Answered', 'it is still the first');
  t.equal(bobs.state, 'confirmed');
  await Promise.all([first.hangsUp(), bobs.isHungUp()]);
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
  await stillTaken(t, ring, { ...rung, key });
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
  await stillTaken(t, ring, rung);
});
