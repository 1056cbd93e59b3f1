import type { DialogIds } from '../../domain/dialog.js';

/** Which dialog an INVITE wants to take the place of (RFC 3891). */
export interface Replaces {
  readonly callId: string;
  readonly toTag: string;
  readonly fromTag: string;
  /** Only while it rings. */
  readonly earlyOnly: boolean;
}

/** A Call-ID may have quotes, brackets and slashes in it, but nothing that ends it (RFC 3261 section 25.1, callid). */
const callIdForm = /^[^\s;,@]+(@[^\s;,@]+)?$/;

/** A tag is a token (RFC 3261 section 25.1). */
const tagForm = /^[A-Za-z0-9\-.!%*_+`'~]+$/;

/** No dialog of ours has ids that need more. */
const longest = 1_000;

/**
 * Reads a Replaces header: one Call-ID, one to-tag, one from-tag, perhaps early-only; other parameters are ignored and
 * names have no case (RFC 3891 section 6.1). Undefined if it is not one, or if there are two.
 */
export const readReplaces = (value: string): Replaces | undefined => {
  const [callId = ''] = value.split(';', 1);
  const parameters = parametersIn(value.slice(callId.length));
  if (value.length > longest || !callIdForm.test(callId.trim()) || !parameters) return undefined;
  const [toTag, fromTag] = [onlyTag(parameters, 'to-tag'), onlyTag(parameters, 'from-tag')];
  if (toTag === undefined || fromTag === undefined) return undefined;
  return { callId: callId.trim(), toTag, fromTag, earlyOnly: parameters.some(([name]) => name === 'early-only') };
};

type Parameter = readonly [name: string, value: string];

/** Names in small letters, and values; undefined where a comma begins another value. What is quoted can be no tag. */
const parametersIn = (text: string): Parameter[] | undefined => {
  const plain = text.replace(/"(?:[^"\\]|\\.)*"/g, '""');
  if (plain.includes(',')) return undefined;
  return plain.split(';').map((parameter) => {
    const [name = '', ...rest] = parameter.split('=');
    return [name.trim().toLowerCase(), rest.join('=').trim()];
  });
};

const onlyTag = (parameters: readonly Parameter[], wanted: string): string | undefined => {
  const [first, ...more] = parameters.filter(([name]) => name === wanted).map(([, value]) => value);
  return first !== undefined && more.length === 0 && tagForm.test(first) ? first : undefined;
};

/**
 * Tells whether this is the dialog that is meant: to-tag is our tag and from-tag the phone's, both whole (RFC 3891
 * section 3). A tag of `0` also stands for a phone that has not said its tag (RFC 2543).
 */
export const isMeant = ({ toTag, fromTag }: Replaces, { remoteTag, localTag }: DialogIds): boolean =>
  toTag === remoteTag && (fromTag === localTag || (fromTag === '0' && localTag === undefined));
