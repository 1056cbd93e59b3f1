import t from 'tap';
import type { Endpoint } from '../../src/flows/media.js';
import { ownMediaServer } from '../support/media-server.js';
import { badServers, chosenByLoad, pulseOf } from './media-adapter/bad-servers.js';
import { call, placeOf, somewhere, trying, until } from './media-adapter/ground.js';
import { hangingServer, lostSip, noWayBack, stopLeavesNothing } from './media-adapter/lost-servers.js';
import { sipStack } from './media-adapter/sip-engine.js';
import { hearing, type Talker, talker } from './media-adapter/talker.js';

const place = await somewhere(t);
t.comment(`against ${place.name}`);
const srf = await sipStack(t);
const media = trying(t, srf, [place]);
await media.up();

const dialogs = () => (srf as unknown as { _dialogs: Map<string, unknown> })._dialogs.size;

const opened = async (phone: Talker): Promise<Endpoint> => {
  const endpoint = await media.open({ offer: phone.offer(), call });
  if (!endpoint) throw new Error('not opened');
  phone.talksTo(endpoint);
  return endpoint;
};

const room = async (t: Parameters<typeof talker>[0]) => {
  const tones = { A: 440, B: 620, S: 900, P: 1300 };
  const phones = {
    A: await talker(t, tones.A),
    B: await talker(t, tones.B),
    S: await talker(t, tones.S),
    P: await talker(t, tones.P),
  };
  const [A, B, S, P] = await Promise.all([phones.A, phones.B, phones.S, phones.P].map(opened));
  if (!A || !B || !S || !P) throw new Error('not opened');
  t.teardown(async () => void (await Promise.all([A, B, S, P].map((each) => each.release()))));
  return { phones, A, B, S, P };
};

t.test('who hears whom (engine.md 5.4)', async (t) => {
  const { phones, A, B, S, P } = await room(t);
  t.ok(await A.bridge(B));
  await hearing(phones, { A: ['B'], B: ['A'], S: [], P: [] });

  const listening = await S.listenTo(A, 'listen');
  t.ok(listening);
  await hearing(phones, { A: ['B'], B: ['A'], S: ['A', 'B'], P: [] });
  t.ok(await listening?.setMode('whisper'));
  await hearing(phones, { A: ['B', 'S'], B: ['A'], S: ['A', 'B'] });
  t.ok(await listening?.setMode('barge'));
  await hearing(phones, { A: ['B', 'S'], B: ['A', 'S'], S: ['A', 'B'] });
  t.ok(await listening?.setMode('listen'));
  await hearing(phones, { A: ['B'], B: ['A'], S: ['A', 'B'] });

  t.ok(await P.bridge(A), 'the listener follows');
  await hearing(phones, { A: ['P'], B: [], S: ['A', 'P'], P: ['A'] });
  await listening?.stop();
  await hearing(phones, { A: ['P'], B: [], S: [], P: ['A'] });
  t.equal(await listening?.setMode('barge'), false, 'it is over');
  await A.park();
  await hearing(phones, { A: [], B: [], S: [], P: [] });

  const whispering = await S.listenTo(A, 'whisper');
  t.ok(await A.bridge(B));
  await hearing(phones, { A: ['B', 'S'], B: ['A'], S: ['A', 'B'] });
  await A.release();
  await whispering?.over;
  await hearing(phones, { B: [], S: [] });
  t.equal(await S.listenTo(A, 'listen'), undefined, 'nobody listens to who is gone');
});

t.test('sounds: to who hears nobody, and into one ear alone', async (t) => {
  const { phones, A, B, S } = await room(t);
  const playing = A.play('ringback');
  await phones.A.rtp.hears(425);
  await A.hush();
  await playing;
  await phones.A.rtp.hearsNoMore(425);
  const ringing = A.play('ringback');
  await A.hush();
  await ringing;
  t.pass('also before it has begun');
  await A.play('digit-1', 'digit-2');
  t.pass('what has an end, ends');

  const last = A.play('ringback');
  await phones.A.rtp.hears(425);
  t.ok(await A.bridge(B), 'a bridge ends it');
  await last;
  await S.listenTo(A, 'listen');
  await hearing(phones, { A: ['B'], B: ['A'], S: ['A', 'B'] });
  const others = [phones.B, phones.S].map(({ rtp }) => rtp.watch(1400));
  const own = phones.A.rtp.watch(1400);
  await A.overlay('supervised');
  // It is soft.
  await until(() => own.most > 0.01, 'nobody heard it');
  await hearing(phones, { A: ['B'], B: ['A'], S: ['A', 'B'] });
  const loud = own.stop();
  for (const watch of others) t.ok(watch.stop() < loud / 5, `nobody else hears it: ${watch.most} of ${loud}`);
});

