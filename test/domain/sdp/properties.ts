import fc from 'fast-check';
import t from 'tap';
import { parseSdp, writeSdp } from '../../../src/adapters/sip/sdp-text.js';
import { crossOffers, type Sdp } from '../../../src/domain/sdp.js';
import { aes80, crypto, offer, origins, overTls, pcmu, savp, text } from './offers.js';

type Line = Sdp['media'][number];

const directions = ['sendrecv', 'sendonly', 'recvonly', 'inactive'] as const;
const codecs = [
  ['0'],
  ['8'],
  ['9'],
  ['18', 'a=fmtp:18 annexb=no'],
  ['96', 'a=rtpmap:96 opus/48000/2'],
  ['97', 'a=rtpmap:97 opus/48000/2'],
  ['98', 'a=rtpmap:98 AMR/8000', 'a=fmtp:98 octet-align=1'],
  ['101', 'a=rtpmap:101 telephone-event/8000', 'a=fmtp:101 0-15'],
  ['102', 'a=rtpmap:102 telephone-event/8000'],
] as const;
const extras = ['a=ptime:20', 'a=ptime:60', 'a=maxptime:40', 'a=rtcp-mux', 'a=mid:x', crypto(1, aes80, 'KEY')];

const lineOf = (types: readonly string[], protocols: readonly string[]) =>
  fc
    .record({
      type: fc.constantFrom(...types),
      port: fc.constantFrom(4000, 4002, 65_535, 0),
      protocol: fc.constantFrom(...protocols),
      codecs: fc.shuffledSubarray([...codecs], { minLength: 1 }),
      direction: fc.constantFrom(...directions),
      extra: fc.subarray(extras),
    })
    .map(({ type, port, protocol, codecs, direction, extra }) => [
      `m=${type} ${port} ${protocol} ${codecs.map(([payload]) => payload).join(' ')}`,
      ...codecs.flatMap(([, ...lines]) => lines),
      `a=${direction}`,
      ...extra,
    ]);

const voice = lineOf(['audio'], ['RTP/AVP', 'RTP/AVP', 'RTP/AVP', 'RTP/SAVP']);
const anything = lineOf(['audio', 'video', 'image', 'text'], ['RTP/AVP', 'RTP/AVPF', 'udptl']);
const anyOffer = fc
  .tuple(fc.array(anything, { maxLength: 2 }), voice, fc.array(anything, { maxLength: 2 }))
  .map(([before, spoken, after]) => offer([...before, spoken, ...after].flat()));
const anyPolicy = fc.record({
  allowPayloadRemap: fc.boolean(),
  signallingIsSecure: fc.boolean(),
  lowerBestEffort: fc.boolean(),
});

const must = (holds: boolean, rule: string): void => {
  if (!holds) throw new Error(rule);
};

const answers: Readonly<Record<string, readonly string[]>> = {
  sendrecv: directions,
  sendonly: ['recvonly', 'inactive'],
  recvonly: ['sendonly', 'inactive'],
  inactive: ['inactive'],
};
const mirror: Readonly<Record<string, string>> = {
  sendrecv: 'sendrecv',
  sendonly: 'recvonly',
  recvonly: 'sendonly',
  inactive: 'inactive',
};
const assigned: Readonly<Record<string, string>> = {
  '0': 'PCMU/8000/1',
  '8': 'PCMA/8000/1',
  '9': 'G722/8000/1',
  '18': 'G729/8000/1',
};

const kinds = (sdp: Sdp): string => sdp.media.map(({ type, protocol }) => `${type} ${protocol}`).join();
const named = ({ rtp }: Line): string[] =>
  rtp.map(({ codec, rate, encoding }) => `${codec}/${rate}/${encoding ?? 1}`.toUpperCase());
const offered = (line: Line): string[] => [
  ...named(line),
  ...String(line.payloads)
    .split(' ')
    .flatMap((payload) => assigned[payload] ?? []),
];

