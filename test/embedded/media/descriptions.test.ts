import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import alawmulaw from 'alawmulaw';
import t from 'tap';
import { writeHeader } from '../../../src/embedded/media/audio/packet.js';
import { type Agreed, negotiate } from '../../../src/embedded/media/audio/sdp.js';
import { openSource, type Source } from '../../../src/embedded/media/audio/source.js';
import { opener, sealer } from '../../../src/embedded/media/audio/srtp.js';
import { sessionKeys, turnOver } from '../../../src/embedded/media/audio/srtp-keys.js';
import { shareOfTone } from '../../support/rtp.js';

const hex = (text: string): Buffer => Buffer.from(text.replace(/\s/g, ''), 'hex');

t.test('the keys and streams of RFC 3711 appendix B', async (t) => {
  const keys = sessionKeys(hex('E1F97A0D3E018BE0D64FA32C06DE4139 0EC675AD498AFEEBB6960B3AABE6'));
  t.equal(keys.cipher.toString('hex'), 'c61e7a93744f39ee10734afe3ff7a087');
  t.equal(keys.salt.toString('hex'), '30cbbc08863d8c85d49db34a9ae1');
  t.equal(keys.authentication.toString('hex'), 'cebe321f6ff7716b6fd4ab49af256a156d38baa4');
  const given = {
    cipher: hex('2B7E151628AED2A6ABF7158809CF4F3C'),
    salt: hex('F0F1F2F3F4F5F6F7F8F9FAFBFCFD'),
    authentication: Buffer.alloc(20),
  };
  const stream = turnOver(given, Buffer.alloc(32), { source: 0, index: 0 }).toString('hex');
  t.equal(stream, 'e03ead0935c95e80e166b16dd92b4eb4d23513162b02d0f72a43a2fe4a5f97ab');
});

t.test('what was protected is read once, also when the numbers begin again', async (t) => {
  const suite = 'AES_CM_128_HMAC_SHA1_80';
  const key = Buffer.alloc(30, 7);
  const [seal, open] = [sealer({ suite, key }), opener({ suite, key })];
  const packetOf = (sequence: number, source = 1) => {
    const packet = Buffer.alloc(172, sequence & 0xff);
    writeHeader(packet, { payload: 0, marked: false, sequence, timestamp: sequence, source });
    return packet;
  };
  const sealed = Array.from({ length: 200 }, (_, at) => seal(packetOf((65_436 + at) & 0xffff)));
  for (let at = 0; at + 1 < sealed.length; at += 2) {
    const [one, two] = [sealed[at], sealed[at + 1]];
    if (!one || !two) continue;
    t.ok(open(two)?.equals(packetOf((65_437 + at) & 0xffff)), 'what overtook another');
    t.ok(open(one)?.equals(packetOf((65_436 + at) & 0xffff)), 'what was overtaken');
    t.equal(open(one), undefined, 'again');
  }
  t.equal(open(sealed[0] ?? Buffer.alloc(0)), undefined, 'too old');
  for (let at = 0; at < 182; at += 1) {
    const changed = Buffer.from(seal(packetOf(500)));
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
    t.equal(open(changed), undefined, `byte ${at} is another`);
  }
  for (let length = 0; length < 24; length += 1) t.equal(open(Buffer.alloc(length, 0x80)), undefined);
  const named = opener({ suite, key, indexBytes: 4 });
  const whole = sealer({ suite, key })(packetOf(600));
  const withName = Buffer.concat([whole.subarray(0, -10), Buffer.from([0, 0, 0, 1]), whole.subarray(-10)]);
  t.ok(named(withName)?.equals(packetOf(600)), 'with a name of the key in it');
});

const local = { address: '192.0.2.9', port: 30_000, sessionId: 77, version: 3 };
const inline = 'WnD7c1ksDGs+dIefCEo8omPg4uO8DYIinNGL5yxQ';
const cryptoLine = (suite: string, rest = '') => `a=crypto:4 ${suite} inline:${inline}${rest}`;
const offerOf = (...media: string[]) =>
  ['v=0', 'o=- 1 1 IN IP4 192.0.2.1', 's=-', 'c=IN IP4 192.0.2.1', 't=5 6', ...media, ''].join('\r\n');
const audio = 'm=audio 4000 RTP/AVP 8 0';
const secure = 'm=audio 4000 RTP/SAVP 0';

