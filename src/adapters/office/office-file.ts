import { readFileSync } from 'node:fs';
import { type Document, LineCounter, parseDocument, visit } from 'yaml';
import type { Fault, OfficeDocument } from '../../domain/tenant-document.js';
import { readOfficeDocument } from './office-document.js';
import { lineOf, pathOf } from './yaml-place.js';

/** The faultless document of an office, or every mistake in its file, each with its line and field. */
export type OfficeResult = { ok: true; document: OfficeDocument } | { ok: false; problems: string[] };

/** Reads and checks an office file (YAML); `name` is who says that it is one. */
export const loadOffice = (file: string, name = 'OFFICE_FILE'): OfficeResult => {
  try {
    return parseOffice(readFileSync(file, 'utf8'), file);
  } catch (error) {
    return { ok: false, problems: [`${name}: ${(error as Error).message}`] };
  }
};

/** Reads and checks the text of an office file; `name` stands before each mistake. */
export const parseOffice = (text: string, name: string): OfficeResult => {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  if (document.errors.length > 0) {
    const problems = document.errors.map(({ message, linePos }) => {
      const line = linePos?.[0].line ?? 1;
      return `${name}: line ${line}: ${message.replace(/ at line [\s\S]*$/, '')}`;
    });
    return { ok: false, problems };
  }
  const unresolved = openAliases(document);
  const result =
    unresolved.length > 0 ? { ok: false as const, faults: unresolved } : readOfficeDocument(contentOf(document));
  if (result.ok) return result;
  const faults = result.faults.map((fault) => ({ ...fault, line: lineOf(document, lines, fault.path) }));
  return { ok: false, problems: faults.sort((a, b) => a.line - b.line).map((fault) => sentence(fault, name)) };
};

const sentence = ({ path, why, line }: Fault & { line: number }, name: string): string =>
  `${name}: line ${line}: ${path.join('.') || 'the document'}: ${why}`;

/** An alias may not make a small file a large office. */
const contentOf = (document: Document): unknown => document.toJS({ maxAliasCount: 100 });

/** A code that begins with a star and stands without quotes is an alias to YAML: the commonest mistake of all. */
const openAliases = (document: Document): Fault[] => {
  const faults: Fault[] = [];
  visit(document, {
    Alias: (key, alias, ancestors) => {
      if (alias.resolve(document)) return;
      const path = pathOf(key, alias, ancestors);
      // What stands in a password's place may be one.
      const isSecret = ['password', 'replacePin', 'secret'].includes(path.at(-1) ?? '');
      const why = isSecret ? 'needs quotes' : `*${alias.source} needs quotes: '*${alias.source}'`;
      faults.push({ path, why });
    },
  });
  return faults;
};
