import { createHmac } from 'node:crypto';
import type { DialogIds } from '../../domain/dialog.js';
import { sameText } from './same-text.js';

/** How long a sealed text may be on its way, in milliseconds; instances' clocks may differ by some of it. */
export const sealedLife = 30_000;

/** So long may a header with a sealed text be: drachtio-server takes no frame of 4 KB (DESIGN 3.11). */
export const longestSealed = 700;

/** What one instance says to another: only who knows the instances' secret can have written it. */
export interface Sealed {
  /** What kind of text this is, and of which version; no space in it. */
  readonly version: string;
  /** No spaces in any of them. */
  readonly words: readonly (string | number)[];
}

/** Seals words for another instance. */
export const seal = ({ version, words }: Sealed, secret: string, now = Date.now()): string => {
  const text = [version, now, ...words].join(' ');
  return `${text} ${sign(text, secret)}`;
};

/** The words of a sealed text; undefined if it is not one of this version, is not ours, or is too old. */
export const unseal = (
  { header, version }: { header: string; version: string },
  secret: string,
  now = Date.now(),
): string[] | undefined => {
  const end = header.lastIndexOf(' ');
  const [text, shown] = [header.slice(0, end), header.slice(end + 1)];
  if (header.length > longestSealed || !sameText(sign(text, secret), shown)) return undefined;
  const [said, time, ...words] = text.split(' ');
  return said === version && Math.abs(now - Number(time)) <= sealedLife ? words : undefined;
};

const sign = (text: string, secret: string): string => createHmac('sha256', secret).update(text).digest('hex');

/** Phones choose Call-IDs and tags: in a header they stand where nothing of them can be mistaken. */
export const idsText = (ids: DialogIds | undefined): string =>
  ids ? Buffer.from(JSON.stringify([ids.sipCallId, ids.localTag, ids.remoteTag])).toString('base64url') : '-';

/** Reads what `idsText` wrote; of a text that was sealed. */
export const readIds = (text: string): DialogIds | undefined => {
  if (text === '-') return undefined;
  const [sipCallId, localTag, remoteTag] = JSON.parse(Buffer.from(text, 'base64url').toString()) as (string | null)[];
  if (!sipCallId) return undefined;
  return { sipCallId, ...(localTag && { localTag }), ...(remoteTag && { remoteTag }) };
};
