import type { Leniency } from '../../domain/leniency.js';
import { readCallIdOnly, readReplaces } from './replaces.js';

/** Which dialog an INVITE wants, as far as can be made out. */
export interface Wanted {
  readonly callId: string;
  /** Absent where only the Call-ID was said. */
  readonly tags?: { readonly toTag: string; readonly fromTag: string };
  readonly earlyOnly: boolean;
  /** What had to be overlooked to read it; empty for what RFC 3891 calls a Replaces. */
  readonly by: readonly Leniency[];
}

/** Reads a Replaces header, if need be with leniency: whether the company has any is for the reader to ask. */
export const readWanted = (value: string): Wanted | undefined => {
  const plain = unescapedOnce(value);
  const [text, by] = plain === undefined ? [value, []] : [plain, ['escaped'] as const];
  const whole = readReplaces(text);
  if (whole) {
    const { toTag, fromTag, ...named } = whole;
    return { ...named, tags: { toTag, fromTag }, by };
  }
  const bare = readCallIdOnly(text);
  return bare && { ...bare, by: [...by, 'call-id-only'] };
};

/** A value that was copied out of a URI as it stood there, decoded once (protocol.md R27); undefined if it was not. */
const unescapedOnce = (value: string): string | undefined => {
  if (value.includes(';') || !/%(3b|40)/i.test(value)) return undefined;
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
};
