import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Outcome, TortureRow } from './torture-rows.js';
import type { Thrown } from './torture-run.js';
import { serverDifferences } from './torture-server.js';

const file = 'docs/torture.md';

/** The two grounds on which the messages are sent; each has a column. */
export type Ground = 'embedded engine' | 'drachtio-server';

const grounds: readonly Ground[] = ['embedded engine', 'drachtio-server'];

const opening = `# What becomes of the torture messages

The 50 messages of RFC 4475 and the 12 of RFC 5118, sent over UDP to the running service in an office without
authentication, where the extension \`user\` has one phone and that is busy. The messages are not in this tree (BCP 78);
\`TORTURE_CORPORA\` names the folder that has them. Hosts are rewritten to the sender's own, Call-IDs are made unique, and
a Via is put on top where the message's own would not bring the answer back; RFC 5118's line ends are made CRLF and its
lengths, which fit neither, right.

Expected is our reading of the RFC for a server that answers for itself; several outcomes where it leaves a choice. The
test compares with these, not with what it got before. A dash means that nothing came back.

Written by \`TORTURE_WRITE=1 npm test -- test/faults/torture.test.ts\`, once without and once with \`DRACHTIO_HOST\`.

| message | section | expected | embedded engine | drachtio-server | why |
| --- | --- | --- | --- | --- | --- |
`;

const cell = (outcome: Outcome): string => (outcome === 'none' ? '-' : String(outcome));

const cellsOf = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((each) => each.trim());

const earlier = (): Map<string, string[]> =>
  new Map(
    (existsSync(file) ? readFileSync(file, 'utf8') : '')
      .split('\n')
      .filter((line) => line.startsWith('| rfc'))
      .map((line) => [cellsOf(line)[0] ?? '', cellsOf(line).slice(3, 5)]),
  );

const whyOf = ({ name, why }: TortureRow): string => {
  const difference = serverDifferences[name];
  return difference ? `${why}; drachtio-server: ${difference.why}` : why;
};

/** Writes the table, with a new column for one ground and the other as it was. */
export const writeTable = (rows: readonly TortureRow[], thrown: readonly Thrown[], ground: Ground): void => {
  const before = earlier();
  const got = new Map(thrown.map((each) => [each.name, [cell(each.got), each.final?.reason ?? ''].join(' ').trim()]));
  const lines = rows.map((row) => {
    const columns = grounds.map((each, i) => (each === ground ? got.get(row.name) : before.get(row.name)?.[i]) ?? '');
    return `| ${[row.name, row.section, row.expected.map(cell).join(' or '), ...columns, whyOf(row)].join(' | ')} |`;
  });
  writeFileSync(file, `${opening}${lines.join('\n')}\n${closing(rows)}`);
};

const closing = (rows: readonly TortureRow[]): string => `
${rows.length} messages.
`;
