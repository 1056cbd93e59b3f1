import type { Codec } from './codec.js';

type Parameters = ReadonlyMap<string, string>;

const parametersOf = ({ parameters = '' }: Codec): Parameters =>
  new Map(
    parameters
      .split(';')
      .map((part) => part.trim().toLowerCase())
      .filter((part) => part !== '')
      .map((part) => {
        const [name = '', ...value] = part.split('=');
        return [name.trim(), value.join('=').trim()] as const;
      }),
  );

/** A parameter that both sides must agree on, and what its absence means. */
type Fixed = readonly [name: string, absent: string, read?: (value: string) => string];

// The first four digits are the profile and its constraints; the last two are the level, which each side may choose.
const profile = (value: string): string => value.slice(0, 4);

const adaptiveRate: readonly Fixed[] = [
  ['octet-align', '0'],
  ['mode-set', ''],
  ['crc', '0'],
  ['robust-sorting', '0'],
  ['interleaving', ''],
  ['channels', '1'],
];

// What must be equal, by codec; all other parameters only tell what a party likes to receive. RFC 4867, 3952, 5577, 6184.
const fixed: Readonly<Record<string, readonly Fixed[]>> = {
  PCMU: [],
  PCMA: [],
  G722: [],
  GSM: [],
  G723: [],
  G729: [],
  OPUS: [],
  VP8: [],
  H261: [],
  H263: [],
  T140: [],
  ILBC: [['mode', '30']],
  AMR: adaptiveRate,
  'AMR-WB': adaptiveRate,
  G7221: [['bitrate', '']],
  VP9: [['profile-id', '0']],
  H264: [
    ['profile-level-id', '42000a', profile],
    ['packetization-mode', '0'],
  ],
};

const sameInAll = (one: Parameters, other: Parameters): boolean =>
  one.size === other.size && [...one].every(([name, value]) => other.get(name) === value);

const asItIs = (value: string): string => value;

/** Whether each can decode what the other sends, with the parameters each asked for. A codec we do not know must match in all. */
export const parametersFit = (one: Codec, other: Codec): boolean => {
  const [mine, theirs] = [parametersOf(one), parametersOf(other)];
  const rules = fixed[one.name.toUpperCase()];
  if (!rules) return sameInAll(mine, theirs);
  return rules.every(
    ([name, absent, read = asItIs]) => read(mine.get(name) ?? absent) === read(theirs.get(name) ?? absent),
  );
};

/**
 * The parameters to write about `described` to `reader`: its own, save that G.729 Annex B is spoken only if neither said no
 * (RFC 7261 section 3: an answer never says yes to a no).
 */
export const parametersFor = (described: Codec, reader: Codec): string | undefined => {
  if (described.name.toUpperCase() !== 'G729') return described.parameters;
  const silenced = [described, reader].some((codec) => parametersOf(codec).get('annexb') === 'no');
  return silenced ? 'annexb=no' : described.parameters;
};
