// Fills in docs/conformance.md: which tests carry the number of each requirement. With --check it only says whether the
// table is true.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const file = `${root}docs/conformance.md`;

/** The names of all tests that begin with numbers, by number: `R10`, or `R14, R24: …` for several. */
const testsByNumber = () => {
  const found = new Map();
  const files = readdirSync(`${root}test`, { recursive: true }).filter((name) => name.endsWith('.ts'));
  for (const name of files.sort()) {
    const text = readFileSync(`${root}test/${name}`, 'utf8');
    for (const [, numbers] of text.matchAll(/test\(\s*['"`](?:dialect: )?((?:[RDSJPMW]\d+(?:, )?)+):/g)) {
      for (const number of numbers.split(', ')) found.set(number, (found.get(number) ?? new Set()).add(name));
    }
  }
  return found;
};

const found = testsByNumber();
const text = readFileSync(file, 'utf8');
const filled = text.replace(/^\| ([RDSJPMW]\d+) \| (.*?) \| ?(.*)\|$/gm, (_row, number, what, said) => {
  const tests = [...(found.get(number) ?? [])].map((name) => `\`${name.replace(/(\.test)?\.ts$/, '')}\``);
  return `| ${number} | ${what} | ${tests.length > 0 ? tests.join(', ') : said.trim()} |`;
});
const empty = [...filled.matchAll(/^\| ([RDSJPMW]\d+) \| .*? \| +\|$/gm)].map(([, number]) => number);

if (empty.length > 0) console.error(`no test says that it shows ${empty.join(', ')}`);
if (process.argv.includes('--check')) {
  if (filled !== text) console.error('docs/conformance.md is not what node scripts/conformance.mjs writes');
  process.exitCode = empty.length > 0 || filled !== text ? 1 : 0;
} else {
  writeFileSync(file, filled);
}
