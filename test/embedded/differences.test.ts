import { readFileSync } from 'node:fs';
import t from 'tap';

const root = new URL('../../', import.meta.url);

/** Each page, and the program that ours stands in for. */
const pages = { 'docs/differences.md': 'drachtio-server', 'docs/differences-media.md': 'FreeSWITCH' };

/** One entry of the page: its id, and what stands behind each of its words. */
function readEntry(text: string): { id: string; says: Map<string, string> } {
  const [id = '', ...lines] = text.split('\n');
  const says = new Map<string, string>();
  for (const line of lines.filter((candidate) => candidate.startsWith('- '))) {
    const colon = line.indexOf(': ');
    says.set(line.slice(2, colon), line.slice(colon + 2).trim());
  }
  return { id, says };
}

for (const [name, original] of Object.entries(pages)) {
  const page = readFileSync(new URL(name, root), 'utf8');
  const entries = page.split(/^## /m).slice(1).map(readEntry);

  t.test(`${name}: every difference is told in full`, async (t) => {
    t.ok(entries.length > 0);
    const ids = entries.map(({ id }) => id);
    t.same(ids, [...new Set(ids)], 'each once');
    for (const { id, says } of entries) {
      t.match(id, /^[a-z0-9]+(-[a-z0-9]+)*$/);
      t.same([...says.keys()], ['case', original, 'ours', 'because', 'shown by'], id);
      t.not(says.get(original), says.get('ours'), id);
    }
  });

  t.test(`${name}: every difference is shown by a test that is there`, async (t) => {
    for (const { id, says } of entries) {
      const [, file, title] = /^`([^`]+)`, "(.+)"$/.exec(says.get('shown by') ?? '') ?? [];
      t.ok(file && title, `${id} names a file and a test`);
      if (!file || !title) continue;
      const source = readFileSync(new URL(file, root), 'utf8');
      t.ok(source.includes(`t.test('${title}'`), `${id}: ${file} has "${title}"`);
    }
  });
}
