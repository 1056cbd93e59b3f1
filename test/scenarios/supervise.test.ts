import t from 'tap';
import { office, ringing } from '../support/office.js';
import type { Call, Leg, Phone } from '../support/phone.js';
import { refuses } from '../support/phone-manners.js';
import { restClient } from '../support/rest.js';
import { ground } from '../support/service.js';
import { hearing } from '../support/who-hears-whom.js';
import { progress, refers, replacing, talking, towards } from './transfer-stage.js';

t.comment(`on ${ground}`);

const acme = await office(t, {
  office: `
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
      "104": { private: true }
      "105": { name: Frank Ford }
    callControl:
      groups: { desk: ["101", "103", "104"] }
      eavesdrop_102: [desk]
      whisper_102: [desk]
      barge_102: [desk]
      eavesdrop_103: [desk]
    groups:
      "5f1a00000000000000000001": { name: taken, members: ["100", "101"], controllers: ["105"], steal: true }
  bell:
    domains: [bell.example]
    media: { notice: beep, prompts: true }
    extensions: { "100": {}, "101": {}, "102": {} }
    callControl: { groups: { all: ["101"] }, eavesdrop_102: [all], whisper_102: [all], barge_102: [all] }
`,
});
await acme.says(({ msg }) => msg === 'media server connected', 15_000);
const [alice, bob, carol, dave, eve, frank] = (await Promise.all(
  ['100', '101', '102', '103', '104', '105'].map((each) => acme.phone(each, { domain: 'acme.example' })),
)) as [Phone, Phone, Phone, Phone, Phone, Phone];
const room = await hearing({ A: alice, B: bob, S: carol, D: dave, F: frank });

/** A call that the service has noted as connected, of so many: a moment after both phones have. */
const together = async (caller: Phone, callee: Phone, calls = 1) => {
  const both = await talking(caller, callee);
  await isNoted(calls);
  return both;
};

const isNoted = (calls: number) => acme.reaches('callpickup_active_calls', (active) => active >= calls);

/** The call talks directly again. */
const isDirect = () => acme.reaches('callpickup_anchored_calls', (anchored) => anchored === 0);

const no = async (who: Phone, dialled: string): Promise<string> =>
  (await who.calls(dialled).fails()).startLine.replace('SIP/2.0 ', '');
const supervises = async (dialled: string, who = carol, sdp?: null): Promise<Call> => {
  const call = who.calls(dialled, sdp === null ? { sdp } : {});
  await call.answered();
  return call;
};
const counted = (act: string, outcome: string) => acme.metric('callpickup_supervisions_total', { act, outcome });

const listen = { A: ['B'], B: ['A'], S: ['A', 'B'] } as const;
const whisper = { A: ['B'], B: ['A', 'S'], S: ['A', 'B'] } as const;
const barge = { A: ['B', 'S'], B: ['A', 'S'], S: ['A', 'B'] } as const;
const apart = { A: ['B'], B: ['A'] } as const;

t.test('*33, *34, *35: who hears whom, and the keys 1, 2, 3; the call goes on without the supervisor', async (t) => {
  const { call, leg } = await together(alice, bob);
  const supervision = await supervises('*33101');
  await room.exactly(listen);
  t.equal(await acme.metric('callpickup_listeners'), 1);
  const leaks = room.watch('A', 'S');
  await supervision.presses('2');
  await room.exactly(whisper);
  t.ok(leaks.stop() < 0.02, 'Alice has never heard the whisper');
  await supervision.presses('3', { by: 'info' });
  await room.exactly(barge);
  await supervision.presses('1');
  await room.exactly(listen);
  await supervision.hangsUp();
  await room.exactly(apart);
  for (const [code, hears] of [
    ['*34101', whisper],
    ['*35101', barge],
  ] as const) {
    const other = await supervises(code);
    await room.exactly(hears);
    await other.hangsUp();
    await room.exactly(apart);
  }
  const delayed = await supervises('*33101', carol, null);
  await room.exactly(listen);
  await delayed.hangsUp();
  await isDirect();
  t.equal(await counted('eavesdrop', 'answered'), 3, 'twice by code, once by key');
  const line = await acme.says(({ msg }) => msg === 'supervision');
  t.match(line, { supervisor: '102', colleague: '101', act: 'eavesdrop', outcome: 'answered', tenant: 'acme' });
  await Promise.all([call.hangsUp(), leg.isHungUp()]);
  t.same(await acme.everythingLeft(), []);
});

