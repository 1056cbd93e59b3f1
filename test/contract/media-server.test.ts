import { connect } from 'node:net';
import t from 'tap';
import { hearing } from '../support/who-hears-whom.js';
import { asked, connectFsmrf, type Ear, mediaServer, startMediaServer } from './media-server/stage.js';

t.comment(`asked: ${asked}`);

const place = await mediaServer();
const stage = await connectFsmrf(place);
const { server } = stage;
t.teardown(async () => {
  await stage.stop();
  await place.stop();
});

/** Resolves when that application begins on the channel: FreeSWITCH answers before it acts. */
const begins = ({ endpoint }: Ear, app: string): Promise<void> =>
  new Promise((resolve) => {
    endpoint.conn.on(`esl::event::CHANNEL_EXECUTE::${endpoint.uuid}`, (event) => {
      if (event.getHeader('Application') === app) resolve();
    });
  });

const bridge = async (one: Ear, other: Ear): Promise<void> => {
  const both = [begins(one, 'uuid_bridge'), begins(other, 'uuid_bridge')];
  await one.endpoint.bridge(other.endpoint);
  await Promise.all(both);
};

const park = async (ear: Ear): Promise<void> => {
  const parked = begins(ear, 'park');
  await server.api(`uuid_transfer ${ear.endpoint.uuid} park inline`);
  await parked;
};

const setMode = (supervisor: Ear, mode: string): Promise<void> =>
  new Promise((resolve) => {
    const headers = { 'unique-id': supervisor.endpoint.uuid, 'eavesdrop-command': mode };
    server.conn.sendRecv('sendevent NOTIFY', headers, resolve);
  });

const a = await stage.ear();
const b = await stage.ear();
const s = await stage.ear();
const p = await stage.ear();
const room = await hearing({ A: a, B: b, S: s, P: p });
let eavesdropped: Promise<unknown> | undefined;

t.test('whoever is not bridged hears nobody', async () => {
  await room.exactly({ A: [], B: [], S: [], P: [] });
});

t.test('who hears whom: bridged, and a supervisor in each mode', async (t) => {
  await bridge(a, b);
  await room.exactly({ A: ['B'], B: ['A'], S: [], P: [] });
  await s.endpoint.set({ eavesdrop_enable_dtmf: 'false', callpickup_test: '1' });
  eavesdropped = s.endpoint.execute('eavesdrop', a.endpoint.uuid);
  await room.exactly({ A: ['B'], B: ['A'], S: ['A', 'B'], P: [] });
  const leak = room.watch('B', 'S');
  await setMode(s, '2');
  await room.exactly({ A: ['B', 'S'], B: ['A'], S: ['A', 'B'], P: [] });
  t.ok(leak.stop() < 0.02, 'the whisper was never heard by the other side');
  await setMode(s, '1');
  await room.exactly({ A: ['B'], B: ['A', 'S'], S: ['A', 'B'] });
  await setMode(s, '3');
  await room.exactly({ A: ['B', 'S'], B: ['A', 'S'], S: ['A', 'B'] });
  await setMode(s, '0');
  await room.exactly({ A: ['B'], B: ['A'], S: ['A', 'B'] });
});

t.test('eavesdropping follows the target from partner to partner', async () => {
  await bridge(a, p);
  await room.exactly({ A: ['P'], P: ['A'], S: ['A', 'P'], B: [] });
  await park(p);
  await room.exactly({ A: [], P: [], S: ['A'] });
  await bridge(a, b);
  await room.exactly({ A: ['B'], B: ['A'], S: ['A', 'B'], P: [] });
});

t.test('on hold a phone is sent nothing; a muted one is not heard', async () => {
  await a.endpoint.modify(a.offer('sendonly'));
  await room.exactly({ A: [], B: ['A'], S: ['A', 'B'] });
  await a.endpoint.modify(a.offer());
  await server.api(`uuid_audio ${a.endpoint.uuid} start read mute 1`);
  await room.exactly({ A: ['B'], B: [], S: ['B'] });
  await server.api(`uuid_audio ${a.endpoint.uuid} stop`);
  await room.exactly({ A: ['B'], B: ['A'], S: ['A', 'B'] });
});

