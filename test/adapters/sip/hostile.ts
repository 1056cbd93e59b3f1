/** Texts that have hurt somebody's parser: line ends, quotes, zero bytes, emoji, half surrogates, markup, numbers. */
export const hostile: readonly string[] = [
  '',
  ' ',
  '\r\n',
  '\n',
  '\r',
  'Bob\r\nVia: SIP/2.0/UDP evil',
  'Bob\nX: y',
  'Bob\r X: y',
  '\u0000Bob',
  'Bob\u0007',
  'Bob\u007f',
  '\u001b[31mred',
  '"',
  '""',
  '\\',
  '\\"',
  '"; tag=1',
  'Bob" <sip:evil@x>',
  '<sip:evil@x>',
  '>,<',
  'a,b;c=d?e&f',
  '%0d%0a',
  '%',
  'Søren Ærø',
  '田中さん',
  'مرحبا',
  '👩‍👩‍👧‍👦',
  'Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘',
  '\u202etxt.exe',
  '\u2028line\u2029paragraph',
  '\ufeffbom',
  '\ud800',
  '__proto__',
  'constructor',
  'undefined',
  'NaN',
  '<script>alert(1)</script>',
  "'; DROP TABLE calls; --",
  '$\u007b7*7}',
  '../../etc/passwd',
  'x'.repeat(5_000),
];

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for.
const control = /[\u0000-\u001f\u007f]/;

/** True if a header with this value would be one header line and nothing else. */
export const isOneLine = (value: string): boolean => !control.test(value);

/** A text as a test report can show it: the report has a grammar of its own, which hostile texts break too. */
export const label = (text: string): string =>
  `text ${text.length} ${text.slice(0, 40).replace(/[^A-Za-z0-9 ;=:.-]/g, '_')}`;