t.test('who may not, what is not there: the call is not touched', async (t) => {
  const { call, leg } = await together(alice, bob);
  t.equal(await no(carol, '*33'), '484 Address Incomplete');
  t.equal(await no(carol, '*33999'), '404 No Such Extension');
  t.match(await no(alice, '*33101'), /^403 /);
  t.match(await no(dave, '*34101'), /^403 /, 'to listen is not to whisper');
  t.match(await no(bob, '*33101'), /^403 Your Own Call/);
  t.match(await no(carol, '*33103'), /^480 No Call/);
  t.equal(leg.log.filter(({ direction, text }) => direction === 'in' && text.startsWith('INVITE')).length, 1);
  await Promise.all([call.hangsUp(), leg.isHungUp()]);
  const hidden = await together(alice, eve);
  t.match(await no(carol, '*33104'), /^403 Private Call/);
  await Promise.all([hidden.call.hangsUp(), hidden.leg.isHungUp()]);
  const early = await ringing(alice, bob);
  t.match(await no(carol, '*33101'), /^480 No Call/, 'who rings is picked up, not listened to');
  await Promise.all([early.call.cancels(), early.leg.stopsRinging()]);
  t.same(await acme.everythingLeft(), []);
});

t.test('a switch that is not granted changes nothing; two supervisors do not disturb each other', async (t) => {
  const { call, leg } = await together(alice, bob);
  const one = await supervises('*33101', dave);
  await one.presses('3');
  await acme.says(
    ({ msg, supervisor, outcome }) => msg === 'supervision' && supervisor === '103' && outcome === 'not_allowed',
  );
  const two = await supervises('*34101');
  await room.exactly({ ...whisper, D: ['A', 'B'] });
  await one.hangsUp();
  await room.exactly(whisper);
  await Promise.all([call.hangsUp(), leg.isHungUp()]);
  t.match((await two.isHungUp()).get('Reason'), /Call has ended/, 'J15');
  t.same(await acme.everythingLeft(), []);
});

t.test('the listener follows Bob into another call of his', async (t) => {
  const { call, leg } = await together(alice, bob);
  const supervision = await supervises('*33101');
  await room.exactly(listen);
  const second = await together(dave, bob, 2);
  await Promise.all([leg.hangsUp(), call.isHungUp()]);
  await room.exactly({ B: ['D'], D: ['B'], S: ['B', 'D'] });
  await Promise.all([second.call.hangsUp(), second.leg.isHungUp(), supervision.isHungUp()]);
  t.same(await acme.everythingLeft(), []);
});

t.test('what happens to Bob’s call happens to who listens to him: she stays with him', async (t) => {
  const { call, leg } = await together(alice, bob);
  const supervision = await supervises('*34101');
  await room.exactly(whisper);
  t.equal((await refers(call, '<sip:103@acme.example>')).status, 202, 'Alice sends Bob to Dave');
  const rung = await dave.isCalled();
  await rung.answers();
  await call.isHungUp();
  await room.exactly({ B: ['D', 'S'], D: ['B'], S: ['B', 'D'], A: [] });

  const second = await together(dave, frank, 2);
  const told = progress(rung);
  t.equal((await refers(rung, towards(second.call))).status, 202, 'Dave joins him with Frank');
  t.equal((await told).at(-1), '200');
  await Promise.all([rung.isHungUp(), second.call.isHungUp()]);
  await room.exactly({ B: ['F', 'S'], F: ['B'], S: ['B', 'F'], D: [] });
  t.equal(await acme.metric('callpickup_listeners'), 1);
  await Promise.all([leg.hangsUp(), second.leg.isHungUp(), supervision.isHungUp()]);
  t.same(await acme.everythingLeft(), []);
});

