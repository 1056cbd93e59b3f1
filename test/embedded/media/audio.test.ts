import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import alawmulaw from 'alawmulaw';
import t from 'tap';
import { everyFrame } from '../../../src/embedded/media/audio/clock.js';
import { digitEar } from '../../../src/embedded/media/audio/digits-heard.js';
import { mix } from '../../../src/embedded/media/audio/frame.js';
import { linearOf, writtenIn } from '../../../src/embedded/media/audio/g711.js';
import { jitterBuffer } from '../../../src/embedded/media/audio/jitter.js';
import { readPacket, writeHeader } from '../../../src/embedded/media/audio/packet.js';
import { openRtp } from '../../../src/embedded/media/audio/rtp.js';
import { shareOfTone } from '../../support/rtp.js';
import { host, keyPair, makePair, talk, toneOf, until } from './audio-pair.js';

const audible = 0.9;

/** Numbers that look like chance and are the same every time. */
const chanceOf = (seed: number) => (below: number) => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((seed / 2 ** 32) * below);
};

t.test('both laws are those of G.711, all bytes and all samples', async (t) => {
  for (const [law, theirs] of [['PCMU', alawmulaw.mulaw] as const, ['PCMA', alawmulaw.alaw] as const]) {
    const bytes = Array.from({ length: 256 }, (_, byte) => byte);
    t.same(
      bytes.filter((byte) => linearOf(law)[byte] !== theirs.decodeSample(byte)),
      [],
    );
    const samples = Array.from({ length: 65_536 }, (_, at) => at - 32_768);
    const differing = samples.filter(
      (sample) => writtenIn(law)[sample & 0xffff] !== (theirs.encodeSample(sample) & 0xff),
    );
    t.same(differing.slice(0, 10), [], law);
  }
});

t.test('voices are added up, and clipped', async (t) => {
  const loud = new Int16Array(160).fill(30_000);
  const low = new Int16Array(160).fill(-30_000);
  t.same([...new Set(mix(loud, loud))], [32_767]);
  t.same([...new Set(mix(low, undefined, low, low))], [-32_768]);
  t.same([...new Set(mix(loud, low, low, loud))], [0]);
  t.equal(mix(undefined, loud), loud);
  t.same([...new Set(mix())], [0]);
});

t.test('a tone is heard through two sessions', async (t) => {
  const kinds = {
    PCMU: [{}, {}],
    PCMA: [
      { codec: 'PCMA', payload: 8 },
      { codec: 'PCMA', payload: 8 },
    ],
    'packets of 10 ms': [{ ptime: 10 }, {}],
    'packets of 30 ms': [{ ptime: 30 }, {}],
    'packets of 60 ms': [{ ptime: 60 }, {}],
    'keys of 80': keyPair('AES_CM_128_HMAC_SHA1_80'),
    'keys of 32': keyPair('AES_CM_128_HMAC_SHA1_32'),
  } as const;
  for (const [kind, [how, howTheOther]] of Object.entries(kinds)) {
    const { one, other } = await makePair(t, how, howTheOther);
    const there = await talk(one, other, { say: toneOf(440) });
    t.ok(shareOfTone(there.samples, 440) > audible, `${kind}: ${there.frames} frames`);
    t.ok(there.frames > 30, kind);
    const back = await talk(other, one, { say: toneOf(1000) });
    t.ok(shareOfTone(back.samples, 1000) > audible, `${kind}, back`);
  }
});

t.test('who has another key, law or direction is not heard', async (t) => {
  const [ours, theirs] = keyPair('AES_CM_128_HMAC_SHA1_80');
  const pairs = {
    'another key': [ours, { crypto: { ...theirs.crypto, theirs: randomBytes(30) } }],
    'no key': [{}, theirs],
    'a key to who has none': [ours, { payload: 8, codec: 'PCMA' }],
    'another law': [{}, { payload: 8, codec: 'PCMA' }],
    'not to be heard': [{}, { direction: 'sendonly' }],
    inactive: [{}, { direction: 'inactive' }],
  } as const;
  for (const [kind, [how, howTheOther]] of Object.entries(pairs)) {
    const { one, other } = await makePair(t, how, howTheOther);
    for (let tick = 0; tick < 10; tick += 1) one.say(toneOf(440)());
    t.equal(one.stats.sent, 10);
    // What comes after all of it shows that all of it has come.
    const { one: late, other: witness } = await makePair(t);
    await talk(late, witness, { ticks: 3, say: toneOf(440) });
    t.same([other.take(), other.stats.received], [undefined, 0], kind);
  }
  for (const direction of ['recvonly', 'inactive'] as const) {
    const { one } = await makePair(t, { direction });
    one.say(toneOf(440)());
    t.equal(one.stats.sent, 0, `${direction} says nothing`);
  }
});

