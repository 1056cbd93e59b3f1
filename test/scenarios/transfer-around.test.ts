import t from 'tap';
import { office } from '../support/office.js';
import { type Phone, phone, type ShownDialog, type ShownDocument, type Watcher } from '../support/phone.js';
import { ground, service } from '../support/service.js';
import { areAt, progress, refers, replacing, talking, towards } from './transfer-stage.js';

t.comment(`on ${ground}`);

const trunk = await phone(t, { number: 'trunk' });
const acme = await office(t, {
  office: `
sipAuth: none
tenants:
  acme:
    default: true
    domains: [acme.example]
    ringSeconds: 5
    trunk: sip:127.0.0.1:${trunk.address.port}
    extensions:
      "100": { name: Alice Adams }
      "101": { name: Bob Brown }
      "102": { name: Carol Clark }
      "103": { name: Dave Davis }
      "104": {}
    callControl: { allow_all: true }
  other:
    domains: [other.example]
    extensions: { "100": {}, "101": {}, "102": {} }
`,
});
const [alice, bob, carol, dave] = (await Promise.all(
  ['100', '101', '102', '103'].map((number) => acme.phone(number, { domain: 'acme.example' })),
)) as [Phone, Phone, Phone, Phone];

/** Every state of every dialog, each told once, in the order that it was told; who is at the other end beside it. */
const story = (watcher: Watcher): string[] => {
  const last = new Map<string, string>();
  return watcher.documents.flatMap(({ dialogs }) =>
    dialogs.flatMap(({ id, state, event, remote }) => {
      const now = [state, event, /:(\w+)@/.exec(remote.identity ?? '')?.[1]].filter(Boolean).join(' ');
      if (last.get(id) === now) return [];
      last.set(id, now);
      return [now];
    }),
  );
};

const shows =
  (...fits: ((dialog: ShownDialog) => boolean)[]) =>
  ({ dialogs }: ShownDocument): boolean =>
    fits.every((fit) => dialogs.some(fit));
const talkingTo =
  (number: string) =>
  ({ state, remote }: ShownDialog): boolean =>
    state === 'confirmed' && (remote.identity ?? '').includes(`:${number}@`);
const idle = ({ dialogs }: ShownDocument): boolean => dialogs.every(({ state }) => state === 'terminated');

const watching = async (...numbers: string[]): Promise<Watcher[]> => {
  const all = numbers.map((number) => dave.watches(number));
  for (const each of all) await each.accepted();
  return all;
};

const over = async (watchers: readonly Watcher[]): Promise<string[]> => {
  for (const each of watchers) {
    await each.sees(idle);
    await Promise.all([each.unsubscribes(), each.isOver()]);
  }
  return watchers.flatMap(({ faults }) => [...faults]);
};

t.test('D8, D17: who watches sees who talks with whom, before a transfer, during it and after it', async (t) => {
  const watchers = await watching('100', '101', '102');
  const [ofAlice, ofBob, ofCarol] = watchers as [Watcher, Watcher, Watcher];
  const { call, leg } = await talking(alice, bob);
  await Promise.all([ofAlice.sees(shows(talkingTo('101'))), ofBob.sees(shows(talkingTo('100')))]);
  await refers(call, '<sip:102@acme.example>');
  const rung = await carol.isCalled();
  rung.rings();
  await ofBob.sees(shows(talkingTo('102')));
  const early = await ofCarol.sees(shows(({ state, direction }) => state === 'early' && direction === 'recipient'));
  t.match(early.dialogs[0]?.remote, { identity: 'sip:101@acme.example', display: 'Bob Brown' });
  t.ok(shows(talkingTo('101'))(ofAlice.last as ShownDocument), 'Alice is in her call until she hangs up');
  await rung.answers();
  await call.isHungUp();
  await Promise.all([ofCarol.sees(shows(talkingTo('101'))), ofAlice.sees(idle)]);
  const { callId, localTag, remoteTag } = leg;
  t.match(ofBob.last?.dialogs.find(talkingTo('102')), { callId, localTag, remoteTag }, 'Bob’s dialog is the same');
  await Promise.all([leg.hangsUp(), rung.isHungUp()]);
  t.same(await over(watchers), []);
  t.match(story(ofAlice).at(-1), /^terminated remote-bye 101$/);
  t.same(story(ofBob).slice(-3).sort(), ['confirmed 102', 'terminated local-bye 102', 'terminated replaced 100']);
  t.same(story(ofCarol).slice(-3), ['early 101', 'confirmed 101', 'terminated remote-bye 101']);
  t.same(await acme.everythingLeft(), []);
});

t.test('D8, D22: and of two calls that become one, of a transfer that comes to nothing, and of a theft', async (t) => {
  const watchers = await watching('100', '101', '102');
  const [ofAlice, ofBob, ofCarol] = watchers as [Watcher, Watcher, Watcher];
  const first = await talking(alice, bob);
  const second = await talking(alice, carol);
  await ofAlice.sees(shows(talkingTo('102')));
  await refers(first.call, towards(second.call));
  await Promise.all([first.call.isHungUp(), second.call.isHungUp()]);
  await Promise.all([ofAlice.sees(idle), ofBob.sees(shows(talkingTo('102'))), ofCarol.sees(shows(talkingTo('101')))]);

  const told = progress(first.leg);
  await refers(first.leg, '<sip:104@acme.example>');
  t.equal((await told).at(-1), '480', 'no phone there');
  await ofCarol.sees(shows(talkingTo('101')));

  const steal = alice.calls('101', { headers: { Replaces: replacing(second.leg) } });
  await Promise.all([steal.answered(), second.leg.isHungUp()]);
  await Promise.all([ofCarol.sees(idle), ofBob.sees(shows(talkingTo('100')))]);
  const seen = await ofAlice.sees(shows(talkingTo('101')));
  const { callId, localTag, remoteTag } = second.leg;
  t.match(seen.dialogs.find(talkingTo('101'))?.replaces, { callId, localTag, remoteTag }, 'D22');
  await Promise.all([first.leg.hangsUp(), steal.isHungUp()]);
  t.same(await over(watchers), []);
  t.same(await acme.everythingLeft(), []);
});

