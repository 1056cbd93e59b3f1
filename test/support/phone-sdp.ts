import { suite } from './phone-srtp.js';
import type { Peer } from './phone-transport.js';
import type { LawNumber } from './rtp-packet.js';

/** Which way audio flows, seen from the one who wrote it. */
export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

/** The two laws of G.711. */
export type Law = 'PCMU' | 'PCMA';

/** What a phone can hear and say, as a person sets it up. */
export interface MediaSettings {
  /** In the order in which they are offered; both, PCMU first, if nothing is said. */
  readonly laws?: readonly Law[];
  /** The payload number that it gives to keys in its offers (RFC 4733), 101 if nothing is said; null: it has no keys. */
  readonly events?: number | null;
  /** Whether its audio is protected (RFC 3711, keys by RFC 4568): it offers that and takes nothing else, or takes both. */
  readonly srtp?: 'never' | 'may' | 'must';
}

/** What a phone must know of a description to talk to who wrote it. */
export interface Audio extends Peer {
  readonly direction: Direction;
  /** 0 for PCMU, 8 for PCMA, the first that is there; undefined if neither is. */
  readonly payload: LawNumber | undefined;
  /** All of G.711 that is there, in its order. */
  readonly payloads: readonly LawNumber[];
  /** The payload number of keys. */
  readonly events: number | undefined;
  /** Whether audio is to be protected, and the key with which the writer protects its own. */
  readonly isSecure: boolean;
  readonly key: string | undefined;
}

const sections = (sdp: string): string[][] => {
  const parts: string[][] = [[]];
  for (const line of sdp.split(/\r?\n/).filter((each) => each !== '')) {
    if (line.startsWith('m=')) parts.push([]);
    parts.at(-1)?.push(line);
  }
  return parts;
};

const valueIn = (lines: readonly string[], start: string): string | undefined =>
  lines.find((line) => line.startsWith(start))?.slice(start.length);

const matchIn = (lines: readonly string[], pattern: RegExp): RegExpExecArray | undefined =>
  lines.map((line) => pattern.exec(line)).find((match) => match !== null) ?? undefined;

const directionIn = (lines: readonly string[]): Direction | undefined =>
  matchIn(lines, /^a=(sendrecv|sendonly|recvonly|inactive)$/)?.[1] as Direction | undefined;

const eventsIn = (lines: readonly string[]): string | undefined =>
  matchIn(lines, /^a=rtpmap:(\d+) telephone-event\/8000/)?.[1];

const cryptoIn = (lines: readonly string[]): { tag: string; key: string } | undefined => {
  const [, tag, key] =
    matchIn(lines, new RegExp(`^a=crypto:(\\d+) ${suite} inline:([A-Za-z0-9+/=]{40})(?:[| ]|$)`)) ?? [];
  return tag !== undefined && key !== undefined ? { tag, key } : undefined;
};

/** Reads where and how the writer of a description wants its audio; undefined if it wants none. */
export const audioIn = (sdp: string): Audio | undefined => {
  const [session = [], ...media] = sections(sdp);
  const lines = media.find(([first]) => /^m=audio [1-9]/.test(first ?? ''));
  const [, port, profile = '', ...numbers] = lines?.[0]?.slice(2).split(' ') ?? [];
  const connection = valueIn(lines ?? [], 'c=') ?? valueIn(session, 'c=');
  if (!lines || !connection) return undefined;
  const payloads = numbers.map(Number).filter((number): number is LawNumber => number === 0 || number === 8);
  const events = eventsIn(lines);
  return {
    host: connection.split(' ')[2] ?? '',
    port: Number(port),
    direction: directionIn(lines) ?? directionIn(session) ?? 'sendrecv',
    payload: payloads[0],
    payloads,
    events: events === undefined ? undefined : Number(events),
    isSecure: /\bSAVPF?$/.test(profile),
    key: cryptoIn(lines)?.key,
  };
};

/** A phone's own end of a description. */
export interface Own extends Peer {
  readonly version: number;
  readonly direction?: Direction;
  readonly media?: MediaSettings;
  /** The key with which it protects its own audio, where it does. */
  readonly key?: string;
}