t.test('the place of either is taken: nobody listens to a stranger', async (t) => {
  const { call, leg } = await together(alice, bob);
  const supervision = await supervises('*33101');
  await room.exactly(listen);
  const first = frank.calls('*96100');
  await Promise.all([first.answered(), call.isHungUp()]);
  await room.exactly({ B: ['F'], F: ['B'], S: ['B', 'F'] });
  const other = await together(alice, dave, 2);
  await Promise.all([other.call.hangsUp(), other.leg.isHungUp(), first.hangsUp(), leg.isHungUp()]);
  await supervision.isHungUp();

  const again = await together(alice, bob);
  const heard = await supervises('*33101');
  await room.exactly(listen);
  const second = frank.calls('*96101');
  await Promise.all([second.answered(), again.leg.isHungUp()]);
  t.match((await heard.isHungUp()).get('Reason'), /Call has ended/, 'Bob is not there any more');
  await room.exactly({ A: ['F'], F: ['A'], S: [] });
  await isDirect();
  await Promise.all([second.hangsUp(), again.call.isHungUp()]);
  t.same(await acme.everythingLeft(), []);
});

t.test('Bob picks up another call, and she comes with him; the rule is taken away, and she leaves', async (t) => {
  const program = await restClient(acme);
  const url = '/client/acme/call_control_group/';
  const { call, leg } = await together(alice, bob);
  const supervision = await supervises('*33101');
  await room.exactly(listen);
  const { call: waits, leg: rung } = await ringing(frank, dave);
  const pickup = bob.calls('*95103');
  await Promise.all([pickup.answered(), waits.answered(), rung.stopsRinging()]);
  await isNoted(2);
  await Promise.all([leg.hangsUp(), call.isHungUp()]);
  await room.exactly({ B: ['F'], F: ['B'], S: ['B', 'F'] });
  const { json: before } = await program.ask(`GET ${url}`);
  t.equal((await program.ask(`PUT ${url}`, {})).status, 200);
  t.match((await supervision.isHungUp()).get('Reason'), /cause=403/);
  await room.exactly({ B: ['F'], F: ['B'], S: [] });
  t.equal((await program.ask(`PUT ${url}`, before)).status, 200);
  await Promise.all([pickup.hangsUp(), waits.isHungUp()]);
  t.same(await acme.everythingLeft(), []);
});

t.test('J14: who holds whom changes nothing of who may hear the whisper', async (t) => {
  const { call, leg } = await together(alice, bob);
  const supervision = await supervises('*34101');
  await room.exactly(whisper);
  const leaks = room.watch('A', 'S');
  for (const end of [leg, call, supervision]) {
    t.equal((await end.holds()).status, 200);
    t.match(end.remoteSdp, /a=recvonly|a=inactive/);
    t.equal((await end.resumes()).status, 200);
    await room.exactly(whisper);
  }
  carol.sets({ laws: ['PCMA'] });
  t.equal((await supervision.reinvites()).status, 200, 'her phone wants to talk another law');
  t.match(supervision.remoteSdp, /m=audio \d+ RTP\/AVP 8\b/);
  await room.exactly(whisper);
  const later = await supervises('*33101', dave);
  await room.exactly({ ...whisper, D: ['A', 'B', 'S'] });
  t.ok(leaks.stop() < 0.02, 'Alice has never heard the whisper');
  carol.sets({ laws: ['PCMU', 'PCMA'] });
  await Promise.all([call.hangsUp(), leg.isHungUp(), supervision.isHungUp(), later.isHungUp()]);
  t.same(await acme.everythingLeft(), []);
});