t.test('13.4: nobody answers in the company’s time', async (t) => {
  const { call, leg } = await talking(alice, bob);
  await refers(call, '<sip:102@acme.example>');
  const rung = await carol.isCalled();
  rung.rings();
  t.same(await progress(call, 15_000), ['100', '180', '480']);
  await rung.stopsRinging();
  t.ok(areAt({ phone: alice, end: call }, { phone: bob, end: leg }));
  await Promise.all([call.hangsUp(), leg.isHungUp()]);
  t.same(await acme.everythingLeft(), []);
});

t.test('13.4: out by the company’s trunk, where Alice could call herself', async (t) => {
  const { call, leg } = await talking(alice, bob);
  t.equal((await refers(call, '<sip:4511223344@acme.example>')).status, 202);
  const out = await trunk.isCalled();
  t.match(out.request.startLine, /^INVITE sip:4511223344@/);
  await out.answers();
  await call.isHungUp();
  t.ok(areAt({ phone: bob, end: leg }, { phone: trunk, end: out }));
  await Promise.all([out.hangsUp(), leg.isHungUp()]);
  t.same(await acme.everythingLeft(), []);
});

t.test('13.4: somebody from outside is sent on, and sends nobody', async (t) => {
  const stranger = await phone(t, { number: '+4512345678', server: acme.sip, domain: 'acme.example' });
  const { call, leg } = await talking(stranger, bob);
  t.equal((await refers(call, '<sip:102@acme.example>')).status, 603);
  t.equal((await refers(leg, '<sip:102@other.example>')).status, 603, 'nor to another company');
  await refers(leg, '<sip:102@acme.example>');
  const rung = await carol.isCalled();
  t.match(rung.request.get('From'), /sip:\+4512345678@/);
  await rung.answers();
  await leg.isHungUp();

  const second = await talking(alice, carol);
  const third = await talking(alice, dave);
  await refers(second.call, towards(third.call));
  await Promise.all([second.call.isHungUp(), third.call.isHungUp()]);
  t.ok(areAt({ phone: carol, end: second.leg }, { phone: dave, end: third.leg }));
  await Promise.all([second.leg.hangsUp(), third.leg.isHungUp(), call.hangsUp(), rung.isHungUp()]);
  t.same(await acme.everythingLeft(), []);
});

t.test('RFC 3264 section 8: who had video keeps the line for it', async (t) => {
  const video = 'm=video 40000 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n';
  await bob.rtp.open();
  const call = alice.calls('101', { sdp: `${withPort(alice)}${video}` });
  const leg = await bob.isCalled();
  await leg.answers({ sdp: `${withPort(bob)}${video}` });
  await call.answered();
  await refers(call, '<sip:102@acme.example>');
  leg.onReinvite(() => ({ sdp: `${withPort(bob)}m=video 0 RTP/AVP 96\r\n` }));
  const rung = await carol.isCalled();
  await rung.answers();
  await call.isHungUp();
  t.equal(linesIn(leg.remoteSdp), 2, 'Carol has none, and Bob’s is refused');
  t.match(leg.remoteSdp, /^m=video 0 /m);
  t.equal(linesIn(rung.remoteSdp), 1, 'Carol hears of hers alone');
  await Promise.all([leg.hangsUp(), rung.isHungUp()]);
  t.same(await acme.everythingLeft(), []);
});

const linesIn = (sdp: string | undefined): number => sdp?.match(/^m=/gm)?.length ?? 0;

const withPort = ({ rtp }: Phone): string =>
  [
    'v=0',
    'o=phone 1 1 IN IP4 127.0.0.1',
    's=-',
    'c=IN IP4 127.0.0.1',
    't=0 0',
    `m=audio ${rtp.port ?? 9} RTP/AVP 0`,
    'a=rtpmap:0 PCMU/8000',
    '',
  ].join('\r\n');

t.test('A service that stops ends a transfer that rings, and leaves nobody on the line', async (t) => {
  // A real drachtio-server would share its calls between two services: this one has an engine of its own.
  const stopping = await service(t, { env: { DRAIN_TIMEOUT_SECONDS: '1', DRACHTIO_HOST: '' } });
  const [caller, callee, third] = (await Promise.all(
    ['100', '101', '102'].map((number) => phone(t, { number, server: stopping.sip })),
  )) as [Phone, Phone, Phone];
  for (const each of [caller, callee, third]) await each.registers();
  const { call, leg } = await talking(caller, callee);
  await refers(call, `<sip:102@127.0.0.1>`);
  const rung = await third.isCalled();
  rung.rings();
  const stopped = stopping.stops();
  await Promise.all([call.isHungUp(), leg.isHungUp(), rung.stopsRinging()]);
  t.equal(await stopped, 0);
  t.same(
    [caller, callee, third].flatMap((each) => each.unfinished()),
    [],
  );
});