t.test('silence sends nothing, and time goes on', async (t) => {
  const { one, other } = await makePair(t);
  const ear = createSocket('udp4');
  t.teardown(() => void ear.close());
  await new Promise<void>((resolve) => ear.bind(0, host, resolve));
  one.apply({
    codec: 'PCMU',
    payload: 0,
    ptime: 20,
    direction: 'sendrecv',
    remote: { host, port: ear.address().port },
  });
  const packets: Buffer[] = [];
  ear.on('message', (packet) => packets.push(packet));
  const say = toneOf(440);
  for (const frame of [say(), say(), undefined, undefined, say()]) one.say(frame);
  await until(() => packets.length === 3, 'three packets');
  const [first, second, third] = packets.map((packet) => ({
    marked: (packet[1] ?? 0) >> 7,
    sequence: packet.readUInt16BE(2),
    timestamp: packet.readUInt32BE(4),
  }));
  if (!first || !second || !third) throw new Error('three packets');
  t.same([first.marked, second.marked, third.marked], [1, 0, 1]);
  t.same([(second.sequence - first.sequence) & 0xffff, (third.sequence - first.sequence) & 0xffff], [1, 2]);
  t.same([(second.timestamp - first.timestamp) >>> 0, (third.timestamp - first.timestamp) >>> 0], [160, 640]);
  await other.close();
  await other.close();
  other.say(say());
  t.equal(other.stats.sent, 0, 'a closed one says nothing');
});

t.test('keys are told once each, with their time', async (t) => {
  const { one, other } = await makePair(t);
  const told: [string, number][] = [];
  other.onDigit((digit, milliseconds) => told.push([digit, milliseconds]));
  one.sendDigits('1*#d', 60);
  one.sendDigits('5x');
  await talk(one, other, { ticks: 60, say: toneOf(440) });
  await until(() => told.length >= 5, 'five keys');
  t.same(told, [
    ['1', 60],
    ['*', 60],
    ['#', 60],
    ['D', 60],
    ['5', 100],
  ]);
  const after = await talk(one, other, { say: toneOf(440) });
  t.ok(shareOfTone(after.samples, 440) > audible, 'the tone is back');
  const { one: mute } = await makePair(t, { telephoneEvent: undefined });
  mute.sendDigits('1');
  mute.say(undefined);
  t.equal(mute.stats.sent, 0);
});

t.test('keys whose packets are lost, late or doubled are told once', async (t) => {
  const told: [string, number][] = [];
  const ear = digitEar((digit, milliseconds) => told.push([digit, milliseconds]));
  const press = (code: number, isOver: boolean, duration: number) =>
    Buffer.from([code, isOver ? 0x8a : 10, duration >> 8, duration & 0xff]);
  ear.hear(press(1, false, 160), 1000);
  ear.hear(press(1, false, 800), 1000);
  ear.hear(press(2, true, 400), 5000);
  ear.hear(press(1, true, 960), 1000);
  for (let times = 0; times < 3; times += 1) ear.hear(press(2, true, 400), 5000);
  ear.hear(press(3, false, 0xffff), 10_000);
  ear.hear(press(3, true, 801), 10_000 + 0xffff);
  ear.hear(press(16, true, 400), 200_000);
  ear.hear(Buffer.from([1, 0x80]), 300_000);
  t.same(told, [
    ['1', 100],
    ['2', 50],
    ['3', (0xffff + 801) / 8],
  ]);
  ear.hear(press(4, false, 160), 400_000);
  await until(() => told.length === 4, 'the key without an end');
  ear.hear(press(4, true, 320), 400_000);
  t.same(told.slice(3), [['4', 20]]);
});

t.test('packets out of order, lost or doubled', async (t) => {
  const byLaw = linearOf('PCMU');
  for (let seed = 1; seed <= 50; seed += 1) {
    const chance = chanceOf(seed);
    const buffer = jitterBuffer();
    const start = 65_500 + chance(30);
    const packets = Array.from({ length: 200 }, (_, at) => ({ at, sequence: (start + at) & 0xffff }));
    const lost = new Set(packets.filter(({ at }) => at > 3 && chance(20) === 0).map(({ at }) => at));
    for (let at = 3; at + 1 < packets.length; at += 3) {
      const [one, two] = [packets[at], packets[at + 1]];
      if (one && two && chance(2) === 0) [packets[at], packets[at + 1]] = [two, one];
    }
    const heard: number[] = [];
    for (const { at, sequence } of packets) {
      // Each packet sounds like its number alone, so that any other order shows.
      const bytes = new Uint8Array(160).fill(at % 128);
      for (let times = chance(5) === 0 ? 2 : 1; times > 0 && !lost.has(at); times -= 1) {
        buffer.put(sequence, bytes, byLaw);
      }
      const frame = buffer.take();
      if (frame) heard.push(frame[0] === frame[159] ? (frame[0] ?? 0) : Number.NaN);
    }
    const positions = heard.map((sample) => byLaw.indexOf(sample));
    const steps = positions.slice(1).map((position, at) => (position - (positions[at] ?? 0) + 128) % 128);
    t.ok(
      steps.every((step) => step > 0 && step < 20),
      `seed ${seed}: in order, none twice`,
    );
    t.ok(heard.length >= 180 - lost.size, `seed ${seed}: ${heard.length} heard, ${lost.size} lost`);
  }
});

