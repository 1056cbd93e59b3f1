import { once } from 'node:events';
import { connect } from 'node:net';
import t, { type Test } from 'tap';
import { startMediaServer } from '../../contract/media-server/stage.js';
import { askMediaServer, channelsOf } from '../../support/event-socket.js';
import { type Chance, chanceOf, seed } from '../../support/race-chance.js';
import { application, rawCaller, requests } from './raw-caller.js';

t.comment(`SEED=${seed}`);

const place = await startMediaServer('--most-sessions', '40');
const caller = await rawCaller(place.sipPort);
const app = await application();
t.teardown(async () => {
  caller.close();
  app.close();
  await place.stop();
});

const until = async (isSo: () => Promise<boolean>): Promise<void> => {
  while (!(await isSo())) await new Promise((next) => setTimeout(next, 10));
};
const channels = (wanted: number) => until(async () => (await channelsOf(place)) === wanted);

/** Answers as a server that is well does, to both sides. */
const isWell = async (t: Test): Promise<void> => {
  const { call, request } = requests(place.sipPort, caller.port, app.at);
  caller.sends(request('OPTIONS'));
  t.match(await caller.answer(call), /^SIP\/2\.0 200 /);
  t.match(await askMediaServer(place, 'status'), /^UP /);
};

/** What breaks parsers: nothing, too much, half of it, what was never agreed. */
const oddities = [
  '',
  '\0',
  '\r\n',
  '\n\n',
  ':',
  '%',
  '%zz',
  '{',
  '-1',
  '99999999999',
  'é\u{1F600}',
  'x'.repeat(9000),
] as const;

const spoil = (text: string, chance: Chance): string => {
  let spoilt = text;
  for (let times = Math.floor(chance.between(1, 5)); times > 0; times -= 1) {
    const at = Math.floor(chance.between(0, spoilt.length));
    const end = at + Math.floor(chance.between(0, 12));
    spoilt = spoilt.slice(0, at) + chance.one(oddities) + spoilt.slice(end);
  }
  return chance.happens(0.2) ? spoilt.slice(0, Math.floor(chance.between(0, spoilt.length))) : spoilt;
};

t.test('one more than it mixes is refused, and when to ask again is told', async (t) => {
  const answers = await Promise.all(Array.from({ length: 41 }, () => caller.calls(app.at)));
  t.equal(answers.filter((answer) => answer.startsWith('SIP/2.0 200 ')).length, 40);
  const refused = answers.find((answer) => !answer.startsWith('SIP/2.0 200 '));
  t.match(refused, /^SIP\/2\.0 503 Maximum Calls In Progress\r\n[\s\S]*Retry-After: 300\r\n/);
  t.match(await askMediaServer(place, 'status'), /40 session\(s\) max/);
});

t.test('an application that is gone, or never there, leaves no channel and no port', async (t) => {
  await until(async () => app.sockets.size === 40);
  app.hangsUp();
  await channels(0);
  await caller.calls('127.0.0.1:1');
  await channels(0);
  const again = await Promise.all(Array.from({ length: 40 }, () => caller.calls(app.at)));
  t.ok(
    again.every((answer) => answer.startsWith('SIP/2.0 200 ')),
    'all places are free again',
  );
  await until(async () => app.sockets.size === 40);
  app.hangsUp();
  await channels(0);
});

t.test('300 spoilt messages of SIP: a call that stands is not touched', async (t) => {
  const own = await application();
  t.teardown(own.close);
  await caller.calls(own.at);
  const tcp = connect(place.sipPort, place.host);
  tcp.on('error', () => undefined);
  for (let turn = 0; turn < 300; turn += 1) {
    const chance = chanceOf(seed, turn);
    const { request, invite } = requests(place.sipPort, caller.port, app.at);
    const method = chance.one(['INVITE', 'INVITE', 'OPTIONS', 'BYE', 'CANCEL', 'ACK', 'UPDATE', 'NONSENSE']);
    const text = spoil(method === 'INVITE' ? invite() : request(method, { toTag: 'nobody' }), chance);
    if (turn % 3 > 0) caller.sends(text);
    else if (tcp.writable) tcp.write(text);
    if (turn % 25 === 0) await isWell(t);
  }
  tcp.destroy();
  await isWell(t);
  app.hangsUp();
  await until(async () => {
    app.hangsUp();
    return (await channelsOf(place)) === 1;
  });
  own.hangsUp();
  await channels(0);
});