t.test('an eavesdropping supervisor: orders wait, uuid_break does nothing, `*` ends it', async (t) => {
  let isSet = false;
  const set = s.endpoint.execute('set', 'later=1').then(() => {
    isSet = true;
  });
  await server.api(`uuid_break ${s.endpoint.uuid} all`);
  await room.exactly({ S: ['A', 'B'] });
  t.notOk(isSet, 'the order waits');
  const tone = 'tone_stream://%(60000,0,1700)';
  const [own, early] = [a.rtp.watch(1700), s.rtp.watch(1700)];
  await server.api(`uuid_displace ${a.endpoint.uuid} start ${tone} 0 mux`);
  await a.rtp.hears(1700);
  await room.exactly({ A: ['B'], B: ['A'], S: ['A', 'B'] });
  t.ok(early.stop() < own.stop() / 5, 'who listened before a sound was laid over that ear does not hear it');
  await setMode(s, '*');
  await eavesdropped;
  await set;
  eavesdropped = s.endpoint.execute('eavesdrop', a.endpoint.uuid);
  await s.rtp.hears(1700);
  await server.api(`uuid_displace ${a.endpoint.uuid} stop ${tone}`);
  await s.rtp.hearsNoMore(1700);
  await setMode(s, '*');
  await eavesdropped;
  t.equal((await server.api(`uuid_getvar ${s.endpoint.uuid} later`)).trim(), '1');
  await room.exactly({ A: ['B'], B: ['A'], S: [] });
});

t.test('keys are told, with and without a partner', async (t) => {
  for (const [ear, key] of [
    [a, '7'],
    [s, '#'],
  ] as const) {
    const told = new Promise<string | undefined>((resolve) => ear.endpoint.on('dtmf', ({ dtmf }) => resolve(dtmf)));
    await ear.presses(key);
    t.equal(await told, key);
  }
});

t.test('a conference by name: muted, deaf, related; what is beneath it comes back', async (t) => {
  const name = `contract-${a.endpoint.uuid}`;
  const say = (words: string) => server.api(`conference ${name} ${words}`);
  t.match(await say('list count'), /^-ERR Conference contract-\S+ not found/);
  const ids: number[] = [];
  for (const ear of [a, b, s]) ids.push((await ear.endpoint.join(name, { flags: { mute: ear === s } })).memberId);
  const [idA, idB, idS] = ids;
  await room.exactly({ A: ['B'], B: ['A'], S: ['A', 'B'], P: [] });
  await s.endpoint.confUnmute();
  t.match(await say(`relate ${idS} ${idB} nospeak`), /^\+OK \d+->\d+ nospeak set/);
  await room.exactly({ A: ['B', 'S'], B: ['A'], S: ['A', 'B'] });
  t.match(await say(`relate ${idS} ${idB} clear`), /^\+OK relationship \d+->\d+ cleared/);
  await s.endpoint.confDeaf();
  await room.exactly({ A: ['B', 'S'], B: ['A', 'S'], S: [] });
  t.match(await say('list'), /^\d+;sofia\/\S+;speak\S*;0;0;0\n\d+;\S+;unknown;;hear\|speak\S*;0;0;0\n\d+;/);
  t.match(await say('json_list'), /"member_count":\s*3/);
  const [mine, others] = [a.rtp.watch(1700), b.rtp.watch(1700)];
  await a.endpoint.confPlay('tone_stream://%(60000,0,1700)');
  await a.rtp.hears(1700);
  t.ok(others.stop() < mine.stop() / 5, 'what is played to one is not heard by another');
  t.match(await say(`stop all ${idA}`), /^\+OK Stopped 1 files/);
  await say('play tone_stream://%(60000,0,1900)');
  await b.rtp.hears(1900);
  t.match(await say('mute 999999'), /^-ERR Non-Existant ID 999999/);
  t.match(await say('dance'), /^-ERR Conference command 'dance' not found/);
  t.match(await say('lock'), /^\+OK contract-\S+ locked/);
  t.equal(await say('kick all'), `+OK kicked ${idS}\n+OK kicked ${idB}\n+OK kicked ${idA}\n`);
  await room.exactly({ A: ['B'], B: ['A'], S: [], P: [] });
  t.match(await say('list'), /not found/);
});

t.test('a conference is over when the one who ends it goes, and the others are hung up on', async (t) => {
  const name = `ends-${a.endpoint.uuid}`;
  const guest = await stage.ear();
  await s.endpoint.join(name, { flags: { endconf: true, moderator: true } });
  await guest.endpoint.join(`${name}@default`);
  t.match(await server.api(`conference ${name} list count`), /^2/);
  const over = new Promise((resolve) => guest.endpoint.on('destroy', resolve));
  await s.endpoint.unjoin();
  await over;
  await room.exactly({ S: [], A: ['B'] });
  t.match(await server.api(`conference ${name} list`), /not found/);
  t.ok(s.endpoint.connected);
});

t.test('what is played ends by itself, by uuid_break and by a bridge; what is not there says so', async (t) => {
  const short = await p.endpoint.play('tone_stream://%(200,0,1000)');
  t.equal(short.playbackMilliseconds, '200');
  await t.rejects(p.endpoint.play('/nowhere/to/be/found.wav'), { message: 'File Not Found' });
  const endless = 'tone_stream://%(500,0,1000);loops=-1';
  const broken = p.endpoint.play(endless);
  await p.rtp.hears(1000);
  t.match(await server.api(`uuid_break ${p.endpoint.uuid}`), /^\+OK/);
  await broken;
  const bridged = p.endpoint.play(endless);
  await p.rtp.hears(1000);
  await bridge(p, s);
  await bridged;
  await room.exactly({ P: ['S'], S: ['P'] });
});

