import t from 'tap';
import { offerIn, writeSdp } from '../../src/adapters/sip/sdp-text.js';
import { type Sdp, withOrigin } from '../../src/domain/sdp.js';
import { candidate, cross, linesOf, offer, pcmu, table, text } from './sdp/offers.js';
import './sdp/codec-rows.js';
import './sdp/hold-rows.js';
import './sdp/media-rows.js';
import './sdp/properties.js';
import './sdp/security-rows.js';

const mediaOf = (sdp: Sdp): string[] => linesOf(sdp).filter((line) => line.startsWith('m='));

t.test('O1: an answer has the m-lines of its own offer, in order and by type', (t) => {
  const audio = ['m=audio 4000 RTP/AVP 0'];
  const video = ['m=video 5000 RTP/AVP 97', 'a=rtpmap:97 VP8/90000'];
  const lines = (caller: readonly string[], picker: readonly string[]) => {
    const crossing = cross({ name: '', caller, picker });
    t.ok(crossing.ok, JSON.stringify(crossing));
    return crossing.ok ? [mediaOf(crossing.toCaller), mediaOf(crossing.toPicker)] : [];
  };
  t.same(
    lines([...audio, ...video], ['m=audio 6000 RTP/AVP 0']),
    [['m=audio 6000 RTP/AVP 0', 'm=video 0 RTP/AVP 97'], ['m=audio 4000 RTP/AVP 0']],
    'video that only the caller has is rejected',
  );
  t.same(
    lines([...video, ...audio], ['m=audio 6000 RTP/AVP 0', 'm=video 6002 RTP/AVP 97', 'a=rtpmap:97 VP8/90000']),
    [
      ['m=video 6002 RTP/AVP 97', 'm=audio 6000 RTP/AVP 0'],
      ['m=audio 4000 RTP/AVP 0', 'm=video 5000 RTP/AVP 97'],
    ],
    'each answer keeps the order of its own offer',
  );
  t.same(
    lines(['m=audio 0 RTP/AVP 0', ...audio, 'm=audio 4004 RTP/AVP 0'], ['m=audio 6000 RTP/AVP 0']),
    [['m=audio 0 RTP/AVP 0', 'm=audio 6000 RTP/AVP 0', 'm=audio 0 RTP/AVP 0'], ['m=audio 4000 RTP/AVP 0']],
    'the first offered line of a type wins, the rest gets port 0',
  );
  t.same(
    lines([...audio, ...video], ['m=audio 6000 RTP/AVP 0', 'm=video 6002 RTP/AVP 98', 'a=rtpmap:98 VP8/90000']),
    [
      ['m=audio 6000 RTP/AVP 0', 'm=video 0 RTP/AVP 97'],
      ['m=audio 4000 RTP/AVP 0', 'm=video 0 RTP/AVP 98'],
    ],
    'video that does not cross leaves the voice alone',
  );
  t.end();
});

t.test('O20: what a body must be', (t) => {
  const body = text(pcmu);
  t.match(offerIn(body, 'application/sdp'), { kind: 'offer', sdp: { media: [{ type: 'audio', port: 4000 }] } });
  t.match(offerIn(body, 'Application/SDP ; charset=utf-8'), { kind: 'offer' }, 'parameters and case do not matter');
  t.match(offerIn(body.replaceAll('\r\n', '\n'), 'application/sdp'), { kind: 'offer' }, 'bare line feeds are read');
  t.same(offerIn('', undefined), { kind: 'none' });
  t.same(offerIn(undefined, 'application/sdp'), { kind: 'none' });
  const foreign = { kind: 'bad', why: 'unsupported-content-type' };
  t.same(offerIn(body, 'multipart/mixed;boundary=x'), foreign);
  t.same(offerIn(body, 'application/isup'), foreign);
  t.same(offerIn(body, undefined), foreign, 'a body without a type is nobody knows what');
  t.end();
});

t.test('O21: what is no description, and what is one without a voice', (t) => {
  const bad: readonly string[] = [
    'hello',
    'v=0\r\n',
    text([]),
    text(pcmu).replace('v=0', 'v=1'),
    text(pcmu).replace(/o=.*\r\n/, ''),
    text(pcmu).replace(/t=.*\r\n/, ''),
    text(['m=audio']),
    text(['m=audio port RTP/AVP 0']),
    text(['m=audio 70000 RTP/AVP 0']),
    text([...pcmu, 'm=video']),
    `v=0\r\n${'a'.repeat(65_536)}`,
  ];
  for (const each of bad) {
    t.same(offerIn(each, 'application/sdp'), { kind: 'bad', why: 'unparseable' }, JSON.stringify(each.slice(0, 120)));
  }
  t.end();
});

table('O21: no voice', [
  { name: 'port 0 everywhere', caller: pcmu, picker: ['m=audio 0 RTP/AVP 0'], why: 'no-audio' },
  { name: 'video only', caller: ['m=video 4000 RTP/AVP 31'], picker: pcmu, why: 'no-audio' },
  { name: 'a line without codecs', caller: ['m=audio 4000 RTP/AVP'], picker: pcmu, why: 'no-common-codec' },
]);

t.test('a body is relayed under our own origin, and is otherwise what it was', (t) => {
  const lines = [...pcmu, 'a=X-odd:kept', candidate, 'a=ssrc:1 cname:c'];
  const relayed = writeSdp(
    withOrigin(offer(lines), { username: 'cp', sessionId: '7', version: 9, address: '127.0.0.1' }),
  );
  t.match(relayed, /^v=0\r\no=cp 7 9 IN IP4 127\.0\.0\.1\r\ns=Softphone 9\r\n/);
  t.same(relayed.trimEnd().split('\r\n').slice(5).sort(), [...lines].sort());
  const six = withOrigin(offer(pcmu), { username: 'cp', sessionId: 7, version: 1, address: '::1' });
  t.equal(linesOf(six)[1], 'o=cp 7 1 IN IP6 ::1');
  t.end();
});