const commands = (one: string, other: string) =>
  [
    ...['api status', 'api show channels as json', `api uuid_bridge ${one} ${other}`, `api uuid_dump ${one} json`],
    ...[`api uuid_transfer ${one} -both park inline`, `api uuid_displace ${one} start silence_stream://100 0 mux`],
    ...[`api uuid_audio ${one} start read mute 1`, `api uuid_broadcast ${one} tone_stream://%(50,0,400) both`],
    ...[
      `api conference here list`,
      `api conference here kick all`,
      `api uuid_recv_dtmf ${one} 123`,
      'api global_setvar a=b',
    ],
    ...['event plain ALL', 'event json DTMF CUSTOM a::b', 'filter Unique-ID x', 'filter delete all', 'nixevent ALL'],
    `sendevent NOTIFY\nunique-id: ${one}\neavesdrop-command: 2`,
    ...[
      'conference here+flags{mute}',
      `eavesdrop ${other}`,
      'set a=b',
      'multiset ^^^a=b^c=d',
      'playback silence_stream://50',
    ].map((text) => {
      const [name = '', ...data] = text.split(' ');
      return `sendmsg ${one}\ncall-command: execute\nexecute-app-name: ${name}\nexecute-app-arg: ${data.join(' ')}`;
    }),
  ] as [string, ...string[]];

t.test('400 spoilt commands: the server answers on, and another connection loses nothing', async (t) => {
  const own = await application();
  t.teardown(own.close);
  await Promise.all([caller.calls(own.at), caller.calls(own.at)]);
  const listed = JSON.parse(await askMediaServer(place, 'show channels as json')) as { rows: { uuid: string }[] };
  const [one = '', other = ''] = listed.rows.map(({ uuid }) => uuid);
  for (let turn = 0; turn < 20; turn += 1) {
    const chance = chanceOf(seed, 1000 + turn);
    const socket = connect(place.port, place.host);
    socket.on('error', () => undefined);
    socket.resume();
    if (turn % 4 > 0) socket.write(`auth ${place.secret}\n\n`);
    for (let many = 0; many < 20; many += 1) socket.write(`${spoil(chance.one(commands(one, other)), chance)}\n\n`);
    if (turn % 5 === 0) await isWell(t);
    socket.end();
    await Promise.race([once(socket, 'close'), new Promise((next) => setTimeout(next, 200))]);
    socket.destroy();
  }
  await isWell(t);
  own.hangsUp();
  await until(async () => {
    await askMediaServer(place, 'hupall');
    return (await channelsOf(place)) === 0;
  });
  t.match(await askMediaServer(place, 'conference list'), /No active conferences/);
});

t.test('who asks and does not read is dropped; others are served', async (t) => {
  await askMediaServer(place, `global_setvar long=${'y'.repeat(200_000)}`);
  const socket = connect(place.port, place.host);
  socket.pause();
  const closed = once(socket, 'close').catch(() => undefined);
  socket.on('error', () => undefined);
  socket.write(`auth ${place.secret}\n\n${'api global_getvar long\n\n'.repeat(200)}`);
  await isWell(t);
  // Nothing is read, so the end shows when we write.
  const poke = setInterval(() => socket.write('api status\n\n'), 20);
  await closed;
  clearInterval(poke);
  await isWell(t);
  await askMediaServer(place, 'global_setvar long=');
});