const agreedOn = (offer: string) => {
  const result = negotiate(offer, local);
  if (!result.ok) throw new Error(`refused: ${result.status}`);
  return { ...result, lines: result.answer.split('\r\n') };
};

t.test('an answer, line by line', async (t) => {
  const { answer, agreed } = agreedOn(
    offerOf(
      'm=video 4002 RTP/AVP 96 97',
      'a=rtpmap:96 H264/90000',
      'm=audio 4000 RTP/AVP 18 8 0 110',
      'a=rtpmap:110 telephone-event/8000',
      'a=ptime:30',
      'a=sendonly',
      'm=audio 4004 RTP/AVP 0',
    ),
  );
  t.equal(
    answer,
    [
      'v=0',
      'o=- 77 3 IN IP4 192.0.2.9',
      's=-',
      'c=IN IP4 192.0.2.9',
      't=5 6',
      'm=video 0 RTP/AVP 96 97',
      'm=audio 30000 RTP/AVP 8 110',
      'a=rtpmap:8 PCMA/8000',
      'a=rtpmap:110 telephone-event/8000',
      'a=fmtp:110 0-15',
      'a=ptime:30',
      'a=recvonly',
      'm=audio 0 RTP/AVP 0',
      '',
    ].join('\r\n'),
  );
  t.match(agreed, {
    remote: { host: '192.0.2.1', port: 4000 },
    codec: 'PCMA',
    payload: 8,
    telephoneEvent: 110,
    ptime: 30,
    direction: 'recvonly',
  });
});

t.test('what is agreed on', async (t) => {
  const cases: Readonly<Record<string, [string[], Partial<Agreed>]>> = {
    'the address of the line': [[audio, 'c=IN IP4 192.0.2.2/127'], { remote: { host: '192.0.2.2', port: 4000 } }],
    'held: sendonly': [[audio, 'a=sendonly'], { direction: 'recvonly' }],
    'held: inactive': [[audio, 'a=inactive'], { direction: 'inactive' }],
    'held: no address': [[audio, 'c=IN IP4 0.0.0.0'], { direction: 'recvonly', remote: undefined }],
    'held: both': [[audio, 'c=IN IP4 0.0.0.0', 'a=sendonly'], { direction: 'recvonly' }],
    recvonly: [[audio, 'a=recvonly'], { direction: 'sendonly' }],
    'ptime of its own': [[audio, 'a=ptime:25'], { ptime: 20 }],
    'a largest ptime': [[audio, 'a=ptime:40', 'a=maxptime:10'], { ptime: 10 }],
    'no events': [[audio, 'a=rtpmap:101 telephone-event/8000'], { payload: 8 }],
    'a number that means something else': [[audio, 'a=rtpmap:8 G722/8000'], { payload: 0 }],
    'candidates are passed over': [[audio, 'a=ice-ufrag:abcd', 'a=ice-pwd:0123456789012345678901'], { payload: 8 }],
    'plain, with keys that nobody needs': [[audio, cryptoLine('AES_CM_128_HMAC_SHA1_80')], { crypto: undefined }],
  };
  for (const [name, [lines, expected]] of Object.entries(cases)) {
    const { agreed } = agreedOn(offerOf(...lines));
    for (const [key, value] of Object.entries(expected)) t.same(agreed[key as keyof Agreed], value, `${name}: ${key}`);
  }
  t.equal(agreedOn(offerOf(audio, 'a=rtpmap:101 telephone-event/8000')).agreed.telephoneEvent, undefined);
});

t.test('keys in the description', async (t) => {
  for (const suite of ['AES_CM_128_HMAC_SHA1_80', 'AES_CM_128_HMAC_SHA1_32']) {
    const { agreed, lines } = agreedOn(
      offerOf(secure, cryptoLine('F8_128_HMAC_SHA1_80'), cryptoLine(suite, '|2^31|1:4')),
    );
    t.match(agreed.crypto, { suite, theirIndexBytes: 4 });
    t.equal(agreed.crypto?.theirs.toString('base64'), inline);
    t.ok(lines.includes(`a=crypto:4 ${suite} inline:${agreed.crypto?.ours.toString('base64')}`));
    t.ok(lines.includes('m=audio 30000 RTP/SAVP 0'));
  }
  const key = Buffer.alloc(30, 9);
  const again = negotiate(offerOf(secure, cryptoLine('AES_CM_128_HMAC_SHA1_80')), { ...local, key });
  t.ok(again.ok && again.agreed.crypto?.ours.equals(key), 'our key goes on');
  const chosen = agreedOn(offerOf(secure, cryptoLine('AES_CM_128_HMAC_SHA1_80', ' UNENCRYPTED_SRTP'), audio));
  t.equal(chosen.agreed.crypto, undefined);
  t.ok(chosen.lines.includes('m=audio 0 RTP/SAVP 0'), 'the protected line is rejected, the plain one taken');
});

