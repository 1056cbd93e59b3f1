import type { EarlyDialog } from '../../flows/ports.js';

/** Which dialog an INVITE wants to take the place of (RFC 3891). */
export interface Replaces {
  readonly callId: string;
  readonly toTag: string;
  readonly fromTag: string;
  /** Only while it rings. */
  readonly earlyOnly: boolean;
}

const callIdForm = /^[^\s;,@]+(@[^\s;,@]+)?$/;

/**
 * Reads a Replaces header: one Call-ID, one to-tag, one from-tag, perhaps early-only; other parameters are ignored and
 * names have no case (RFC 3891 section 6.1). Undefined if it is not one, or if there are two.
 */
export const readReplaces = (value: string): Replaces | undefined => {
  const [callId = '', ...parameters] = value.split(';').map((part) => part.trim());
  const named = parameters.map((parameter) => parameter.split('=').map((part) => part.trim()));
  const tagsOf = (wanted: string) => named.filter(([name = '']) => name.toLowerCase() === wanted).map(([, tag]) => tag);
  const [toTags, fromTags] = [tagsOf('to-tag'), tagsOf('from-tag')];
  const [toTag] = toTags;
  const [fromTag] = fromTags;
  if (value.includes(',') || !callIdForm.test(callId) || toTags.length !== 1 || fromTags.length !== 1) return undefined;
  if (!toTag || !fromTag) return undefined;
  return { callId, toTag, fromTag, earlyOnly: tagsOf('early-only').length > 0 };
};

/**
 * Tells whether this is the dialog that is meant: to-tag is our tag and from-tag the phone's, both whole (RFC 3891
 * section 3). A tag of `0` also stands for a phone that has not said its tag (RFC 2543).
 */
export const isMeant = ({ toTag, fromTag }: Replaces, { remoteTag, localTag }: EarlyDialog): boolean =>
  toTag === remoteTag && (fromTag === localTag || (fromTag === '0' && localTag === undefined));
