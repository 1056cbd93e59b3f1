import t, { type Test } from 'tap';
import { phone } from '../support/phone.js';
import { ground } from '../support/service.js';
import { corporaFolder, harmless, readCorpora } from '../support/torture-corpus.js';
import { tortureOffice } from '../support/torture-office.js';
import { composer, ownMessages } from '../support/torture-own.js';
import { tortureRows } from '../support/torture-rows.js';
import { isAloneAgain, type Throw, type Thrown, throwOne } from '../support/torture-run.js';
import { onRealServer, serverDifferences } from '../support/torture-server.js';
import { tortureStage } from '../support/torture-stage.js';
import { writeTable } from '../support/torture-table.js';

const folder = corporaFolder();
t.comment(`on ${ground}`);
t.comment(
  folder
    ? `messages of the RFCs from ${folder}`
    : 'TORTURE_CORPORA names no folder: the 62 messages of the RFCs are NOT sent',
);

/** All that may come of a message on this ground. */
const allowed = ({ name, expected }: Pick<Throw, 'name' | 'expected'>) => [
  ...expected,
  ...(onRealServer ? (serverDifferences[name]?.outcomes ?? []) : []),
];

const prepare = async (t: Test) => {
  const stage = await tortureStage(t, { office: tortureOffice });
  const user = await phone(t, { number: 'user', server: stage.office.sip, onCall: (leg) => void leg.declines(486) });
  const throwAll = async (all: readonly Throw[], kind: 'udp' | 'tcp'): Promise<Thrown[]> => {
    const thrown: Thrown[] = [];
    for (const each of all) {
      await isAloneAgain(user);
      const one = await throwOne(each, { kind, server: stage.office.sip });
      const isAlive = await stage.lives();
      t.ok(each.expected.includes(one.got) && isAlive, `${kind} ${each.name}: ${each.expected.join(' or ')}`, {
        got: one.heard.map(({ startLine }) => startLine),
        isAlive,
        sent: one.sent,
      });
      thrown.push(one);
    }
    return thrown;
  };
  return { ...stage, throwAll };
};

if (folder !== undefined) {
  t.test('the messages of RFC 4475 and RFC 5118', async (t) => {
    const { endsWell, throwAll } = await prepare(t);
    const texts = new Map(readCorpora(folder).map(({ name, text }) => [name, text]));
    t.same([...texts.keys()].sort(), tortureRows.map(({ name }) => name).sort(), 'a row for every message');
    const throws = tortureRows.map((row) => ({
      ...row,
      expected: allowed(row),
      write: (...at: [Parameters<typeof harmless>[1], string]) => harmless(texts.get(row.name) ?? '', ...at),
    }));
    const thrown = await throwAll(throws, 'udp');
    if (process.env.TORTURE_WRITE)
      writeTable(tortureRows, thrown, onRealServer ? 'drachtio-server' : 'embedded engine');
    const unsupported = thrown.find(({ name }) => name === 'rfc4475/bext01')?.final?.get('Unsupported');
    t.match(unsupported, /nothingSupportsThis.*nothingSupportsThisEither/, '420 names what is not supported');
    await throwAll(
      throws.filter(({ datagramOnly }) => !datagramOnly),
      'tcp',
    );
    await endsWell();
  });
}

t.test('our own messages of the same kinds', async (t) => {
  const { endsWell, throwAll } = await prepare(t);
  const throws = ownMessages.map((own) => ({
    ...own,
    expected: allowed(own),
    write: (...at: Parameters<typeof composer>) => own.write(composer(...at)),
  }));
  await throwAll(throws, 'udp');
  await throwAll(
    throws.filter(({ datagramOnly }) => !datagramOnly),
    'tcp',
  );
  await endsWell();
});