const head = ({ host, version }: Own): string[] => {
  const address = `IN ${host.includes(':') ? 'IP6' : 'IP4'} ${host}`;
  return ['v=0', `o=phone 4711 ${version} ${address}`, 's=-', `c=${address}`, 't=0 0'];
};

const numberOf: Readonly<Record<Law, string>> = { PCMU: '0', PCMA: '8' };

const lawNumbers = ({ media }: Own): string[] => (media?.laws ?? ['PCMU', 'PCMA']).map((law) => numberOf[law]);

interface Line {
  readonly payloads: readonly string[];
  readonly events: string | undefined;
  /** The tag of the crypto line; undefined if the audio is not protected. */
  readonly tag: string | undefined;
}

const audioLines = ({ port, direction = 'sendrecv', key }: Own, { payloads, events, tag }: Line) => [
  `m=audio ${port} RTP/${tag ? 'SAVP' : 'AVP'} ${[...payloads, ...(events ? [events] : [])].join(' ')}`,
  ...payloads.map((payload) => `a=rtpmap:${payload} ${payload === '0' ? 'PCMU' : 'PCMA'}/8000`),
  ...(events ? [`a=rtpmap:${events} telephone-event/8000`, `a=fmtp:${events} 0-15`] : []),
  ...(tag ? [`a=crypto:${tag} ${suite} inline:${key}`] : []),
  'a=ptime:20',
  `a=${direction}`,
];

const written = (lines: readonly string[]): string => `${lines.join('\r\n')}\r\n`;

/** What a phone offers: both laws of G.711 and keys as events 101, unless it is set up in another way. */
export const offerSdp = (own: Own): string => {
  const { events = 101, srtp = 'never' } = own.media ?? {};
  const tag = srtp === 'must' ? '1' : undefined;
  return written([
    ...head(own),
    ...audioLines(own, { payloads: lawNumbers(own), events: events === null ? undefined : `${events}`, tag }),
  ]);
};

const answers: Readonly<Record<Direction, Direction>> = {
  sendrecv: 'sendrecv',
  sendonly: 'recvonly',
  recvonly: 'sendonly',
  inactive: 'inactive',
};

const rejected = (line: string): string[] => [line.replace(/^(m=\S+) \d+/, '$1 0')];

/** What of an offered line this phone takes; undefined if nothing. */
const takenOf = (section: readonly string[], own: Own): Line | undefined => {
  const [, profile, numbers = ''] = /^m=audio [1-9]\d* RTP\/(S?AVP) (.*)$/.exec(section[0] ?? '') ?? [];
  const { srtp = 'never', events } = own.media ?? {};
  const payloads = numbers.split(' ').filter((payload) => lawNumbers(own).includes(payload));
  const tag = profile === 'SAVP' ? cryptoIn(section)?.tag : undefined;
  const isAgreeable = profile === 'SAVP' ? srtp !== 'never' && tag !== undefined : profile === 'AVP' && srtp !== 'must';
  if (!isAgreeable || payloads.length === 0) return undefined;
  return { payloads, events: events === null ? undefined : eventsIn(section), tag };
};

/** What a phone answers: what it has of the offer's G.711 and events, its direction seen from here; all other lines rejected. */
export const answerSdp = (offer: string, own: Own): string => {
  const [session = [], ...media] = sections(offer);
  let isTaken = false;
  const lines = media.flatMap((section) => {
    const taken = isTaken ? undefined : takenOf(section, own);
    if (!taken) return rejected(section[0] ?? '');
    isTaken = true;
    const direction = answers[directionIn(section) ?? directionIn(session) ?? 'sendrecv'];
    return audioLines({ ...own, direction: own.direction ?? direction }, taken);
  });
  return written([...head(own), ...lines]);
};

/** The offer has audio, and the answer takes none of it: a phone says 488 then. */
export const isAudioRefused = (offer: string, answer: string | undefined): boolean =>
  audioIn(offer) !== undefined && answer !== undefined && answer !== '' && audioIn(answer) === undefined;
