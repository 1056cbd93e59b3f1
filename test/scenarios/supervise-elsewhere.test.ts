import t from 'tap';
import { elsewhere, reasons } from '../support/office.js';
import { type Call, type Phone, phone } from '../support/phone.js';
import { twoInstances } from '../support/two-instances.js';
import { hearing } from '../support/who-hears-whom.js';
import { replacing, talking } from './transfer-stage.js';

// Two instances need two SIP servers; one real drachtio-server would share its calls between them.
t.comment('two instances over one Redis, each on an embedded SIP engine of its own');

const office = `
sipAuth: none
tenants:
  acme:
    default: true
    domains: [acme.example]
    extensions:
      "100": { name: Alice Adams }
      "101": { name: Bob Brown }
      "102": { name: Carol Clark }
      "103": { name: Dave Davis }
    groups:
      "5f1a00000000000000000001": { name: desk, members: ["100", "101"], controllers: ["102"], steal: true }
    callControl:
      groups: { desk: ["101"] }
      eavesdrop_102: [desk]
      whisper_102: [desk]
      barge_102: [desk]
`;
const [one, other] = await twoInstances(t, { office });
const at = async (number: string, server: (typeof one)['sip']): Promise<Phone> => {
  const made = await phone(t, { number, server });
  await made.registers();
  return made;
};
const [alice, bob, dave] = [await at('100', one.sip), await at('101', one.sip), await at('103', one.sip)];
const [carol, dan] = [await at('102', other.sip), await at('103', other.sip)];
const room = await hearing({ A: alice, B: bob, S: carol });
for (const each of [one, other]) await each.reaches('callpickup_media_server_up', (up) => up >= 1);

const left = async (): Promise<string[]> => [
  ...(await one.leftovers()),
  ...(await other.leftovers()),
  ...[alice, bob, carol, dave, dan].flatMap((each) => each.unfinished()),
];
const together = async () => {
  const both = await talking(alice, bob);
  await one.reaches('callpickup_active_calls', (active) => active >= 1);
  return both;
};
const no = async (made: Call): Promise<string> => (await made.fails()).startLine.replace('SIP/2.0 ', '');

const listen = { A: ['B'], B: ['A'], S: ['A', 'B'] } as const;
const whisper = { A: ['B'], B: ['A', 'S'], S: ['A', 'B'] } as const;
const barge = { A: ['B', 'S'], B: ['A', 'S'], S: ['A', 'B'] } as const;

t.test(
  '*33 reaches another instance than the call: Carol hears it, and her keys and hold go to its owner',
  async (t) => {
    const { call, leg } = await together();
    const supervision = carol.calls('*33101');
    t.match((await supervision.answered()).get('P-Asserted-Identity'), /"Bob Brown" <sip:101@acme.example>/);
    await room.exactly(listen);
    t.equal(await one.metric('callpickup_listeners'), 1, 'the owner has her');
    t.equal(await other.metric('callpickup_supervisions_total', { act: 'eavesdrop', outcome: 'answered' }), 1);
    t.equal(await one.metric('callpickup_supervisions_total', { act: 'eavesdrop', outcome: 'answered' }), 0);
    t.match(await other.says(({ msg }) => msg === 'supervision'), { supervisor: '102', colleague: '101' });
    await supervision.presses('2', { by: 'info' });
    await room.exactly(whisper);
    const changed = supervision.receives('INVITE');
    await supervision.presses('3');
    await room.exactly(barge);
    t.match((await changed).get('Contact'), />;isfocus/, 'J9');
    t.equal((await supervision.holds()).status, 200);
    t.equal((await supervision.resumes()).status, 200);
    await room.exactly(barge);
    await Promise.all([call.hangsUp(), leg.isHungUp()]);
    t.match((await supervision.isHungUp()).get('Reason'), /Call has ended/, 'J15');
    t.same(await left(), []);
  },
);