t.test('a sound over an ear is heard there alone, and the talk goes on', async () => {
  const tone = 'tone_stream://%(60000,0,1700)';
  await server.api(`uuid_displace ${p.endpoint.uuid} start ${tone} 0 mux`);
  await p.rtp.hears(1700);
  await room.exactly({ S: ['P'] });
  await server.api(`uuid_displace ${p.endpoint.uuid} stop ${tone}`);
  await p.rtp.hearsNoMore(1700);
  await room.exactly({ P: ['S'], S: ['P'] });
});

t.test('the end: by fsmrf, by BYE, by uuid_kill; whoever was talked to stays', async (t) => {
  const over = new Promise<{ reason?: string } | undefined>((resolve) => a.endpoint.on('destroy', resolve));
  await server.api(`uuid_kill ${a.endpoint.uuid}`);
  // FreeSWITCH may close the socket before it tells why.
  const { reason = 'NORMAL_CLEARING' } = (await over) ?? {};
  t.equal(reason, 'NORMAL_CLEARING');
  await room.exactly({ B: [] });
  t.ok(b.endpoint.connected);
  await b.endpoint.destroy();
  t.equal((await server.api(`uuid_exists ${b.endpoint.uuid}`)).trim(), 'false');
  const gone = new Promise((resolve) => p.endpoint.on('destroy', resolve));
  await p.endpoint.dialog.destroy();
  await gone;
  t.ok(s.endpoint.connected);
});

t.test('offers that cannot be served are refused', async (t) => {
  const refused = (sdp: string) =>
    server.createEndpoint({ remoteSdp: sdp }).then(
      () => 200,
      (problem: { status?: number }) => problem.status,
    );
  t.equal(
    await refused(
      s
        .offer()
        .replace('AVP 0 101', 'AVP 18')
        .replace(/a=rtpmap.*\r\n/g, ''),
    ),
    488,
  );
  t.equal(await refused(s.offer().replace(/m=audio[\s\S]*/, '')), 488);
});

t.test('the embedded server: too many, a wrong secret, nonsense, and what it does not do', async (t) => {
  const small = await startMediaServer('--most-sessions', '2');
  const own = await connectFsmrf(small);
  t.teardown(async () => {
    await own.stop();
    await small.stop();
  });
  const statusOf = (opening: Promise<unknown>) =>
    opening.then(
      () => 200,
      (problem: { status?: number }) => problem.status,
    );
  const [first] = [await own.ear(), await own.ear()];
  t.equal(await statusOf(own.ear()), 503);

  const answers = async (text: string): Promise<string> => {
    const socket = connect(small.port, small.host);
    let heard = '';
    socket.on('data', (piece) => {
      heard += piece;
    });
    socket.on('error', () => undefined);
    const closed = new Promise((resolve) => socket.on('close', resolve));
    socket.write(text);
    await closed;
    return heard;
  };
  t.match(await answers('auth wrong\n\n'), /auth\/request[\s\S]*-ERR invalid[\s\S]*disconnect-notice/);
  t.match(
    await answers(`api status\n\nauth ${small.secret}\n\nexit\n\n`),
    /command not found[\s\S]*accepted[\s\S]*bye/,
  );
  await answers('x'.repeat(2 ** 21));
  await answers(`auth ${small.secret}\nContent-Length: 99999999\n\n`);

  await first.endpoint.join('one');
  const say = (words: string) => own.server.api(words);
  for (const command of ['energy 1', 'volume_in 1 1', 'recording check', 'vmute 1', 'floor 1']) {
    t.match(await say(`conference one ${command}`), /^-ERR Conference command '\w+' not found/, command);
  }
  t.notMatch(await say('conference one list'), /floor|talking/);
  const { memberId } = first.endpoint.conf;
  t.match(await say(`conference one transfer two ${memberId}`), /^\+OK Member/);
  t.match(await say('conference two kick all'), new RegExp(`^\\+OK kicked ${memberId}`), 'it is the same member');
  t.match(await say(`uuid_exists ${first.endpoint.uuid}`), /^true/, 'a transferred member stays when that is over');
  t.match(await say(`uuid_transfer ${first.endpoint.uuid} echo inline`), /^-ERR/);
  await t.rejects(first.endpoint.play('digits/1.wav'), { message: 'File Not Found' }, 'no path of its own');
  const ended = new Promise((resolve) => first.endpoint.on('destroy', resolve));
  void first.endpoint.execute('record', '/tmp/never.wav');
  await ended;
  t.equal(await statusOf(own.server.createEndpoint({})), 488, 'an offer is needed');
  t.match(await own.server.api('status'), /2 session\(s\) max/, 'it lives');
});
