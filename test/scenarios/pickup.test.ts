import t from 'tap';
import { elsewhere, office, reasons, ringing } from '../support/office.js';
import { ground } from '../support/service.js';

t.comment(`on ${ground}`);

const acme = await office(t);
const alice = await acme.phone('100');
const bob = await acme.phone('101');
const carol = await acme.phone('102');
const dave = await acme.phone('103');
const eve = await acme.phone('104');
const frank = await acme.phone('105');

/** Ends a picked-up call and everything that was looked at with it. */
const hangUp = (caller: { hangsUp(): Promise<unknown> }, picker: { isHungUp(): Promise<unknown> }) =>
  Promise.all([caller.hangsUp(), picker.isHungUp()]);

for (const dialled of ['*95101', '**101', '*8101', '%2A95101', '*95101#', '*95101;phone-context=acme.example']) {
  t.test(`Dave dials ${dialled} and has Bob's call, although they share no group`, async (t) => {
    const { call, leg } = await ringing(alice, bob);
    const pickup = dave.calls(`sip:${dialled}@acme.example;user=phone`);
    await pickup.answered();
    await call.answered();
    t.same(reasons(await leg.stopsRinging()), elsewhere);
    await hangUp(call, pickup);
    t.same(await acme.everythingLeft(), []);
  });
}

for (const code of ['*95', '**', '*8']) {
  t.test(`Carol dials ${code} and has the call that rings at her colleague`, async (t) => {
    const { call, leg } = await ringing(eve, bob);
    const pickup = carol.calls(code);
    t.match((await pickup.answered()).get('P-Asserted-Identity'), /104@acme/);
    await call.answered();
    t.same(reasons(await leg.stopsRinging()), elsewhere);
    await hangUp(call, pickup);
    t.same(await acme.everythingLeft(), []);
  });
}

t.test('Of several calls the one that has rung longest is taken, then the next', async (t) => {
  const first = await ringing(dave, alice);
  const second = await ringing(eve, bob);
  const pickup = carol.calls('*95');
  t.match((await pickup.answered()).get('P-Asserted-Identity'), /103@acme/, 'the older one');
  await first.call.answered();
  const next = carol.calls('*95');
  t.match((await next.answered()).get('P-Asserted-Identity'), /104@acme/, 'then the other');
  await second.call.answered();
  await hangUp(first.call, pickup);
  await hangUp(second.call, next);
  t.same(await acme.everythingLeft(), []);
});

t.test('A lost race falls through to the next call in the group', async (t) => {
  const first = await ringing(dave, alice);
  const second = await ringing(eve, bob);
  const pickups = [carol.calls('*95'), frank.calls('*95100')];
  const answers = await Promise.all(pickups.map((pickup) => pickup.ends()));
  t.equal(answers[0]?.status, 200, 'Carol has one of the two, whoever was first');
  const statuses = [answers[1]?.status];
  t.ok([200, 486, 480].includes(statuses[0] ?? 0));
  for (const [index, answer] of answers.entries()) if (answer.status === 200) await pickups[index]?.hangsUp();
  for (const { call } of [first, second]) {
    const left = await Promise.race([call.ends(300).catch(() => undefined)]);
    if (!left) await call.cancels();
  }
  t.same(await acme.everythingLeft(), []);
});

t.test('What may not be taken is refused by name, and the phone rings on', async (t) => {
  const asked = async (who: typeof carol, code: string) => (await who.calls(code).fails()).status;
  t.equal(await asked(carol, '*95'), 480, 'nothing rings in the group');
  t.equal(await asked(carol, '*95101'), 480, 'nothing rings there');
  t.equal(await asked(carol, '*95999'), 404, 'no such extension');
  t.equal(await asked(frank, '*95'), 403, 'in no group');
  t.equal(await asked(carol, '*77101*1234'), 403, 'nobody may change phones where no group says so');

  const { call, leg } = await ringing(alice, bob);
  t.equal(await asked(alice, '*95101'), 403, "one's own call");
  t.equal(await asked(alice, '*95'), 403, "one's own call is no candidate of the group either");
  t.equal(await asked(carol, '*95100'), 480, 'a call that a colleague makes is none that rings at her');
  t.equal(await asked(dave, '*95'), 480, "Dave's group has no call");
  t.ok(leg.isPending, 'Bob rings on');
  await leg.answers();
  await call.answered();
  t.equal(await asked(carol, '*95101'), 480, 'an answered call rings no more');
  await Promise.all([call.hangsUp(), leg.isHungUp()]);
  t.same(await acme.everythingLeft(), []);
});

t.test('A callee that sent only 183 can be picked up', async (t) => {
  const call = alice.calls('101');
  const leg = await bob.isCalled();
  leg.rings(183);
  await call.rings();
  const pickup = dave.calls('*95101');
  await pickup.answered();
  await call.answered();
  await leg.stopsRinging();
  await hangUp(call, pickup);
  t.same(await acme.everythingLeft(), []);
});

