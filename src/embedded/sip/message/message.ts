/** One header line: as received in `line`, ready to read in `key` (long, lower case) and `value` (unfolded, trimmed). */
export interface Header {
  readonly key: string;
  readonly value: string;
  readonly line: string;
}

/** A SIP request (RFC 3261 section 7.1). Text is held as latin1: one character is one byte, so lengths are bytes. */
export interface Request {
  readonly kind: 'request';
  readonly method: string;
  readonly uri: string;
  readonly headers: Header[];
  readonly body: string;
}

/** A SIP response (RFC 3261 section 7.2). */
export interface Response {
  readonly kind: 'response';
  readonly status: number;
  readonly reason: string;
  readonly headers: Header[];
  readonly body: string;
}

/** What travels between SIP elements. */
export type Message = Request | Response;

/** The value of the first header of that name (`key`: long form, lower case), or undefined. */
export function headerOf(message: { readonly headers: readonly Header[] }, key: string): string | undefined {
  for (const header of message.headers) if (header.key === key) return header.value;
  return undefined;
}

/** All values of that name, in the order of the message; comma-separated values are not split. */
export function headersOf(message: { readonly headers: readonly Header[] }, key: string): string[] {
  return message.headers.filter((header) => header.key === key).map((header) => header.value);
}

/** A header of our own making. */
export function makeHeader(name: string, value: string): Header {
  return { key: name.toLowerCase(), value, line: `${name}: ${value}` };
}

function startLineOf(message: Message): string {
  return message.kind === 'request'
    ? `${message.method} ${message.uri} SIP/2.0`
    : `SIP/2.0 ${message.status} ${message.reason}`;
}

/** The message as it goes over the wire: header lines untouched, then an empty line, then the body. */
export function print(message: Message): string {
  let text = `${startLineOf(message)}\r\n`;
  for (const header of message.headers) text += `${header.line}\r\n`;
  return `${text}\r\n${message.body}`;
}
