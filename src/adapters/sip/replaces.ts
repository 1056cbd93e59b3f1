/** Which dialog an INVITE wants to take the place of (RFC 3891). */
export interface Replaces {
  readonly callId: string;
  readonly toTag: string;
  readonly fromTag: string;
  /** Only while it rings. */
  readonly earlyOnly: boolean;
}

/** A Call-ID may have quotes, brackets and slashes in it, but nothing that ends it (RFC 3261 section 25.1, callid). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: an escaped value may bring control characters along.
const callIdForm = /^[^\s\u0000-\u001f\u007f;,@]+(@[^\s\u0000-\u001f\u007f;,@]+)?$/;

/** A tag is a token (RFC 3261 section 25.1). */
const tagForm = /^[A-Za-z0-9\-.!%*_+`'~]+$/;

/** No dialog of ours has ids that need more. */
const longest = 1_000;

/**
 * Reads a Replaces header: one Call-ID, one to-tag, one from-tag, perhaps early-only; other parameters are ignored and
 * names have no case (RFC 3891 section 6.1). Undefined if it is not one, or if there are two.
 */
export const readReplaces = (value: string): Replaces | undefined => {
  const parts = partsOf(value);
  if (!parts) return undefined;
  const { parameters, ...named } = parts;
  const [toTag, fromTag] = [onlyTag(parameters, 'to-tag'), onlyTag(parameters, 'from-tag')];
  return toTag === undefined || fromTag === undefined ? undefined : { ...named, toTag, fromTag };
};

/** What some phones make of a Replaces: a Call-ID without any tag (protocol.md R25). Undefined if there is a tag. */
export const readCallIdOnly = (value: string): Pick<Replaces, 'callId' | 'earlyOnly'> | undefined => {
  const parts = partsOf(value);
  if (!parts || parts.parameters.some(([name]) => name === 'to-tag' || name === 'from-tag')) return undefined;
  return { callId: parts.callId, earlyOnly: parts.earlyOnly };
};

type Parameter = readonly [name: string, value: string];

interface Parts extends Pick<Replaces, 'callId' | 'earlyOnly'> {
  readonly parameters: readonly Parameter[];
}

const partsOf = (value: string): Parts | undefined => {
  if (value.length > longest) return undefined;
  const [beginning = ''] = value.split(';', 1);
  const [callId, parameters] = [beginning.trim(), parametersIn(value.slice(beginning.length))];
  if (!callIdForm.test(callId) || !parameters) return undefined;
  return { callId, parameters, earlyOnly: parameters.some(([name]) => name === 'early-only') };
};

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