t.test(
  'J12: both are told that somebody listens or enters, where the company wants that; of a whisper only Bob knows',
  async (t) => {
    const [ann, ben, cleo] = (await Promise.all(
      ['100', '101', '102'].map((each) => acme.phone(each, { domain: 'bell.example' })),
    )) as [Phone, Phone, Phone];
    const { call, leg } = await together(ann, ben);
    const beeps = [ann, ben, cleo].map((each) => each.rtp.watch(1400));
    const heard = async (who: number) => {
      while ((beeps[who]?.most ?? 0) < 0.5) await new Promise((next) => setTimeout(next, 20));
    };
    const supervision = await supervises('*33101', cleo);
    await Promise.all([heard(0), heard(1)]);
    await ann.hearsNoMore(1400);
    const quiet = ann.rtp.watch(1400);
    await supervision.presses('2');
    await acme.says(({ msg, mode }) => msg === 'supervision changed' && mode === 'whisper');
    t.ok(quiet.stop() < 0.1, 'nobody else is told of a whisper');
    const again = ann.rtp.watch(1400);
    await supervision.presses('3');
    while (again.most < 0.5) await new Promise((next) => setTimeout(next, 20));
    t.ok(again.stop() > 0.5, 'who enters is announced');
    for (const beep of beeps) beep.stop();
    await Promise.all([call.hangsUp(), leg.isHungUp(), supervision.isHungUp()]);
    t.same(await acme.everythingLeft(), []);
  },
);

t.test('who is refused hears why where the company wants that, and has the same final no', async (t) => {
  const [ann, ben, cleo] = (await Promise.all(
    ['100', '101', '102'].map((each) => acme.phone(each, { domain: 'bell.example' })),
  )) as [Phone, Phone, Phone];
  const { call, leg } = await together(ann, ben);
  const asked = [
    cleo.calls('*33100'),
    cleo.calls('*96101'),
    cleo.calls('x', { headers: { Join: replacing(call) } }),
    cleo.calls('x', { headers: { Replaces: replacing(leg) } }),
  ];
  for (const each of asked) t.match((await each.rings()).body, /m=audio/, 'early media');
  await cleo.hears(620);
  for (const each of asked) t.match((await each.fails()).startLine, /403 Pickup Not Allowed/);
  const unknown = cleo.calls('x', { headers: { Join: 'other@call;to-tag=a;from-tag=b' } });
  t.match((await unknown.fails()).startLine, /481 No Such Dialog To Join/, 'in the words of its door');
  await Promise.all([call.hangsUp(), leg.isHungUp()]);
  t.same(await acme.everythingLeft(), []);
});

/** Who asks for Bob’s call by its dialog, how, and what is said to it. */
type JoinRow = readonly [what: string, asked: (wanted: string, leg: Leg) => Joining, status: number];

interface Joining {
  readonly who?: Phone;
  readonly join: string;
  readonly headers?: Record<string, string>;
}

const joinRows: readonly JoinRow[] = [
  ['J1: twice', (wanted) => ({ join: `${wanted}, ${wanted}` }), 400],
  ['J1: broken', () => ({ join: 'no;from-tag=x' }), 400],
  ['J2: with Replaces', (wanted) => ({ join: wanted, headers: { Replaces: wanted } }), 400],
  [
    'J3: tags the wrong way round',
    (_, { callId, localTag, remoteTag }) => ({
      join: `${callId};to-tag=${localTag};from-tag=${remoteTag}`,
    }),
    481,
  ],
  ['J3: part of a tag', (wanted) => ({ join: wanted.slice(0, -1) }), 481],
  ['J4: no dialog, and no conference of ours', () => ({ join: 'other@call;to-tag=a;from-tag=b' }), 481],
  ['J7: no right at all', (join) => ({ who: alice, join }), 403],
  ['J7: to listen is not to whisper', (join) => ({ who: dave, join, headers: { 'X-Pickup-Mode': 'whisper' } }), 403],
  ['J7: nor to enter', (join) => ({ who: dave, join }), 403],
  ['J7: his own call', (join) => ({ who: bob, join }), 403],
  ['J10: something else is required, too', (join) => ({ join, headers: { Require: 'join, nothing' } }), 420],
  ['J13: unknown mode', (join) => ({ join, headers: { 'X-Pickup-Mode': 'shout' } }), 400],
];

