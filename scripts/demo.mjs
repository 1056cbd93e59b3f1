// npm run demo: a caller, a callee and a picker play a directed and a group pickup, one between phones without a common
// codec, a whisper and a steal against a service of their own, and the SIP ladder of each is printed as it happens. Ends
// with 0 only if everything was as told.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { acts, officeOf } from './demo-acts.mjs';
import { ensureBuilt, ensureModules, ensurePackages } from './setup.mjs';

const isColoured = process.stdout.isTTY === true && !process.env.NO_COLOR;
const colour = (code, text) => (isColoured ? `\u001b[${code}m${text}\u001b[0m` : text);
let isOver = false;
const say = (text = '') => {
  if (!isOver) console.log(text);
};

const reasons = ['Reason: SIP;cause=200;text="Call completed elsewhere"', 'Reason: Q.850;cause=26'];
const [caller, service, callee, picker] = [0, 1, 2, 3];
const lifelines = [
  { name: 'Alice 100', colour: 36 },
  { name: 'callpickup', colour: 37 },
  { name: 'Bob 101', colour: 33 },
  { name: 'Carol 102', colour: 35 },
];
const tones = { alice: 440, carol: 880 };

/** Starts the service with nothing but what it brings along, on free addresses; `ready` tells where it listens. */
const startService = async (dataDir) => {
  const officeFile = join(dataDir, 'office.yaml');
  writeFileSync(officeFile, await officeOf(readFileSync('config/office.example.yaml', 'utf8')));
  const media = Object.entries(process.env).filter(([name]) => /^(FREESWITCH|MEDIA)_/.test(name));
  const child = spawn(process.execPath, ['--enable-source-maps', 'dist/main.js'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env.PATH,
      HTTP_BIND: '127.0.0.1:0',
      SIP_BIND: '127.0.0.1:0',
      DATA_DIR: dataDir,
      OFFICE_FILE: officeFile,
      INSTANCE_ID: 'demo',
      DRAIN_TIMEOUT_SECONDS: '2',
      ...Object.fromEntries(media),
    },
  });
  const ended = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  const saying = (words) =>
    new Promise((resolve) => {
      lines.on('line', (line) => {
        const said = readLine(line);
        if (said.msg === words) resolve(said);
      });
    });
  const both = [saying('callpickup is ready'), saying('media server connected')];
  const ready = Promise.all(both).then(([{ sip, http, version }, { server }]) => ({ sip, http, version, server }));
  const failed = ended.then(([code]) => {
    throw new Error(`the service ended with ${code} before it was ready`);
  });
  const first = Promise.race([ready, failed, tooLate(20_000, 'the service or its media server is not ready')]);
  for (const each of [failed, first]) each.catch(() => undefined);
  return { child, ended, ready: first };
};

const tooLate = async (milliseconds, what) => {
  await pause(milliseconds, undefined, { ref: false });
  throw new Error(`${what} after ${milliseconds / 1000} s`);
};

const readLine = (line) => {
  try {
    return JSON.parse(line);
  } catch {
    return {};
  }
};

const stopService = async ({ child, ended }) => {
  if (child.exitCode !== null) return;
  child.kill('SIGTERM');
  const wasSlow = await Promise.race([ended.then(() => false), pause(20_000, true, { ref: false })]);
  if (wasSlow) child.kill('SIGKILL');
  await ended;
};

/** What was promised, and whether it was so. */
const makeChecks = () => {
  const all = [];
  const check = (isSo, words) => {
    all.push(isSo);
    say(`  ${isSo ? colour(32, '✓') : colour(31, '✗')} ${words}`);
  };
  return { check, areFine: () => all.every(Boolean), count: () => all.length };
};

/** When a phone first sent or received what `isMeant`, in microseconds. */
const timeOf = (log, direction, isMeant) => log.find((each) => each.direction === direction && isMeant(each.text))?.at;

const milliseconds = (from, to) => (from === undefined || to === undefined ? '–' : ((to - from) / 1000).toFixed(1));

