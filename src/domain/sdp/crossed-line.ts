import { sharedAttributes } from './attributes.js';
import type { Codec } from './codec.js';
import { agreeOnCodecs } from './codec-agreement.js';
import type { Direction, Media } from './description.js';
import { directionsBetween } from './direction.js';
import { agreeOnKeys, isRtp, type KeyTerms } from './keys.js';
import type { Line, Pair } from './line.js';
import { crossOtherMedia } from './other-media.js';
import { packetTimesFit } from './packet-time.js';
import type { CrossingPolicy } from './policy.js';
import { type Refused, refused } from './refusal.js';

/** A pair of m-lines that answer each other. */
export interface CrossedLine {
  readonly ok: true;
  readonly toCaller: Media;
  readonly toPicker: Media;
}

/** What an answer says about the party that it describes, beyond where that party is. */
interface Terms {
  readonly codecs: readonly Codec[];
  readonly direction: Direction;
  readonly keys: KeyTerms;
}

const rtpmap = ({ payload, name, rate, channels }: Codec) => ({
  payload,
  codec: name,
  rate,
  ...(channels > 1 ? { encoding: channels } : {}),
});

const answerLine = (described: Line, reader: Line, { codecs, direction, keys }: Terms): Media => {
  const { media, connection } = described;
  return {
    type: reader.media.type,
    port: media.port,
    protocol: reader.media.protocol,
    payloads: codecs.map(({ payload }) => payload).join(' '),
    rtp: codecs.map(rtpmap),
    fmtp: codecs.flatMap(({ payload, parameters }) => (parameters ? [{ payload, config: parameters }] : [])),
    direction,
    ...(connection ? { connection } : {}),
    ...(media.bandwidth ? { bandwidth: media.bandwidth } : {}),
    ...(media.ptime === undefined ? {} : { ptime: media.ptime }),
    ...(media.maxptime === undefined ? {} : { maxptime: media.maxptime }),
    ...(media.rtcp ? { rtcp: media.rtcp } : {}),
    ...sharedAttributes(media, reader.media, codecs),
    ...keys,
  };
};

const crossRtp = (pair: Pair, policy: CrossingPolicy): CrossedLine | Refused => {
  const keys = agreeOnKeys(pair, policy);
  if (!keys.ok) return keys;
  const codecs = agreeOnCodecs(pair, policy);
  if (!codecs.ok) return codecs;
  if (!packetTimesFit(pair)) return refused('packet-time-differs');
  const direction = directionsBetween(pair);
  const terms = (side: 'toCaller' | 'toPicker'): Terms => ({
    codecs: codecs[side],
    direction: direction[side],
    keys: keys[side],
  });
  return {
    ok: true,
    toCaller: answerLine(pair.picker, pair.caller, terms('toCaller')),
    toPicker: answerLine(pair.caller, pair.picker, terms('toPicker')),
  };
};

/** Lets two m-lines answer each other, or says what stands between them. */
export const crossLine = (pair: Pair, policy: CrossingPolicy): CrossedLine | Refused => {
  const { caller, picker } = pair;
  if (!caller.connection || !picker.connection) return refused('no-address');
  if (caller.connection.version !== picker.connection.version) return refused('address-family-differs');
  return isRtp(caller) || isRtp(picker) ? crossRtp(pair, policy) : crossOtherMedia(pair);
};
