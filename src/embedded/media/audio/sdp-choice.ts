import { isIP } from 'node:net';
import { type CryptoLine, readCrypto } from './crypto-line.js';
import { addressOf, type Description, type Direction, directionOf, type Section, valueIn } from './description.js';
import type { Law } from './g711.js';

/** What is taken of one media line of an offer. */
export interface Choice {
  readonly section: Section;
  readonly codec: Law;
  readonly payload: 0 | 8;
  /** Undefined where the phone cannot be told anything: `c=0.0.0.0`, the old hold (RFC 3264 section 8.4). */
  readonly remote: { readonly host: string; readonly port: number } | undefined;
  /** Seen from us. */
  readonly direction: Direction;
  readonly ptime: number;
  readonly telephoneEvent: number | undefined;
  readonly crypto: CryptoLine | undefined;
}

const laws: Readonly<Record<string, { payload: 0 | 8; codec: Law }>> = {
  '0': { payload: 0, codec: 'PCMU' },
  '8': { payload: 8, codec: 'PCMA' },
};

/** Packets of whole 10 ms that hold less than a network's packet. */
const lengths = [20, 10, 30, 40, 50, 60];

const reversed: Readonly<Record<Direction, Direction>> = {
  sendrecv: 'sendrecv',
  sendonly: 'recvonly',
  recvonly: 'sendonly',
  inactive: 'inactive',
};

const lawIn = ({ formats, lines }: Section) => {
  const isWhatItSeems = (format: string, name: string) =>
    (valueIn(lines, `a=rtpmap:${format} `) ?? `${name}/8000`).toUpperCase().startsWith(`${name}/8000`);
  const taken = formats.find((format) => laws[format] && isWhatItSeems(format, laws[format].codec));
  return taken === undefined ? undefined : laws[taken];
};

const eventsIn = ({ formats, lines }: Section): number | undefined => {
  const isEvents = (format: string) =>
    /^telephone-event\/8000$/i.test(valueIn(lines, `a=rtpmap:${format} `) ?? '') && /^\d{2,3}$/.test(format);
  const format = Number(formats.find(isEvents));
  return format >= 96 && format <= 127 ? format : undefined;
};

const ptimeIn = ({ lines }: Section): number => {
  const wanted = Number(valueIn(lines, 'a=ptime:'));
  const most = Number(valueIn(lines, 'a=maxptime:') ?? 60);
  const first = lengths.includes(wanted) ? [wanted, ...lengths] : lengths;
  return first.find((length) => length <= most) ?? 20;
};

const withoutTheirEar = (direction: Direction): Direction =>
  direction === 'sendrecv' || direction === 'recvonly' ? 'recvonly' : 'inactive';

/** What of a media line can be served from an address of this family; undefined if it is refused. */
export const choose = (description: Description, section: Section, family: number): Choice | undefined => {
  const law = lawIn(section);
  const host = addressOf(description, section);
  const isSecure = section.transport === 'RTP/SAVP';
  const crypto = isSecure ? section.lines.map(readCrypto).find(Boolean) : undefined;
  const isServed = section.media === 'audio' && section.port > 0 && section.port < 65_536;
  const isSpoken = isSecure ? crypto !== undefined : section.transport === 'RTP/AVP';
  if (!isServed || !isSpoken || !law || !host || isIP(host) !== family) return undefined;
  const isDeaf = host === '0.0.0.0' || host === '::';
  const direction = reversed[directionOf(description, section)];
  return {
    section,
    ...law,
    remote: isDeaf ? undefined : { host, port: section.port },
    direction: isDeaf ? withoutTheirEar(direction) : direction,
    ptime: ptimeIn(section),
    telephoneEvent: eventsIn(section),
    crypto,
  };
};