const isValidLine = (line: Line, asked: Line, partners: readonly Line[]): void => {
  must(asked.port > 0, 'a line without a port is not accepted');
  const permitted = answers[asked.direction ?? 'sendrecv'] ?? [];
  must(permitted.includes(line.direction ?? 'sendrecv'), `${line.direction} does not answer ${asked.direction}`);
  for (const name of named(line)) {
    must(offered(asked).includes(name), `${name} was offered`);
    must(
      partners.some((each) => offered(each).includes(name)),
      `${name} was offered by the other`,
    );
  }
};

const isValidAnswer = (answer: Sdp, own: Sdp, other: Sdp): void => {
  must(kinds(answer) === kinds(own), 'the lines of its own offer, in order and by type');
  must(parseSdp(writeSdp(answer)) !== undefined, 'can be read');
  answer.media.forEach((line, index) => {
    const asked = own.media[index];
    const partners = other.media.filter(({ type, port }) => type === line.type && port > 0);
    if (asked && line.port > 0) isValidLine(line, asked, partners);
  });
};

const voiceOf = (answer: Sdp): Line => {
  const line = answer.media.find(({ type, port }) => type === 'audio' && port > 0);
  if (!line) throw new Error('no voice was accepted');
  return line;
};

const mirrorEachOther = (mine: Line, theirs: Line): void => {
  must(named(mine).join() === named(theirs).join(), 'both answers name the same codecs');
  must(named(mine).filter((name) => !name.startsWith('TELEPHONE')).length === 1, 'one codec');
  must(mirror[mine.direction ?? ''] === theirs.direction, 'what one sends the other receives');
};

t.test('whatever is offered, what crosses is a valid answer to each', (t) => {
  let crossed = 0;
  fc.assert(
    fc.property(anyOffer, anyOffer, anyPolicy, (caller, picker, policy) => {
      const before = JSON.stringify([caller, picker]);
      const crossing = crossOffers({ caller, picker, origins, policy });
      must(JSON.stringify([caller, picker]) === before, 'offers are not changed');
      if (!crossing.ok) return;
      crossed += 1;
      isValidAnswer(crossing.toCaller, caller, picker);
      isValidAnswer(crossing.toPicker, picker, caller);
      const [mine, theirs] = [voiceOf(crossing.toCaller), voiceOf(crossing.toPicker)];
      mirrorEachOther(mine, theirs);
      must(policy.allowPayloadRemap || mine.payloads === theirs.payloads, 'the numbers are equal');
    }),
    { numRuns: 2000, seed: 20_240_917 },
  );
  t.ok(crossed > 100, `enough of them crossed to mean something: ${crossed}`);
  t.end();
});

t.test('no text is too odd to be looked at', (t) => {
  const known = [...pcmu, ...savp(1, crypto(1, aes80, 'K')), 'v=0', 'o=- 1 1 IN IP4 x', 'c=IN IP4 x'];
  const odd = fc.string({ maxLength: 20 });
  const line = fc.oneof(
    fc.constantFrom(...known),
    odd,
    odd.map((value) => `a=${value}`),
    fc.constantFrom(
      'a=1',
      'a=fmtp:101 16',
      'a=rtpmap:101 7/8000',
      'c=IN IP4 5',
      'a=setup:1',
      'a=group:BUNDLE 0',
      'm=1 1 1 1',
    ),
    odd.map((value) => `a=fmtp:101 ${value}`),
  );
  const anyText = fc.array(line, { maxLength: 8 }).map((lines) => text([...pcmu, ...lines]));
  let written = 0;
  fc.assert(
    fc.property(anyText, anyText, (one, other) => {
      const [caller, picker] = [parseSdp(one), parseSdp(other)];
      if (!caller || !picker) return;
      const crossing = crossOffers({ caller, picker, origins, policy: overTls });
      if (crossing.ok) written += writeSdp(crossing.toCaller).length > 0 ? 1 : 0;
    }),
    { numRuns: 1500, seed: 7 },
  );
  t.ok(written > 100, `enough of them were answered to mean something: ${written}`);
  t.end();
});
