import t from 'tap';
import { parseSdp } from '../../../src/adapters/sip/sdp-text.js';
import { isHold } from '../../../src/domain/sdp/hold.js';

const offer = (...lines: string[]): string =>
  ['v=0', 'o=- 1 1 IN IP4 192.0.2.1', 's=-', 'c=IN IP4 192.0.2.1', 't=0 0', ...lines, ''].join('\r\n');

t.test('which offers put the other party on hold', async (t) => {
  const audio = 'm=audio 4000 RTP/AVP 0';
  const video = 'm=video 4002 RTP/AVP 97';
  const rows: [held: boolean, lines: string[], why: string][] = [
    [false, [audio], 'sendrecv unsaid'],
    [false, [audio, 'a=sendrecv'], 'sendrecv'],
    [false, [audio, 'a=recvonly'], 'who only listens holds nobody'],
    [true, [audio, 'a=sendonly'], 'sendonly: music perhaps'],
    [true, [audio, 'a=inactive'], 'inactive'],
    [true, ['a=sendonly', audio], 'for the whole session'],
    [true, [audio, 'c=IN IP4 0.0.0.0'], 'the black hole of RFC 2543'],
    [true, [audio, 'c=IN IP6 ::'], 'and of IPv6'],
    [false, ['a=sendonly', audio, 'a=sendrecv'], 'a line says more than the session'],
    [false, [audio, 'a=sendonly', video, 'a=sendrecv'], 'one line goes on'],
    [true, [audio, 'a=sendonly', 'm=video 0 RTP/AVP 97', 'a=sendrecv'], 'a refused line is none'],
  ];
  for (const [held, lines, why] of rows) {
    const sdp = parseSdp(offer(...lines));
    t.equal(sdp && isHold(sdp), held, why);
  }
});
