const longNames: Readonly<Record<string, string>> = {
  v: 'via',
  f: 'from',
  t: 'to',
  i: 'call-id',
  m: 'contact',
  l: 'content-length',
  c: 'content-type',
  k: 'supported',
  s: 'subject',
  e: 'content-encoding',
  o: 'event',
  r: 'refer-to',
  u: 'allow-events',
};

const nameOf = (line: string): string => {
  const name = line.slice(0, line.indexOf(':')).trim().toLowerCase();
  return longNames[name] ?? name;
};

/** A SIP message as it came or went: read on demand, never changed. */
export class Message {
  readonly text: string;
  readonly startLine: string;
  readonly body: string;
  readonly #lines: readonly string[];

  constructor(text: string) {
    const end = text.indexOf('\r\n\r\n');
    const head = end < 0 ? text : text.slice(0, end);
    // RFC 3261 section 7.3.1: a line that begins with a blank continues the one before.
    const [startLine = '', ...lines] = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
    this.text = text;
    this.startLine = startLine;
    this.body = end < 0 ? '' : text.slice(end + 4);
    this.#lines = lines;
  }

  /** The status of a response; 0 for a request. */
  get status(): number {
    return this.startLine.startsWith('SIP/2.0 ') ? Number(this.startLine.slice(8, 11)) : 0;
  }

  /** The reason phrase of a response. */
  get reason(): string {
    return this.startLine.slice(12);
  }

  /** The method, of a response that of the request it answers. */
  get method(): string {
    const method = this.status ? this.get('cseq')?.split(' ')[1] : this.startLine.split(' ', 1)[0];
    return method ?? '';
  }

  /** The request URI. */
  get uri(): string {
    return this.startLine.split(' ')[1] ?? '';
  }

  /** The value of the first field of this name (long form, any case). */
  get(name: string): string | undefined {
    return this.all(name)[0];
  }

  /** The values of all fields of this name, one a line, as they came. */
  all(name: string): string[] {
    return this.lines(name).map((line) => line.slice(line.indexOf(':') + 1).trim());
  }

  /** The fields of this name as raw lines. */
  lines(name: string): string[] {
    const wanted = name.toLowerCase();
    return this.#lines.filter((line) => nameOf(line) === wanted);
  }

  /** The Call-ID. */
  get callId(): string {
    return this.get('call-id') ?? '';
  }

  /** The number in CSeq. */
  get sequence(): number {
    return Number.parseInt(this.get('cseq') ?? '', 10);
  }

  /** The branch of the topmost Via: it names the transaction. */
  get branch(): string {
    return /;\s*branch=([^;,\s]+)/i.exec(this.get('via') ?? '')?.[1] ?? '';
  }

  /** The tag in From. */
  get fromTag(): string {
    return tagOf(this.get('from'));
  }

  /** The tag in To; empty outside a dialog. */
  get toTag(): string {
    return tagOf(this.get('to'));
  }
}

/** The tag of a From or To value, or the empty string. */
export const tagOf = (value: string | undefined): string => /;\s*tag=([^;>\s]+)/i.exec(value ?? '')?.[1] ?? '';

/** The URI inside a name-addr, without its angle brackets. */
export const uriIn = (value: string | undefined): string =>
  /<([^>]*)>/.exec(value ?? '')?.[1] ?? (value ?? '').split(';', 1)[0]?.trim() ?? '';

/** Where to send, as numbers: what a URI or a Via says. Undefined for a name that is no address. */
export const addressIn = (uri: string): { host: string; port: number } | undefined => {
  const match = /^(?:sips?:)?(?:[^@]*@)?(?:\[([0-9a-f:]+)\]|([\d.]+))(?::(\d+))?(?:[;?>].*)?$/i.exec(uri);
  const host = match?.[1] ?? match?.[2];
  return host ? { host, port: Number(match?.[3] ?? 5060) } : undefined;
};

/** Header fields to add or, by the name of a usual one, to put in its place; undefined leaves it out. */
export type Fields = Readonly<Record<string, string | readonly string[] | undefined>>;

const fieldLines = (fields: Fields): string[] =>
  Object.entries(fields).flatMap(([name, value]) =>
    (value === undefined ? [] : typeof value === 'string' ? [value] : value).map((each) => `${name}: ${each}`),
  );

const without = (fields: Fields, names: readonly string[]): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name.toLowerCase())));

/** Writes a message. `extra` replaces fields of the same name, whatever its case. */
export const writeMessage = (
  startLine: string,
  fields: Fields,
  { body = '', extra = {} }: { body?: string; extra?: Fields } = {},
): string => {
  const replaced = Object.keys(extra).map((name) => name.toLowerCase());
  const type: Fields = body ? { 'Content-Type': 'application/sdp' } : {};
  const usual = { ...fields, ...type, 'Content-Length': `${Buffer.byteLength(body)}` };
  return [startLine, ...fieldLines(without(usual, replaced)), ...fieldLines(extra), '', body].join('\r\n');
};
