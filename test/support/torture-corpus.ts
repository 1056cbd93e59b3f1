import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One message of a corpus, as its authors published it; latin1, so that a character is a byte. */
export interface CorpusMessage {
  /** `rfc4475/wsinv`. */
  readonly name: string;
  readonly text: string;
}

/** The folder with the published messages; they may not be copied here (BCP 78). Undefined if there is none. */
export const corporaFolder = (): string | undefined => {
  const folder = process.env.TORTURE_CORPORA ?? '../shared/corpora';
  return existsSync(join(folder, 'rfc4475')) && existsSync(join(folder, 'rfc5118')) ? folder : undefined;
};

/** The 50 messages of RFC 4475 and the 12 of RFC 5118. */
export const readCorpora = (folder: string): CorpusMessage[] => [
  ...messagesIn(folder, 'rfc4475', (file) => file.endsWith('.dat')),
  // The archive of RFC 5118 has bare line feeds, lengths that fit neither them nor CRLF, and two messages without an end.
  ...messagesIn(folder, 'rfc5118', (file) => !file.includes('.')).map(({ name, text }) => ({
    name,
    text: withLength(withEnd(text.replace(/\r?\n/g, '\r\n'))),
  })),
];

const messagesIn = (folder: string, corpus: string, isMessage: (file: string) => boolean): CorpusMessage[] =>
  readdirSync(join(folder, corpus))
    .filter(isMessage)
    .sort()
    .map((file) => ({
      name: `${corpus}/${file.replace(/\.dat$/, '')}`,
      text: readFileSync(join(folder, corpus, file), 'latin1'),
    }));

const withEnd = (text: string): string => (text.includes('\r\n\r\n') ? text : `${text.trimEnd()}\r\n\r\n`);

const withLength = (text: string): string => {
  const body = text.slice(text.indexOf('\r\n\r\n') + 4);
  return text.replace(/^(Content-Length: )\d+/m, `$1${body.length}`);
};

/** Where the answers shall come to. */
export interface Sender {
  readonly kind: 'udp' | 'tcp';
  readonly host: string;
  readonly port: number;
}

const nameOf = (line: string): string => (/^([^:\s]+)\s*:/.exec(line)?.[1] ?? '').toLowerCase();

const isVia = (line: string): boolean => ['via', 'v'].includes(nameOf(line));

const routing = new Set(['contact', 'm', 'route', 'record-route']);

/**
 * A published message made harmless: every host that the service might send to is the sender's own, the Call-ID is
 * unique, and a Via stands on top if its own topmost one would not bring the answer back. Nothing else changes.
 */
export const harmless = (text: string, sender: Sender, word: string): string => {
  const end = text.indexOf('\r\n\r\n');
  const [start = '', ...lines] = text.slice(0, end).split(/\r\n(?![ \t])/);
  const place = `${sender.host}:${sender.port}`;
  const [top] = lines.filter(isVia);
  const own = isReachable(top, sender.kind) ? [] : [ownVia(sender, word)];
  const rewritten = lines.map((line) => rewrite(line, place, word));
  return [start.replace(/(Route=%3Csip:)[^%]+/, `$1${place}`), ...own, ...rewritten].join('\r\n') + text.slice(end);
};

const ownVia = ({ kind, host, port }: Sender, word: string): string =>
  `Via: SIP/2.0/${kind.toUpperCase()} ${host}:${port};branch=z9hG4bK${word};rport`;

const isReachable = (via: string | undefined, kind: string): boolean =>
  via !== undefined && !via.includes(';;') && new RegExp(`/\\s*${kind}\\s+[^[]`, 'i').test(via);

const rewrite = (line: string, place: string, word: string): string => {
  if (isVia(line))
    return line
      .replace(/(SIP\s*\/\s*[\d.]+\s*\/\s*\S+\s+)([A-Za-z0-9.-]+)(?:\s*:\s*\d+)?/g, `$1${place}`)
      .replace(/received=[\d.]+(?=[;,]|$)/g, 'received=127.0.0.1');
  if (routing.has(nameOf(line)))
    return line
      .replace(/(sips?:(?:[^@\s<>,;]*@)?)[A-Za-z0-9.-]+(?::\d+)?(?=[;?>%\s]|$)/g, `$1${place}`)
      .replace(/(sips?:(?:[^@\s<>,;]*@)?)\[[^\]]*\](?::\d+)?/g, `$1[::1]`)
      .replace(/maddr=[^;>]+/g, 'maddr=127.0.0.1');
  return /^(?:call-id|i)\s*:/i.test(line) ? line.replace(/:\s*/, (colon) => `${colon}${word}`) : line;
};
