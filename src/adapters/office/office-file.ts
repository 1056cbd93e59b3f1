import { readFileSync } from 'node:fs';
import { LineCounter, parseDocument } from 'yaml';
import type { Office } from '../../domain/office.js';
import { type Fault, readOffice } from './office-document.js';

/** The office, or every mistake in its file, each with its line and field. */
export type OfficeResult = { ok: true; office: Office } | { ok: false; problems: string[] };

/** Reads and checks an office file (YAML). */
export const loadOffice = (file: string): OfficeResult => {
  try {
    return parseOffice(readFileSync(file, 'utf8'), file);
  } catch (error) {
    return { ok: false, problems: [`OFFICE_FILE: ${(error as Error).message}`] };
  }
};

/** Reads and checks the text of an office file; `name` stands before each mistake. */
export const parseOffice = (text: string, name: string): OfficeResult => {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  if (document.errors.length > 0) {
    return { ok: false, problems: document.errors.map(({ message }) => `${name}: ${message.split('\n')[0]}`) };
  }
  const lineOf = (path: readonly string[]): number => {
    for (let depth = path.length; depth > 0; depth -= 1) {
      const node = document.getIn(path.slice(0, depth), true) as { range?: [number, number, number] } | undefined;
      if (node?.range) return lines.linePos(node.range[0]).line;
    }
    return 1;
  };
  const result = readOffice(document.toJS({ maxAliasCount: 100 }));
  if (result.ok) return result;
  return { ok: false, problems: result.faults.map((fault) => sentence(fault, name, lineOf(fault.path))) };
};

const sentence = ({ path, why }: Fault, name: string, line: number): string =>
  `${name}: line ${line}: ${path.join('.') || 'the document'}: ${why}`;