t.test('keys, also of who listens and of who talks', async (t) => {
  const { phones, A, B, S } = await room(t);
  const keys: string[] = [];
  A.onDigit((key) => keys.push(`A ${key}`));
  const forget = S.onDigit((key) => keys.push(`S ${key}`));
  await phones.S.press('5');
  await until(() => keys.length === 1, 'no key');
  await A.bridge(B);
  await phones.A.press('6');
  await until(() => keys.length === 2, 'no key of who talks');
  const listening = await S.listenTo(A, 'listen');
  await phones.S.press('3');
  await until(() => keys.length === 3, 'no key of who listens');
  await hearing(phones, { A: ['B'], B: ['A'], S: ['A', 'B'] });
  await listening?.stop();
  await phones.S.press('#');
  await until(() => keys.length === 4, 'no key of who listened');
  forget();
  t.same(keys, ['S 5', 'A 6', 'S 3', 'S #']);
});

t.test('changes: hold, an offer of ours, another law, what is refused', async (t) => {
  const { phones, A, B } = await room(t);
  await A.bridge(B);
  const held = await A.change(phones.A.offer({ direction: 'sendonly' }));
  t.match(held, /a=recvonly/);
  t.equal(A.sdp, held, 'what it was told last');
  await hearing(phones, { A: [] });
  const [, again] = await Promise.all([
    A.change(phones.A.offer({ direction: 'inactive' })),
    A.change(phones.A.offer()),
  ]);
  t.ok(again, 'one at a time');
  await hearing(phones, { A: ['B'], B: ['A'] });

  const late = await talker(t, 1700);
  const own = await media.open({ call, beside: B });
  if (!own) throw new Error('no offer');
  t.match(own.sdp, /^m=audio \d+ RTP\/AVP 0 8 101\r$/m);
  t.match(await own.change(late.offer({ law: 8 })), /^m=audio \d+ RTP\/AVP 8 /m);
  late.talksTo(own);
  t.ok(await own.bridge(B));
  await hearing({ ...phones, L: late }, { L: ['B'], B: ['L'], A: [] });
  await own.release();

  const strange = phones.A.offer()
    .replaceAll(/\b0\b(?= 101| PCMU)/g, '18')
    .replace('PCMU', 'G729');
  t.equal(await media.open({ call, offer: strange }), undefined);
});

t.test('V: 60 endpoints leave nothing', async (t) => {
  const before = dialogs();
  const phone = await talker(t, 440);
  for (let round = 0; round < 3; round += 1) {
    const made = await Promise.all(Array.from({ length: 20 }, () => media.open({ offer: phone.offer(), call })));
    t.equal(made.filter((each) => each === undefined).length, 0);
    await Promise.all(made.map((each) => each?.release()));
    t.ok(made.every((each) => each?.isGone));
  }
  await until(() => dialogs() === before, 'dialogs are left');
  t.equal(media.seen(place.name)?.endpoints, 0);
});

t.test('two servers, one killed, and back again', async (t) => {
  const [one, other] = [await ownMediaServer(t), await ownMediaServer(t)];
  const both = trying(t, srf, [placeOf(one), placeOf(other)], 'two');
  const phone = await talker(t, 440);
  await until(() => [one, other].every(({ name }) => both.seen(name)?.takesCalls), 'not both are up', 20_000);
  const made: Endpoint[] = [];
  while (new Set(made.map(({ server }) => server)).size < 2) {
    const endpoint = await both.open({ offer: phone.offer(), call });
    if (endpoint) made.push(endpoint);
  }
  const [lost, kept] = [
    made.filter((each) => each.server === one.name),
    made.filter((each) => each.server === other.name),
  ];
  await one.kills();
  await Promise.all(lost.map(({ gone }) => gone));
  t.ok(
    kept.every(({ isGone }) => !isGone),
    'those of the other live',
  );
  t.equal((await both.open({ offer: phone.offer(), call }))?.server, other.name);
  t.equal(await both.open({ offer: phone.offer(), call, ...(lost[0] && { beside: lost[0] }) }), undefined);
  t.equal(await lost[0]?.bridge(lost[0]), false, 'nothing of a lost one ever rejects');
  await lost[0]?.release();
  await one.returns();
  await until(() => both.seen(one.name)?.takesCalls === true, 'not used again', 5_000);
});

t.test('channels of an earlier life are ended, those of others are not', async (t) => {
  const server = await ownMediaServer(t);
  const [first, stranger] = [trying(t, srf, [placeOf(server)], 'life'), trying(t, srf, [placeOf(server)], 'stranger')];
  await Promise.all([first.up(), stranger.up()]);
  const phone = await talker(t, 440);
  const [own, foreign] = await Promise.all([first, stranger].map((each) => each.open({ offer: phone.offer(), call })));
  await trying(t, srf, [placeOf(server)], 'life').up();
  await own?.gone;
  t.equal(foreign?.isGone, false);
});

t.test('what cannot be used is told by name, once, and tried on', (t) => badServers(t, srf, place));
t.test('servers are chosen by load', async (t) => chosenByLoad(t));
t.test('a server is asked whether it is there', (t) => pulseOf(t));
t.test('a server that hangs', (t) => hangingServer(t, srf));
t.test('the SIP side is lost', (t) => lostSip(t));
t.test('a stop leaves nothing', (t) => stopLeavesNothing(t, srf));
t.test('event sockets that do not reach us', (t) => noWayBack(t, srf));
