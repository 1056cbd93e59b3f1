import t from 'tap';
import { elsewhere, reasons } from '../support/office.js';
import { phone } from '../support/phone.js';
import { twoInstances } from '../support/two-instances.js';
import type { ShownDocument } from '../support/watcher.js';

// Two instances need two SIP servers; one real drachtio-server would share its calls between them.
t.comment('two instances over one Redis, each on an embedded SIP engine of its own');

const [one, other] = await twoInstances(t);

const alice = await phone(t, { number: '100', server: one.sip });
const bob = await phone(t, { number: '101', server: one.sip });
const carol = await phone(t, { number: '102', server: other.sip });
const dave = await phone(t, { number: '103', server: one.sip });
for (const each of [alice, bob, carol, dave]) await each.registers();

const left = async (): Promise<string[]> => [
  ...(await one.leftovers()),
  ...(await other.leftovers()),
  ...[alice, bob, carol, dave].flatMap((each) => each.unfinished()),
];

const ringing = async () => {
  const call = alice.calls('101');
  const leg = await bob.isCalled();
  leg.rings();
  await call.rings();
  return { call, leg };
};

for (const dialled of ['*95101', '*95']) {
  t.test(`Carol's ${dialled} reaches another instance than Alice's call, and has it all the same`, async (t) => {
    const { call, leg } = await ringing();
    const pickup = carol.calls(dialled);
    t.match((await pickup.answered()).get('P-Asserted-Identity'), /"Alice Adams" <sip:100@acme.example>/);
    t.match((await call.answered()).get('P-Asserted-Identity'), /"Carol Clark" <sip:102@acme.example>/);
    t.same(reasons(await leg.stopsRinging()), elsewhere);
    await alice.talks({ tone: 440 });
    await carol.talks({ tone: 660 });
    await Promise.all([alice.hears(660), carol.hears(440)]);
    t.equal((await pickup.holds()).status, 200);
    t.equal((await pickup.resumes()).status, 200);
    await Promise.all([pickup.hangsUp(), call.isHungUp()]);
    t.same(await left(), []);
  });
}

t.test('D22: A pickup at another instance than the call is shown by the picker’s own dialog, at either', async (t) => {
  const watchers = [bob.watches('102'), carol.watches('102')];
  const ofBob = carol.watches('101');
  for (const watcher of [...watchers, ofBob]) await watcher.accepted();
  const { call, leg } = await ringing();
  const rings = ({ dialogs }: ShownDocument) => dialogs.some(({ state }) => state === 'early');
  const [early] = (await ofBob.sees(rings)).dialogs.filter(({ state }) => state === 'early');
  t.match(early, { callId: leg.callId, localTag: leg.localTag, remoteTag: leg.remoteTag, direction: 'recipient' });

  const pickup = carol.calls('*95101');
  await Promise.all([pickup.answered(), call.answered(), leg.stopsRinging()]);
  const own = { callId: pickup.callId, localTag: pickup.localTag, remoteTag: pickup.remoteTag, direction: 'initiator' };
  const replaces = { callId: leg.callId, localTag: leg.localTag, remoteTag: leg.remoteTag };
  for (const watcher of watchers) {
    const { dialogs } = await watcher.sees((document) => document.dialogs.some(({ state }) => state === 'confirmed'));
    t.match(dialogs, [{ ...own, replaces, remote: { identity: 'sip:100@acme.example' } }]);
  }
  const over = (id: string | undefined) => (document: ShownDocument) =>
    document.dialogs.some((dialog) => dialog.id === id && dialog.state === 'terminated');
  const { dialogs } = await ofBob.sees(over(early?.id));
  t.match(dialogs, [{ event: 'replaced' }]);

  await Promise.all([pickup.hangsUp(), call.isHungUp()]);
  for (const watcher of watchers) {
    const { dialogs: last } = await watcher.sees((document) =>
      document.dialogs.some(({ event }) => event !== undefined),
    );
    t.match(last, [{ callId: pickup.callId, state: 'terminated', event: 'local-bye' }]);
  }
  for (const watcher of [...watchers, ofBob]) {
    await watcher.unsubscribes();
    t.same(watcher.faults, []);
  }
  t.same(await left(), []);
});