t.test('what is refused', async (t) => {
  const key = cryptoLine('AES_CM_128_HMAC_SHA1_80');
  const refused: Readonly<Record<string, string>> = {
    'no law of ours': offerOf('m=audio 4000 RTP/AVP 18 96', 'a=rtpmap:96 opus/48000/2'),
    'a closed line': offerOf('m=audio 0 RTP/AVP 0'),
    'video only': offerOf('m=video 4000 RTP/AVP 0'),
    'no media': offerOf(),
    'an impossible port': offerOf('m=audio 70000 RTP/AVP 0'),
    WebRTC: offerOf('m=audio 9 UDP/TLS/RTP/SAVPF 0', 'a=fingerprint:sha-256 00', 'a=setup:actpass', 'a=ice-ufrag:abcd'),
    feedback: offerOf('m=audio 4000 RTP/AVPF 0'),
    'DTLS without keys': offerOf(secure, 'a=fingerprint:sha-256 00', 'a=setup:actpass'),
    'another suite': offerOf(secure, cryptoLine('AES_256_CM_HMAC_SHA1_80')),
    'a short key': offerOf(secure, key.replace(inline, inline.slice(0, 38))),
    'two keys': offerOf(secure, `${key};inline:${inline}`),
    'a parameter that must be known': offerOf(secure, `${key} KDR=3`),
    'a name of a key that is too long': offerOf(secure, `${key}|2^20|1:129`),
    'an address that is a name': offerOf(audio, 'c=IN IP4 phone.example.com'),
    'another family': offerOf(audio, 'c=IN IP6 2001:db8::1'),
    'no address': offerOf(audio).replace('c=IN IP4 192.0.2.1\r\n', ''),
    'a broken line': offerOf(audio, 'm=audio'),
  };
  for (const [name, offer] of Object.entries(refused)) {
    t.same(negotiate(offer, local), { ok: false, status: 488 }, name);
  }
  for (const text of ['', 'hello', '{"v":0}', 'v=0', `v=0\r\n${'a=x\r\n'.repeat(20_000)}`]) {
    t.equal(negotiate(text, local).ok, false, text.slice(0, 10));
  }
  t.same(negotiate('hello', local), { ok: false, status: 415 });
  t.ok(negotiate(offerOf(audio, 'c=IN IP6 2001:db8::1'), { ...local, address: '2001:db8::9' }).ok, 'IPv6 to IPv6');
});

const heardFrom = (source: Source | undefined, most = 500): Int16Array => {
  const heard: number[] = [];
  for (let count = 0; count < most; count += 1) {
    const frame = source?.next();
    if (!frame) break;
    heard.push(...frame);
  }
  return Int16Array.from(heard);
};

t.test('tones and silences', async (t) => {
  const two = heardFrom(await openSource('tone_stream://%(100,100,440)%(200, 0, 1000,1400);loops=2'));
  t.equal(two.length, 2 * 3200);
  t.ok(shareOfTone(two.subarray(0, 800), 440) > 0.95);
  t.same([...new Set(two.subarray(800, 1600))], [0]);
  for (const hz of [1000, 1400]) t.ok(shareOfTone(two.subarray(1600, 3200), hz) > 0.45);
  t.ok(shareOfTone(two.subarray(3200, 4000), 440) > 0.95, 'once more');
  const loudest = (samples: Int16Array) => samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  const [usual, low] = await Promise.all(
    ['%(1000,0,437)', 'v=-27;%(1000,0,437)'].map(async (spec) =>
      loudest(heardFrom(await openSource(`tone_stream://${spec}`))),
    ),
  );
  t.equal(Math.round(20 * Math.log10((usual ?? 0) / (low ?? 1))), 20, 'twenty dB');
  t.equal(heardFrom(await openSource('tone_stream://%(20,0,440);loops=-1')).length, 80_000, 'without an end');
  t.equal(heardFrom(await openSource('silence_stream://250')).length, 13 * 160);
  t.equal(heardFrom(await openSource('silence_stream://-1')).length, 80_000);
  t.same([...new Set(heardFrom(await openSource('silence_stream://100,1400')))], [0]);
  const chained = heardFrom(await openSource('/nowhere.wav!silence_stream://100!tone_stream://%(100,0,440)'));
  t.equal(chained.length, 1600);
  t.ok(shareOfTone(chained.subarray(800), 440) > 0.95);
  const none = [
    'tone_stream://',
    'tone_stream://%(a,b)',
    'tone_stream://%(10,0)',
    'tone_stream://%(0,0,440)',
    'silence_stream://0',
  ];
  for (const uri of [...none, 'say://x', '', 'x.wav', '/etc/passwd', '/nowhere.wav']) {
    t.equal(await openSource(uri), undefined, uri);
  }
});