const isAnswer = (text) => text.startsWith('SIP/2.0 200') && /\r\nCSeq: \d+ INVITE\r\n/i.test(text);

/** One pickup from the first ring to the last BYE; gives what was seen. */
const playPickup = async ({ alice, bob, carol, code, printer }) => {
  printer.heads();
  const call = alice.calls('101');
  const ringing = await bob.isCalled();
  ringing.rings();
  await call.rings();
  printer.note(callee, 'the phone rings');
  await pause(600);

  const pickup = carol.calls(code);
  const cancelled = ringing.stopsRinging();
  const [callerAnswer, pickerAnswer, cancel] = await Promise.all([call.answered(), pickup.answered(), cancelled]);
  await Promise.all([alice.hears(tones.carol), carol.hears(tones.alice)]);
  printer.talk(caller, picker, `RTP ${tones.alice} / ${tones.carol} Hz`);
  await pause(300);
  const heard = { byAlice: alice.rtp.toneNow(tones.carol), byCarol: carol.rtp.toneNow(tones.alice) };

  await pickup.hangsUp();
  await call.isHungUp();
  await pause(100);
  return { call, pickup, callerAnswer, pickerAnswer, cancel, heard };
};

const audioPort = (sdp) => /^m=audio (\d+)/m.exec(sdp)?.[1];

/** Tells what came of it, and whether that is what was promised. */
const report = ({ alice, bob, carol }, { check }, { call, pickup, callerAnswer, pickerAnswer, cancel, heard }) => {
  const [callerPort, pickerPort] = [String(alice.rtp.port), String(carol.rtp.port)];
  const isJoined = audioPort(callerAnswer.body) === pickerPort && audioPort(pickerAnswer.body) === callerPort;
  say();
  check(isJoined, `Carol talks with Alice: each has the other's address, RTP ports ${pickerPort} and ${callerPort}`);
  const isHeard = heard.byAlice > 0.5 && heard.byCarol > 0.5;
  check(isHeard, `Alice hears Carol's ${tones.carol} Hz, Carol hears Alice's ${tones.alice} Hz, and nobody else`);
  const said = cancel.lines('reason');
  check(said.join() === reasons.join(), `Bob's phone stopped, told: ${said.join(' | ') || 'nothing'}`);

  const asked = timeOf(pickup.log, 'out', (text) => text.startsWith('INVITE'));
  const times = [
    ['Carol is answered after', timeOf(pickup.log, 'in', isAnswer)],
    ['Alice after', timeOf(call.log, 'in', isAnswer)],
    ['Bob is stopped after', timeOf(bob.log, 'in', (text) => text === cancel.text)],
  ];
  const told = times.map(([words, at]) => `${words} ${milliseconds(asked, at)} ms`).join(', ');
  const areAllTold = times.every(([, at]) => at !== undefined);
  check(areAllTold, told);
  const left = [alice, bob, carol].flatMap((phone) => phone.unfinished());
  check(left.length === 0, left.length === 0 ? 'no leg is left on any phone' : `left: ${left.join('; ')}`);
};

const metricsOf = async (http, names) => {
  const metrics = await (await fetch(`${http}/metrics`)).text();
  return names.map((name) => new RegExp(`^callpickup_${name} (\\d+)$`, 'm').exec(metrics)?.[1] ?? 'unknown');
};

/** Whether the service itself says that it holds no call. */
const checkService = async ({ check }, http) => {
  const names = ['ringing_calls', 'active_calls', 'early_dialogs', 'anchored_calls', 'listeners'];
  const isEmpty = (held) => held.every((count) => count === '0');
  let held = await metricsOf(http, names);
  for (const until = Date.now() + 3_000; !isEmpty(held) && Date.now() < until; held = await metricsOf(http, names))
    await pause(50);
  const told = names.map((name, at) => `${name} ${held[at]}`).join(', ');
  check(isEmpty(held), `the service holds no call (${told})`);
};

/** The service as its metrics show it. */
const watchService = (http) => ({
  reaches: async (name, count) => {
    for (const until = Date.now() + 5_000; Date.now() < until; await pause(20)) {
      if ((await metricsOf(http, [name]))[0] === String(count)) return true;
    }
    return false;
  },
});

