import type { Header, Message } from './message.js';
import { keyOf } from './names.js';

/** A message read from bytes, or what could be read of one. */
export interface Parsed {
  /** Missing when the start line is no SIP start line. */
  readonly message: Message | undefined;
  readonly startLine: string;
  readonly headers: Header[];
  /** All that follows the empty line, however long Content-Length says it is. */
  readonly rest: string;
  /** A line that is no header, if there is one. */
  readonly badLine: string | undefined;
}

const requestLine = /^([A-Za-z0-9\-.!%*_+`'~]+) ([^ \t]+) SIP\/2\.0[ \t]*$/;
const statusLine = /^SIP\/2\.0 (\d{3})(?: (.*))?$/;
const headerName = /^[A-Za-z0-9\-.!%*_+`'~]+$/;

function splitHead(text: string): { head: string; rest: string } {
  const end = text.indexOf('\r\n\r\n');
  if (end >= 0) return { head: text.slice(0, end), rest: text.slice(end + 4) };
  const bare = text.indexOf('\n\n');
  if (bare >= 0) return { head: text.slice(0, bare), rest: text.slice(bare + 2) };
  return { head: text, rest: '' };
}

function logicalLines(head: string): string[] {
  const lines: string[] = [];
  for (const raw of head.split('\n')) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    // A line that begins with white space continues the one before it (RFC 3261 section 7.3.1).
    const last = lines.length - 1;
    if ((line.startsWith(' ') || line.startsWith('\t')) && last > 0) lines[last] += `\r\n${line}`;
    else if (line !== '' || last < 0) lines.push(line);
  }
  return lines;
}

function readHeader(line: string): Header | undefined {
  const colon = line.indexOf(':');
  const name = line.slice(0, colon).trimEnd();
  if (colon <= 0 || !headerName.test(name)) return undefined;
  const value = line.slice(colon + 1).trim();
  return { key: keyOf(name), value: value.includes('\r\n') ? value.replaceAll('\r\n', '') : value, line };
}

function readStart(line: string, headers: Header[], body: string): Message | undefined {
  const status = statusLine.exec(line);
  if (status) return { kind: 'response', status: Number(status[1]), reason: status[2] ?? '', headers, body };
  const request = requestLine.exec(line);
  if (!request?.[1] || !request[2]) return undefined;
  return { kind: 'request', method: request[1], uri: request[2], headers, body };
}

/** How long the body says it is, in bytes; undefined when it does not say, -1 when what it says makes no sense. */
export function declaredLength(headers: readonly Header[]): number | undefined {
  const values = headers.filter((header) => header.key === 'content-length').map((header) => header.value);
  if (values.length === 0) return undefined;
  if (values.length > 1 || !/^\d{1,9}$/.test(values[0] ?? '')) return -1;
  return Number(values[0]);
}

/** Reads a message; never throws. `text` is latin1 and starts at the start line. */
export function parse(text: string): Parsed {
  const { head, rest } = splitHead(text);
  const [startLine = '', ...lines] = logicalLines(head);
  const headers: Header[] = [];
  let badLine: string | undefined;
  for (const line of lines) {
    const header = readHeader(line);
    if (header) headers.push(header);
    else badLine ??= line;
  }
  const length = declaredLength(headers);
  const body = length === undefined || length < 0 ? rest : rest.slice(0, length);
  return { message: readStart(startLine, headers, body), startLine, headers, rest, badLine };
}
