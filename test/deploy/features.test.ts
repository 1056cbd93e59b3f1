import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import t from 'tap';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const page = read('docs/features.md');

/** How many things each of the four systems does, as its own page was taken apart. */
const capabilities = { ivoz: 15, uis: 18, voipnow: 16, telecomx: 15 };

/** One line of a table: its name, what it is, where it is done, and what shows it. */
interface Row {
  readonly name: string;
  readonly what: string;
  readonly where: string;
  readonly shownBy: string;
  /** What is left open, behind semicolons. */
  readonly open: readonly string[];
}

const rows: Row[] = page
  .split('\n')
  .map((line) => /^\| (\w+ \d+) \| (.+?) \| (.+?) \| (.+) \|$/.exec(line))
  .filter((found) => found !== null)
  .map(([, name = '', what = '', where = '', last = '']) => {
    const said = last.split(/; (?=left out\b)/);
    const isOpen = (text: string) => text.startsWith('left out');
    return { name, what, where, shownBy: said.find((text) => !isOpen(text)) ?? '', open: said.filter(isOpen) };
  });

const inCode = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);

/** The tests that a cell names, each with its file: a file stands before its titles. */
const proofsOf = (cell: string): { file: string; title: string }[] => {
  let file = '';
  return inCode(cell).flatMap((code) => {
    if (!code.endsWith('.ts')) return [{ file, title: code }];
    file = `test/${code}`;
    return [];
  });
};

const filesOf = (cell: string): string[] => inCode(cell).filter((code) => code.endsWith('.ts'));

/** The titles of the tests that stand in a file, as they are written there. */
const titlesIn = (file: string): Set<string> => {
  const calls = read(file).matchAll(/\btest\(\s*(['"`])(.+?)\1,/g);
  return new Set([...calls].map(([, quote = '', title = '']) => title.replaceAll(`\\${quote}`, quote)));
};

/** Every file that runs in `npm test`: the test files, and what they import. */
const running = (() => {
  const reached = new Set<string>();
  const reach = (file: string): void => {
    // A test may hold an import as a text only: that leads nowhere.
    if (reached.has(file) || !file.startsWith('test/') || !existsSync(new URL(file, root))) return;
    reached.add(file);
    for (const [, path = ''] of read(file).matchAll(/\b(?:from|import) '(\.[^']+)\.js'/g)) {
      reach(posix.join(posix.dirname(file), `${path}.ts`));
    }
  };
  const files = readdirSync(new URL('test', root), { recursive: true, encoding: 'utf8' });
  for (const file of files) if (file.endsWith('.test.ts')) reach(`test/${file.replaceAll('\\', '/')}`);
  return reached;
})();

t.test('docs/features.md has every capability of the four systems, once and in order', async (t) => {
  const expected = Object.entries(capabilities).flatMap(([system, count]) =>
    Array.from({ length: count }, (_, index) => `${system} ${index + 1}`),
  );
  t.same(
    rows.map(({ name }) => name),
    expected,
  );
  const lines = page.split('\n').filter((line) => /^\|\s*(ivoz|uis|voipnow|telecomx)\b/.test(line));
  t.equal(lines.length, expected.length, 'and no row that is not read');
});

t.test('docs/features.md: every capability is somewhere in the code', async (t) => {
  for (const { name, where } of rows) {
    const files = inCode(where);
    t.ok(
      files.some((file) => file.startsWith('src/')),
      `${name} names a file`,
    );
    for (const file of files) t.ok(existsSync(new URL(file, root)), `${name}: ${file}`);
  }
});

t.test('docs/features.md: the tests that it names are there, and run', async (t) => {
  for (const { name, shownBy, open } of rows) {
    const proofs = proofsOf(shownBy);
    t.ok(proofs.length > 0 || open.length > 0, `${name} is shown by a test, or says why not`);
    t.equal(new Set(proofs.map(({ file }) => file)).size, filesOf(shownBy).length, `${name}: each file with a title`);
    for (const { file, title } of proofs) {
      const isThere = running.has(file) && titlesIn(file).has(title);
      t.ok(isThere, `${name}: "${title}" in ${file}`);
    }
  }
});

t.test('docs/features.md: what is open has a reason', async (t) => {
  for (const { name, text } of rows.flatMap((row) => row.open.map((text) => ({ name: row.name, text })))) {
    const [, why] = /^left out: (.{30,})$/.exec(text) ?? [];
    t.ok(why, `${name}: ${text}`);
  }
});