t.test('A picker without an offer, and one whose media does not fit', async (t) => {
  const { call, leg } = await ringing();
  const g729 =
    'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 18\r\na=rtpmap:18 G729/8000\r\n';
  t.equal((await carol.calls('*95101', { sdp: g729 }).fails()).status, 488);
  t.ok(leg.isPending, 'Bob rings on');
  const pickup = carol.calls('*95101', { sdp: null });
  await Promise.all([pickup.answered(), call.answered(), leg.stopsRinging()]);
  await alice.talks({ tone: 440 });
  await carol.talks({ tone: 660 });
  await Promise.all([alice.hears(660), carol.hears(440)]);
  await Promise.all([call.hangsUp(), pickup.isHungUp()]);
  t.same(await left(), []);
});

t.test('A picker gives up on the way: the phone rings on for the next one', async (t) => {
  for (let round = 0; round < 20; round += 1) {
    const { call, leg } = await ringing();
    const pickup = carol.calls('*95101');
    const given = await pickup.cancels();
    if (given.status === 200) await Promise.allSettled([call.isHungUp()]);
    else {
      const second = dave.calls('*95101');
      const { status } = await second.ends();
      t.ok(status === 200 || status === 486 || status === 480, `round ${round}: ${given.status}, then ${status}`);
      if (status === 200) await Promise.all([second.hangsUp(), call.isHungUp()]);
      else await call.cancels();
    }
    await leg.stopsRinging();
  }
  t.same(await left(), []);
});

t.test('Of two pickers on two instances in the same instant one has the call, 100 times', async (t) => {
  let winners = 0;
  for (let round = 0; round < 100; round += 1) {
    const { call, leg } = await ringing();
    const pickups = [carol.calls('*95101'), dave.calls('*95101')];
    const answers = await Promise.all(pickups.map((pickup) => pickup.ends()));
    const won = answers.filter(({ status }) => status === 200).length;
    winners += won;
    if (won !== 1) t.fail(`round ${round}: ${answers.map(({ status }) => status).join(' and ')}`);
    await call.answered();
    await leg.stopsRinging();
    const winner = pickups[answers.findIndex(({ status }) => status === 200)];
    await Promise.all([winner?.hangsUp(), call.isHungUp()]);
  }
  t.equal(winners, 100);
  t.same(await left(), []);
});

t.test('W3: A phone that wakes up and registers at another instance than its call rings there', async (t) => {
  const push = 'pn-provider=fcm;pn-prid=00fc13adff78512';
  const street = await phone(t, { number: '101', server: other.sip });
  await bob.unregisters();
  await bob.registers({ contacts: [`<${bob.uri};${push}>`] });
  const call = alice.calls('101');
  const lost = await bob.isCalled();
  await street.registers({ contacts: [`<${street.uri};${push}>`] });
  const leg = await street.isCalled();
  t.same(reasons(await lost.stopsRinging()), elsewhere);
  await leg.answers();
  await call.answered();
  await Promise.all([call.hangsUp(), leg.isHungUp()]);
  await street.registers({ contacts: [`<${street.uri};${push}>;expires=0`] });
  await bob.registers();
  t.same([...(await left()), ...street.unfinished()], []);
});

t.test('The owner is gone: its calls lapse, and a pickup says so instead of hanging', async (t) => {
  const { call } = await ringing();
  await one.stops('SIGKILL');
  const { status } = await carol.calls('*95101').fails();
  t.ok(status === 503 || status === 480, String(status));
  t.same(await other.leftovers().then((lines) => lines.filter((line) => !line.startsWith('key '))), []);
  call.end();
});