t.test('All phones of the callee stop, and the picker too if it rang itself', async (t) => {
  const mobile = await acme.phone('101');
  const call = alice.calls('101');
  const legs = await Promise.all([bob.isCalled(), mobile.isCalled()]);
  for (const leg of legs) leg.rings();
  await call.rings();
  const pickup = mobile.calls('*95101');
  await pickup.answered();
  await call.answered();
  for (const leg of legs) t.same(reasons(await leg.stopsRinging()), elsewhere);
  await hangUp(call, pickup);
  await mobile.unregisters();
  t.same(await acme.everythingLeft(), []);
});

t.test(
  'A picker without an offer gets the caller’s, a caller without an offer the picker’s, both the media server’s',
  async (t) => {
    const { call, leg } = await ringing(alice, bob);
    const pickup = carol.calls('*95101', { sdp: null });
    t.match((await pickup.answered()).body, /m=audio/);
    await call.answered();
    await leg.stopsRinging();
    await alice.talks({ tone: 440 });
    await carol.talks({ tone: 660 });
    await Promise.all([alice.hears(660), carol.hears(440)]);
    await hangUp(call, pickup);

    const offerless = alice.calls('101', { sdp: null });
    const second = await bob.isCalled();
    second.rings();
    await offerless.rings();
    const taken = carol.calls('*95101');
    await Promise.all([taken.answered(), offerless.answered(), second.stopsRinging()]);
    await Promise.all([alice.hears(660), carol.hears(440)]);
    await hangUp(offerless, taken);

    const neither = alice.calls('101', { sdp: null });
    const third = await bob.isCalled();
    third.rings();
    await neither.rings();
    await acme.says(({ msg }) => msg === 'media server connected');
    const both = carol.calls('*95101', { sdp: null });
    await Promise.all([both.answered(), neither.answered(), third.stopsRinging()]);
    await Promise.all([alice.hears(660), carol.hears(440)]);
    await hangUp(neither, both);
    t.same(await acme.everythingLeft(), []);
  },
);

t.test('Phones without a common codec are refused, and the phone rings on for the next picker', async (t) => {
  const { call, leg } = await ringing(alice, bob);
  const sdp =
    'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 18\r\na=rtpmap:18 G729/8000\r\n';
  const refused = await carol.calls('*95101', { sdp }).fails();
  t.equal(refused.status, 488);
  t.match(refused.get('Warning'), /^304 /);
  t.ok(leg.isPending, 'Bob rings on');
  const pickup = carol.calls('*95101');
  await pickup.answered();
  await call.answered();
  await leg.stopsRinging();
  await hangUp(call, pickup);
  t.same(await acme.everythingLeft(), []);
});

t.test('A picker hangs up, holds, and keeps the privacy of the caller', async (t) => {
  const call = alice.calls('101', { headers: { Privacy: 'id' } });
  const leg = await bob.isCalled();
  leg.rings();
  await call.rings();
  const pickup = carol.calls('*95101');
  const picked = await pickup.answered();
  t.notMatch(picked.text, /Alice|100@acme/, 'the picker does not learn who calls');
  t.match(picked.get('P-Asserted-Identity'), /anonymous/);
  await call.answered();
  await leg.stopsRinging();
  t.equal((await pickup.holds()).status, 200);
  t.match(call.remoteSdp, /a=sendonly/);
  t.equal((await pickup.resumes()).status, 200);
  await Promise.all([pickup.hangsUp(), call.isHungUp()]);
  t.same(await acme.everythingLeft(), []);
});

t.test('The early dialog of a ringing phone lies in the store as the phone sees it', async (t) => {
  const { call, leg } = await ringing(alice, bob);
  const legs = await acme.redis.hvals('cp:{acme}:dialogs:101');
  t.equal(legs.length, 1);
  const dialog = JSON.parse(legs[0] ?? '{}') as Record<string, unknown>;
  t.equal(dialog.sipCallId, leg.request.callId);
  t.equal(dialog.localTag, leg.localTag, "the phone's tag");
  t.match(leg.request.get('From'), new RegExp(`tag=${String(dialog.remoteTag)}`), 'our tag');
  t.equal(dialog.state, 'early');
  t.ok(Math.abs(Date.now() - Number(dialog.since)) < 60_000);
  await Promise.all([call.cancels(), leg.stopsRinging()]);
  t.same(await acme.everythingLeft(), []);
});

t.test('Every pickup is one line in the log and one count', async (t) => {
  const lines = acme.log.filter(({ msg }) => msg === 'pickup');
  t.ok(lines.length > 10);
  for (const line of lines) t.match(line, { picker: String, kind: /directed|group/, outcome: String, ms: Number });
  t.equal(await acme.metric('callpickup_pickups_total'), lines.length);
});
