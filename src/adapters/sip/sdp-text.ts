import { parse, type SessionDescription, write } from 'sdp-transform';
import type { Sdp } from '../../domain/sdp.js';

const highestPort = 65_535;

const mediaLines = (text: string): number => text.match(/^m=/gm)?.length ?? 0;

const hasBones = (text: string): boolean => /^v=0\s*[\r\n]/.test(text) && /^o=\S/m.test(text) && /^t=\d/m.test(text);

const isPort = (port: unknown): boolean => Number.isInteger(port) && Number(port) >= 0 && Number(port) <= highestPort;

// The parser passes over an m-line that it cannot read and hangs its attributes on the one before: count them.
const isWhole = (text: string, { media }: SessionDescription): boolean =>
  media.length > 0 && media.length === mediaLines(text) && media.every(({ type, port }) => type && isPort(port));

const numeric = new Set(
  'version sessionVersion ipVer start stop port payload rate encoding id limit ptime maxptime value'.split(' '),
);

// The parser makes a number of whatever looks like one, be it the text of an attribute or the name of a codec. What it
// made is ours alone, so it is mended in place: a copy costs more than the parsing, and a phone waits for it.
const makeTextOfText = (node: Record<string, unknown>, owner = ''): void => {
  for (const name of Object.keys(node)) {
    const value = node[name];
    if (typeof value === 'number') {
      if (owner === 'invalid' || !numeric.has(name)) node[name] = String(value);
    } else if (Array.isArray(value)) {
      for (const each of value) makeTextOfText(each, name);
    } else if (typeof value === 'object' && value !== null) {
      makeTextOfText(value as Record<string, unknown>, name);
    }
  }
};

/**
 * Reads a session description (RFC 8866). Undefined if it is none: no version, origin or time, no m-line, or one m-line
 * that cannot be read. The wording of the origin is not looked at, since it never leaves us.
 */
export const parseSdp = (text: string): Sdp | undefined => {
  const known = lately.get(text);
  if (known) return known;
  const sdp = readSdp(text);
  if (sdp) remember(text, sdp);
  return sdp;
};

/** An offer is read at the door and again when it is crossed: what was read lately is not read anew. */
const lately = new Map<string, Sdp>();
const mostRemembered = 256;

const remember = (text: string, sdp: Sdp): void => {
  const oldest = lately.size >= mostRemembered ? lately.keys().next().value : undefined;
  if (oldest !== undefined) lately.delete(oldest);
  lately.set(text, sdp);
};

const readSdp = (text: string): Sdp | undefined => {
  if (!hasBones(text)) return undefined;
  const parsed = parse(text);
  if (!isWhole(text, parsed)) return undefined;
  makeTextOfText(parsed as unknown as Record<string, unknown>);
  return parsed as Sdp;
};

/** Writes a session description with the line ends that SIP bodies have (CRLF). */
export const writeSdp = (sdp: Sdp): string => write(sdp as SessionDescription);

/** What an INVITE or an ACK carries: no description at all, one that cannot be used, or one. */
export type OfferIn =
  | { readonly kind: 'none' }
  | { readonly kind: 'bad'; readonly why: 'unsupported-content-type' | 'unparseable' }
  | { readonly kind: 'offer'; readonly sdp: Sdp };

const isSdpType = (contentType: string | undefined): boolean =>
  contentType?.split(';', 1)[0]?.trim().toLowerCase() === 'application/sdp';

/** Looks for a description in the body of a message; anything but plain application/sdp is not for us to open. */
export const offerIn = (body: string | undefined, contentType: string | undefined): OfferIn => {
  if (!body?.trim()) return { kind: 'none' };
  if (!isSdpType(contentType)) return { kind: 'bad', why: 'unsupported-content-type' };
  const sdp = parseSdp(body);
  return sdp ? { kind: 'offer', sdp } : { kind: 'bad', why: 'unparseable' };
};
