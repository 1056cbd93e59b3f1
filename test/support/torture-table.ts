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

## Where this reading is narrower or wider than the prose

The RFCs describe parsers; the table describes a service with an office of its own.

| message | reading |
| --- | --- |
| wsinv | 481 alone: a To tag that is not ours cannot begin a call (RFC 3261 12.2.2) |
| intmeth, esc02 | 404 is not right: the method is looked at before the address (RFC 3261 8.2.1) |
| esc01, escnull, longreq, mpart01 | "the application decides": no such extension, not an extension, busy phone, plain text alone |
| unksm2 | 403 beside 400: who asks is authorised before the address of record is read (RFC 3261 10.3, steps 4 and 5) |
| regaut01 | 200 in an office that asks for no password; with digest it is 401 |
| regescrt | 400 beside 200: the escaped headers of such a Contact would become headers of our INVITE |
| inv2543 | 400 or 404: without a Contact no dialog can be kept, and UserB has no extension |
| bext01, invut, sdp01 | the refusal must also name what is supported or not: Unsupported, Accept |
| zeromf | 483 beside 200, as for a server that would forward |
| lwsstart, escruri, baddate | refusing and reading over it are both allowed; what is not allowed is silence |

## What drachtio-server does not survive

Found with the tests beside this one, drachtio-server 9c2dd4c; each is one packet, and the edge has to keep it away:

* an INVITE whose Contact is \`*\`, empty, or a \`tel:\` URI ends the process;
* a From, To or Call-ID of about 4 KB comes back in the answer and makes a frame that it takes for an error: it closes the
  control connection, and every call of the service is lost.

It drops without an answer: methods it does not know, REFER and PRACK outside a dialog, Request-URIs that it cannot read.
`;