/** All phones of the demo, to be unplugged at its end. */
const plugged = [];

/** The three phones, registered and talking. */
const plugIn = async (newPhone, server) => {
  const numbers = { alice: '100', bob: '101', carol: '102' };
  const phones = {};
  for (const [name, number] of Object.entries(numbers)) {
    phones[name] = await newPhone({ number, server });
    plugged.push(phones[name]);
  }
  const answers = await Promise.all(Object.values(phones).map((phone) => phone.registers()));
  await phones.alice.talks({ tone: tones.alice });
  await phones.carol.talks({ tone: tones.carol });
  return { phones, areRegistered: answers.every(({ status }) => status === 200) };
};

const play = async ({ sip, http }, checks) => {
  const server = addressOf(sip);
  const [{ newPhone }, { LadderPrinter }, { hearing }] = await Promise.all([
    import('../dist-support/phone.js'),
    import('../dist-support/ladder-print.js'),
    import('../dist-support/who-hears-whom.js'),
  ]);
  const { phones, areRegistered } = await plugIn(newPhone, server);
  const printer = new LadderPrinter({ lifelines, middle: service, isColoured, print: say });
  const places = { alice: caller, bob: callee, carol: picker };
  for (const [name, phone] of Object.entries(phones)) phone.watch((logged) => printer.message(places[name], logged));
  checks.check(areRegistered, 'Alice 100, Bob 101 and Carol 102 are registered');
  for (const [title, code] of [
    ['A directed pickup: Alice calls Bob, Carol dials *95101', '*95101'],
    ['A group pickup: Alice calls Bob, Carol dials *95', '*95'],
  ]) {
    say(`\n${colour(1, title)}\n`);
    report(phones, checks, await playPickup({ ...phones, code, printer }));
    await checkService(checks, http);
  }
  const room = await hearing({ Alice: phones.alice, Bob: phones.bob, Carol: phones.carol });
  for (const { title, play: playAct } of acts) {
    say(`\n${colour(1, title)}\n`);
    printer.heads();
    // What is checked stands below the ladder, not in it.
    const held = [];
    const check = (...told) => held.push(told);
    await playAct({ ...phones, room, printer, check, service: watchService(http) });
    say();
    for (const told of held) checks.check(...told);
    await checkService(checks, http);
  }
};

const addressOf = (sip) => {
  const [, host, port] = /udp\/([\d.]+):(\d+)/.exec(sip.join(' ')) ?? [];
  return { host, port: Number(port) };
};

/** So that an impatient visitor leaves nothing running either. */
const interrupted = () =>
  new Promise((_resolve, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => reject(new Error(`stopped by ${signal}`)));
  });

const main = async () => {
  ensureModules();
  ensurePackages(['redis-server']);
  ensureBuilt({ support: true });
  const dataDir = mkdtempSync(join(tmpdir(), 'callpickup-demo-'));
  const checks = makeChecks();
  const stopped = interrupted();
  stopped.catch(() => undefined);
  let running;
  try {
    running = await startService(dataDir);
    const ready = await Promise.race([running.ready, stopped]);
    const { sip, http, version, server } = ready;
    say(`callpickup ${version}: SIP ${sip.join(', ')}; ${http}; media server: ${server}`);
    await Promise.race([play(ready, checks), stopped]);
    say(`\n${checks.areFine() ? colour(32, `all ${checks.count()} as told`) : colour(31, 'NOT all as told')}`);
  } catch (error) {
    say(`\n${colour(31, `it went wrong: ${error.message}`)}`);
    process.exitCode = 1;
  } finally {
    // An interrupted play goes on by itself until it notices that its phones are gone: nobody listens any more.
    isOver = true;
    await Promise.all(plugged.map((phone) => phone.close()));
    if (running) await stopService(running);
    rmSync(dataDir, { recursive: true, force: true });
  }
  if (!checks.areFine()) process.exitCode = 1;
};

await main();
