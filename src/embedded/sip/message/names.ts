/** Compact forms (RFC 3261 section 7.3.3 and the IANA registry) and their long names. */
const compact: Readonly<Record<string, string>> = {
  a: 'accept-contact',
  b: 'referred-by',
  c: 'content-type',
  d: 'request-disposition',
  e: 'content-encoding',
  f: 'from',
  i: 'call-id',
  j: 'reject-contact',
  k: 'supported',
  l: 'content-length',
  m: 'contact',
  n: 'identity-info',
  o: 'event',
  r: 'refer-to',
  s: 'subject',
  t: 'to',
  u: 'allow-events',
  v: 'via',
  x: 'session-expires',
  y: 'identity',
};

/** The names whose spelling is not simply a capital after each dash. */
const spelled = new Map(
  ['Call-ID', 'CSeq', 'WWW-Authenticate', 'RAck', 'RSeq', 'MIME-Version', 'SIP-ETag', 'SIP-If-Match', 'Min-SE'].map(
    (name) => [name.toLowerCase(), name],
  ),
);

/** How a header is looked up: long form, lower case. */
export function keyOf(name: string): string {
  const lower = name.toLowerCase();
  return (lower.length === 1 && compact[lower]) || lower;
}

/** How a header that the application named is spelled on the wire; `x-` names are left as they are. */
export function spellingOf(name: string): string {
  if (/^x-/i.test(name)) return name;
  const key = keyOf(name);
  return (
    spelled.get(key) ?? key.replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase())
  );
}
