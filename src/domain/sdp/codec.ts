import type { Media } from './description.js';

/** A codec as one party offered it: under which number, with which parameters it wants to receive it. */
export interface Codec {
  readonly payload: number;
  readonly name: string;
  readonly rate: number;
  readonly channels: number;
  readonly parameters: string | undefined;
}

// RFC 3551 section 6: numbers below 96 mean a codec without any rtpmap.
const assigned: Readonly<Record<number, readonly [name: string, rate: number, channels?: number]>> = {
  0: ['PCMU', 8000],
  3: ['GSM', 8000],
  4: ['G723', 8000],
  5: ['DVI4', 8000],
  6: ['DVI4', 16000],
  7: ['LPC', 8000],
  8: ['PCMA', 8000],
  9: ['G722', 8000],
  10: ['L16', 44100, 2],
  11: ['L16', 44100],
  12: ['QCELP', 8000],
  13: ['CN', 8000],
  15: ['G728', 8000],
  16: ['DVI4', 11025],
  17: ['DVI4', 22050],
  18: ['G729', 8000],
  26: ['JPEG', 90000],
  31: ['H261', 90000],
  32: ['MPV', 90000],
  34: ['H263', 90000],
};

// Not what is said, but what goes along with it: never the one codec of a call.
const companions = new Set(['TELEPHONE-EVENT', 'CN', 'RED', 'RTX', 'ULPFEC', 'FLEXFEC-03', 'PARITYFEC']);

/** Whether this is a codec that a conversation can be held in. */
export const carriesMedia = ({ name }: Codec): boolean => !companions.has(name.toUpperCase());

/** Whether this carries the digits of RFC 4733. */
export const isTelephoneEvent = ({ name }: Codec): boolean => name.toUpperCase() === 'TELEPHONE-EVENT';

// RFC 3551 section 4.5.2 gives G.722 the clock 8000 by mistake; some phones write the true 16000.
const clockOf = ({ name, rate }: Codec): number => (name.toUpperCase() === 'G722' ? 8000 : rate);

/** Whether two parties mean the same codec: name, clock and channels, whatever its number. */
export const isSameCodec = (one: Codec, other: Codec): boolean =>
  one.name.toUpperCase() === other.name.toUpperCase() &&
  clockOf(one) === clockOf(other) &&
  one.channels === other.channels;

const codecAt = (media: Media, payload: number): Codec[] => {
  const parameters = media.fmtp.find((line) => line.payload === payload)?.config;
  const mapped = media.rtp.find((line) => line.payload === payload);
  if (mapped) {
    const { codec, rate = 8000, encoding = 1 } = mapped;
    return [{ payload, name: codec, rate, channels: encoding, parameters }];
  }
  const known = assigned[payload];
  if (!known) return [];
  const [name, rate, channels = 1] = known;
  return [{ payload, name, rate, channels, parameters }];
};

/** The codecs of an m-line in the order of preference; a number that nothing explains is passed over. */
export const codecsOf = (media: Media): Codec[] =>
  (media.payloads ?? '')
    .split(' ')
    .filter((payload) => /^\d{1,3}$/.test(payload))
    .flatMap((payload) => codecAt(media, Number(payload)));