t.test('a phone that sends faster than time, or begins anew, is never far behind', async (t) => {
  const byLaw = linearOf('PCMU');
  const buffer = jitterBuffer();
  const put = (sequence: number) => buffer.put(sequence & 0xffff, new Uint8Array(160).fill(sequence % 128), byLaw);
  const lag = (last: number) => {
    const frame = buffer.take();
    return frame ? (last - byLaw.indexOf(frame[0] ?? 0) + 128) % 128 : undefined;
  };
  let last = 0;
  for (; last < 20; last += 1) put(last);
  t.ok((lag(last - 1) ?? 99) <= 5, 'a burst');
  for (let tick = 0; tick < 200; tick += 1, last += 1) {
    put(last);
    if (tick % 10 === 0) {
      last += 1;
      put(last);
    }
    t.ok((lag(last) ?? 0) <= 6);
  }
  put(40_000);
  t.not(lag(last), undefined, 'one wild packet is not believed');
  for (let sequence = 20_000; sequence < 20_010; sequence += 1) {
    put(sequence);
    buffer.take();
  }
  put(20_010);
  t.ok((lag(20_010 % 128) ?? 99) <= 5, 'two in a row are');
});

t.test('what is no RTP does no harm', async (t) => {
  const { one, other } = await makePair(t);
  const chance = chanceOf(7);
  const stranger = createSocket('udp4');
  t.teardown(() => void stranger.close());
  const throwAt = (bytes: Buffer) => stranger.send(bytes, other.port, host);
  const before = await talk(one, other, { say: toneOf(440) });
  t.ok(shareOfTone(before.samples, 440) > audible);
  for (let count = 0; count < 200; count += 1) {
    const bytes = Buffer.from(Array.from({ length: chance(60) }, () => chance(256)));
    if (count % 2 === 0 && bytes.length > 1) bytes.writeUInt8(0x80 | chance(64), 0);
    throwAt(bytes);
    readPacket(bytes);
  }
  const packet = Buffer.alloc(172, 0xd5);
  for (let sequence = 0; sequence < 50; sequence += 1) {
    writeHeader(packet, { payload: 0, marked: false, sequence, timestamp: sequence * 160, source: 99 });
    throwAt(Buffer.from(packet));
  }
  const during = await talk(one, other, { say: toneOf(440) });
  t.ok(shareOfTone(during.samples, 440) > audible, 'a stranger is not heard');
  t.equal(other.stats.received, 80);
});

t.test('a phone behind a NAT is followed', async (t) => {
  const { one, other } = await makePair(t, {}, { remote: { host, port: 9 } });
  other.say(toneOf(1000)());
  for (let tick = 0; tick < 9; tick += 1) one.say(toneOf(440)());
  t.equal(other.stats.received, 0);
  await until(() => {
    one.say(toneOf(440)());
    return other.stats.received > 0;
  }, 'the phone is believed to be there');
  const back = await talk(other, one, { say: toneOf(1000) });
  t.ok(shareOfTone(back.samples, 1000) > audible, 'and spoken to there');
});

t.test('ports are even, and an address of others is an error', async (t) => {
  const session = await openRtp('127.0.0.3');
  t.equal(session.port % 2, 0);
  await session.close();
  await t.rejects(openRtp('192.0.2.1'));
});

t.test('the clock keeps its time when the process is busy', async (t) => {
  const start = performance.now();
  let [ticks, others, burst, most] = [0, 0, 0, 0];
  let last = start;
  const stop = everyFrame(() => {
    ticks += 1;
    burst = performance.now() - last < 5 ? burst + 1 : 1;
    most = Math.max(most, burst);
    last = performance.now();
  });
  const stopOther = everyFrame(() => {
    others += 1;
  });
  const block = (ms: number) => {
    for (const end = performance.now() + ms; performance.now() < end; );
  };
  await until(() => ticks >= 5, 'five ticks');
  block(70);
  await until(() => ticks >= 15, 'fifteen ticks');
  const elapsed = (performance.now() - start) / 20;
  t.ok(ticks <= elapsed, 'never ahead');
  block(400);
  await until(() => ticks >= 20, 'twenty ticks');
  const inAll = (performance.now() - start) / 20;
  t.ok(ticks < inAll - 10, 'a long sleep is not made up for');
  t.ok(most <= 6, 'but for a few');
  t.ok(Math.abs(ticks - others) <= 1, 'one clock for all');
  stop();
  stopOther();
  const after = ticks;
  await new Promise((resolve) => setTimeout(resolve, 50));
  t.equal(ticks, after);
});