interface Sound {
  readonly code: 1 | 6 | 7 | 0xfffe;
  readonly rate: number;
  readonly channels: number;
}

/** Half a second of 440 Hz, and of 5 kHz where the rate has room for it. */
const wavOf = ({ code, rate, channels }: Sound): Buffer => {
  const samples = Array.from({ length: rate / 2 }, (_, at) => {
    const high = rate > 10_000 ? 8000 * Math.sin((2 * Math.PI * 5000 * at) / rate) : 0;
    return Math.round(8000 * Math.sin((2 * Math.PI * 440 * at) / rate) + high);
  }).flatMap((sample) => Array.from({ length: channels }, () => sample));
  const law = code === 6 ? alawmulaw.alaw : alawmulaw.mulaw;
  const isPcm = code === 1 || code === 0xfffe;
  const data = isPcm ? Buffer.from(Int16Array.from(samples).buffer) : Buffer.from(law.encode(Int16Array.from(samples)));
  const format = Buffer.alloc(code === 0xfffe ? 40 : 16);
  format.writeUInt16LE(code, 0);
  format.writeUInt16LE(channels, 2);
  format.writeUInt32LE(rate, 4);
  format.writeUInt16LE(isPcm ? 16 : 8, 14);
  if (code === 0xfffe) format.writeUInt16LE(1, 24);
  const chunk = (name: string, body: Buffer) => {
    const head = Buffer.alloc(8, name);
    head.writeUInt32LE(body.length, 4);
    return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
  };
  return Buffer.concat([
    Buffer.from('RIFF\0\0\0\0WAVE'),
    chunk('LIST', Buffer.alloc(3)),
    chunk('fmt ', format),
    chunk('data', data),
  ]);
};

t.test('recordings', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'sounds-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const play = async (name: string, file: Buffer) => {
    await writeFile(join(folder, name), file);
    return openSource(join(folder, name));
  };
  const sounds: Sound[] = [8000, 16_000, 32_000, 44_100, 48_000].map((rate) => ({ code: 1, rate, channels: 1 }));
  for (const code of [6, 7] as const)
    sounds.push({ code, rate: 8000, channels: 1 }, { code, rate: 16_000, channels: 2 });
  sounds.push({ code: 1, rate: 48_000, channels: 2 }, { code: 0xfffe, rate: 16_000, channels: 1 });
  for (const sound of sounds) {
    const heard = heardFrom(await play('tone.wav', wavOf(sound)));
    t.ok(Math.abs(heard.length - 4000) <= 160, JSON.stringify(sound));
    t.ok(shareOfTone(heard.subarray(400, 3600), 440) > 0.95, 'the tone, and not what is too high for 8 kHz');
  }
  const whole = wavOf({ code: 1, rate: 8000, channels: 1 });
  t.equal(heardFrom(await play('cut.wav', whole.subarray(0, -2001))).length, 19 * 160, 'as long as it is');
  for (let length = 0; length < 80; length += 1) {
    t.doesNotThrow(async () => heardFrom(await play('short.wav', whole.subarray(0, length))));
  }
  for (const rate of [4000, 96_000]) t.equal(await play('rate.wav', wavOf({ code: 1, rate, channels: 1 })), undefined);
  t.equal(await play('three.wav', wavOf({ code: 1, rate: 8000, channels: 3 })), undefined);
});