t.test('Join reaches another instance than the call; so does a phone without an offer', async (t) => {
  const { call, leg } = await together();
  const joins = (who: Phone, headers: Record<string, string> = {}) =>
    who.calls('nobody', { headers: { Join: replacing(leg), ...headers } });
  t.equal(await no(joins(dan)), '403 Pickup Not Allowed');
  const entered = joins(carol);
  t.match((await entered.answered()).get('Contact'), />;isfocus/, 'J9');
  await room.exactly(barge);
  await entered.hangsUp();
  const heard = carol.calls('*34101', { sdp: null });
  await heard.answered();
  await room.exactly(whisper);
  await heard.hangsUp();
  await Promise.all([call.hangsUp(), leg.isHungUp()]);
  t.equal((await joins(carol).fails()).status, 603, 'J5');
  t.same(await left(), []);
});

t.test('what the owner refuses is said in the words of this door, and counted once', async (t) => {
  t.equal(await no(carol.calls('*33101')), '480 No Call To Pick Up');
  const { call, leg } = await together();
  t.equal(await no(dan.calls('*33101')), '403 Pickup Not Allowed');
  t.equal(await no(dan.calls('*96101')), '403 Pickup Not Allowed');
  const own = carol.calls('101');
  const rung = await bob.isCalled();
  await rung.answers();
  await own.answered();
  await Promise.all([call.hangsUp(), leg.isHungUp()]);
  const second = await at('102', one.sip);
  t.equal(
    await no(second.calls('*33101')),
    '403 Your Own Call',
    'the call is with her other phone, at the other instance',
  );
  await second.unregisters();
  await Promise.all([own.hangsUp(), rung.isHungUp()]);
  t.same(await left(), []);
});

t.test('*96 and Replaces reach another instance than the call: the phone there has it', async (t) => {
  for (const by of ['code', 'key']) {
    const { call, leg } = await together();
    const steal = by === 'code' ? carol.calls('*96101') : carol.calls('101', { headers: { Replaces: replacing(leg) } });
    t.match((await steal.answered()).get('P-Asserted-Identity'), /"Alice Adams" <sip:100@acme.example>/);
    t.same(reasons(await leg.isHungUp()), elsewhere);
    await room.exactly({ A: ['S'], S: ['A'] });
    t.equal((await steal.holds()).status, 200);
    t.equal((await steal.resumes()).status, 200);
    await Promise.all([call.hangsUp(), steal.isHungUp()]);
    t.same(await left(), []);
  }
  t.equal(await other.metric('callpickup_pickups_total', { kind: 'steal', outcome: 'answered' }), 1);
  t.equal(await other.metric('callpickup_supervisions_total', { act: 'steal', outcome: 'answered' }), 1);
});

t.test('a picker at another instance is listened to, too, by who comes there and by who comes here', async (t) => {
  const call = alice.calls('101');
  const leg = await bob.isCalled();
  leg.rings();
  await call.rings();
  const mobile = await at('101', other.sip);
  const pickup = mobile.calls('*95101');
  await Promise.all([pickup.answered(), call.answered(), leg.stopsRinging()]);
  await mobile.talks({ tone: room.voices.B });
  await room.exactly({ A: ['B'] });
  const supervision = carol.calls('*33101');
  await supervision.answered();
  await room.exactly({ A: ['B'], S: ['A', 'B'] });
  await Promise.all([supervision.hangsUp()]);
  // At once: the call is on its way back to direct, and the next change comes right behind the ACK of the last.
  const joined = carol.calls('nobody', { headers: { Join: replacing(pickup), 'X-Pickup-Mode': 'listen' } });
  await joined.answered();
  await room.exactly({ A: ['B'], S: ['A', 'B'] });
  await Promise.all([call.hangsUp(), pickup.isHungUp(), joined.isHungUp()]);
  await mobile.unregisters();
  t.same(await left(), []);
});

t.test('she gives up on the way, or the owner is gone: nobody waits, and nothing stays', async (t) => {
  const { call, leg } = await together();
  for (let round = 0; round < 10; round += 1) {
    const supervision = carol.calls('*33101');
    const { status } = await supervision.cancels();
    if (status === 200) await supervision.hangsUp().catch(() => undefined);
  }
  t.same(
    (await Promise.all([one, other].map((each) => each.metric('callpickup_listeners')))).filter((count) => count > 0),
    [],
  );
  await one.stops('SIGKILL');
  const { status } = await carol.calls('*33101').fails();
  t.equal(status, 503);
  call.end();
  leg.end();
});