const joins = (who: Phone, value: string, headers: Record<string, string> = {}) =>
  who.calls('nobody', { headers: { Join: value, ...headers } });

t.test('J1, J2, J3, J4, J7, J13: what no Join gets, and the call is not touched', async (t) => {
  const { call, leg } = await together(alice, bob);
  for (const [what, asked, status] of joinRows) {
    const { who = carol, join, headers } = asked(replacing(leg), leg);
    t.equal((await joins(who, join, headers).fails()).status, status, what);
  }
  t.equal(leg.log.filter(({ direction, text }) => direction === 'in' && text.startsWith('INVITE')).length, 1);
  await Promise.all([call.hangsUp(), leg.isHungUp()]);
  t.same(await acme.everythingLeft(), []);
});

t.test('J5, J6: a dialog that has ended, and one that has not begun', async (t) => {
  const { call, leg } = await ringing(alice, bob);
  t.match((await joins(carol, replacing(leg)).fails()).startLine, /480 No Answered Call To Join/, 'J6');
  await leg.answers();
  await call.answered();
  await Promise.all([call.hangsUp(), leg.isHungUp()]);
  t.equal((await joins(carol, replacing(leg)).fails()).status, 603, 'J5');
  t.same(await acme.everythingLeft(), []);
});

t.test('J8, J16: no media in common, or a phone that will not come: 488, and the two talk on', async (t) => {
  const { call, leg } = await together(alice, bob);
  const g729 =
    'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 18\r\na=rtpmap:18 G729/8000\r\n';
  t.equal((await carol.calls('*33101', { sdp: g729 }).fails()).status, 488);
  t.equal((await carol.calls('nobody', { sdp: g729, headers: { Join: replacing(leg) } }).fails()).status, 488);
  await isDirect();
  for (const end of [call, leg]) {
    end.onReinvite(refuses());
    t.equal((await carol.calls('*33101').fails()).status, 488);
    end.onReinvite(() => undefined);
  }
  await room.exactly({ ...apart, S: [] });
  await isDirect();
  t.equal((await call.holds()).status, 200);
  t.equal((await call.resumes()).status, 200);
  await Promise.all([call.hangsUp(), leg.isHungUp()]);
  t.same(await acme.everythingLeft(), []);
});

t.test('J9, J10, J11, J13: who enters by a Join makes a conference, and says so as long as he is in it', async (t) => {
  const { call, leg } = await together(alice, bob);
  const options = await carol.sends('OPTIONS', 'sip:acme.example');
  t.match(options.get('Supported'), /\bjoin\b/, 'J10');
  t.match(leg.request.get('Supported'), /\bjoin\b/, 'J10');
  const entered = joins(carol, `${replacing(leg)};later=yes`, { Require: 'join' });
  const answer = await entered.answered();
  t.match(answer.get('Contact'), />;isfocus/, 'J9');
  t.match(answer.get('Supported'), /\bjoin\b/, 'J10');
  await room.exactly(barge);
  await entered.presses('1');
  t.notMatch((await entered.receives('INVITE')).get('Contact'), /isfocus/, 'J9: she only listens now');
  await room.exactly(listen);
  await entered.presses('3');
  t.match((await entered.receives('INVITE')).get('Contact'), />;isfocus/, 'J9');
  await room.exactly(barge);
  await entered.hangsUp();
  const listened = joins(carol, replacing(leg), { 'X-Pickup-Mode': 'listen' });
  t.notMatch((await listened.answered()).get('Contact'), /isfocus/);
  await room.exactly(listen);
  await listened.hangsUp();
  await isDirect();
  await Promise.all([call.hangsUp(), leg.isHungUp()]);
  t.same(await acme.everythingLeft(), []);
});
