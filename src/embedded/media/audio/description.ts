import { isIP } from 'node:net';

/** Which way sound flows, seen from the one who says it (RFC 3264 section 5.1). */
export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

/** One media line of a description, with the lines that belong to it. */
export interface Section {
  readonly media: string;
  readonly port: number;
  readonly transport: string;
  readonly formats: readonly string[];
  readonly lines: readonly string[];
}

/** A session description, as far as an answer needs it. */
export interface Description {
  readonly session: readonly string[];
  readonly sections: readonly Section[];
}

const mostText = 65_536;
const mediaLine = /^m=([\w-]+) (\d{1,5})(?:\/\d+)? ([\w/-]+)((?: [\w.*/+-]+)+)\s*$/;

const readSection = ([first = '', ...lines]: readonly string[]): Section | undefined => {
  const [, media, port, transport, formats] = mediaLine.exec(first) ?? [];
  if (!media || !port || !transport || !formats) return undefined;
  return { media, port: Number(port), transport, formats: formats.trim().split(' '), lines };
};

/** Reads a description; undefined if it is none (RFC 4566 section 5). */
export const readDescription = (text: string): Description | undefined => {
  if (text.length > mostText || !/^v=0\r?\n/.test(text)) return undefined;
  const parts: string[][] = [[]];
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('m=')) parts.push([]);
    parts.at(-1)?.push(line);
  }
  const [session = [], ...media] = parts;
  const sections = media.map(readSection).filter((section) => section !== undefined);
  // An answer has to have every line of the offer (RFC 3264 section 6): where one cannot be read there is none to give.
  return { session, sections: sections.length === media.length ? sections : [] };
};

/** The rest of the first line with this beginning. */
export const valueIn = (lines: readonly string[], start: string): string | undefined =>
  lines
    .find((line) => line.startsWith(start))
    ?.slice(start.length)
    .trim();

/** What a media line says of itself, or else the session of all. */
export const saidOf = (description: Description, section: Section, start: string): string | undefined =>
  valueIn(section.lines, start) ?? valueIn(description.session, start);

const directionIn = (lines: readonly string[]): Direction | undefined =>
  lines.map((line) => /^a=(sendrecv|sendonly|recvonly|inactive)\s*$/.exec(line)?.[1]).find(Boolean) as
    | Direction
    | undefined;

/** Which way the writer wants sound to flow. */
export const directionOf = ({ session }: Description, { lines }: Section): Direction =>
  directionIn(lines) ?? directionIn(session) ?? 'sendrecv';

/** The address at which the writer hears: a number, as names are not looked up; undefined if there is none. */
export const addressOf = (description: Description, section: Section): string | undefined => {
  const [, family, address = ''] = saidOf(description, section, 'c=')?.split(' ') ?? [];
  const [host = ''] = address.split('/');
  return isIP(host) === Number(family?.slice(2)) ? host : undefined;
};
