import { readdirSync, readFileSync } from 'node:fs';
import t from 'tap';
import { parse, stringify } from 'yaml';
import { parseOffice } from '../../src/adapters/office/office-file.js';
import { leniencies } from '../../src/domain/leniency.js';
import { decodeDialled, defaultServiceCodes, readDialled, type ServiceCodes } from '../../src/domain/service-code.js';
import { knownWatchers, profileOf, usualProfile } from '../../src/domain/watcher-profile.js';
import { keys } from '../scenarios/dialects-keys.js';
import { readers, type Setting } from './phone-settings.js';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');

/** The company that the snippets are for. */
interface Company {
  readonly domains: readonly string[];
  readonly codes?: ServiceCodes;
  readonly extensions: Readonly<Record<string, { readonly name: string }>>;
}
const { acme } = (parse(read('config/office.example.yaml')) as { tenants: { acme: Company } }).tenants;
const codes = { ...defaultServiceCodes, ...acme.codes };

const folder = 'sip-config/phones/';
const files = readdirSync(new URL(folder, root)).filter((file) => file !== 'README.md');
const snippets = new Map<string, readonly Setting[]>();
const guide = read('docs/phones.md');
const list = read(`${folder}README.md`);

t.test('phones: every snippet is what it says it is', async (t) => {
  t.same(files.sort(), Object.keys(readers).sort());
  for (const file of files) {
    const settings = readers[file]?.(read(folder + file)) ?? [];
    t.ok(settings.length > 2, file);
    snippets.set(file, settings);
    t.match(guide, `\`${folder}${file}\``, 'the guide has it');
    t.match(list, `| \`${file}\` |`, 'and so has the list beside it');
    t.match(read(folder + file).slice(0, 400), /\bread\b|\breads\b|what to set in/, 'it says in its head who reads it');
  }
});

t.test('phones: a broken snippet is noticed', async (t) => {
  t.throws(() => readers['snom.xml']?.('<settings><a>1</b></settings>'));
  t.throws(() => readers['yealink.cfg']?.('linekey.1.type 16'), /no setting/);
  t.throws(() => readers['mitel.cfg']?.('prgkey1 type = blf'), /no setting/);
  t.throws(() => readers.linphonerc?.('reg_proxy=<sip:x>'), /no setting/);
  t.throws(() => readers['baresip-accounts']?.('sip:104@acme.example'), /no account/);
});

t.test('phones: a snippet sets nothing that the guide does not name', async (t) => {
  for (const [file, settings] of snippets) {
    const unnamed = settings.map(({ name }) => name).filter((name) => !guide.includes(`\`${name}\``));
    t.same([...new Set(unnamed)], [], file);
  }
});

/** What stands in the values, by the file that has it. */
const inValues = (which: RegExp): { file: string; text: string }[] =>
  [...snippets].flatMap(([file, settings]) =>
    settings.flatMap(({ value }) => (value.match(which) ?? []).map((text) => ({ file, text }))),
  );

t.test('phones: the codes are those of the example office', async (t) => {
  const found = inValues(/^[*#]+\d*$/g);
  t.ok(found.length >= 10);
  for (const { file, text } of found) {
    t.same(readDialled(text, codes), { kind: 'service', service: 'pickup', rest: '' }, `${file}: ${text} alone`);
    t.same(readDialled(`${text}101`, codes), { kind: 'service', service: 'pickup', rest: '101' }, `${file}: and 101`);
  }
  const dialled = inValues(/(?<=^|\||\/ba)\*[*\d]+$/g).filter(({ file }) => /^(snom|fanvil|grandstream)/.test(file));
  const asked = dialled.map(({ file, text }) => [file, text, readDialled(decodeDialled(text) ?? '', codes).kind]);
  t.same(asked.sort(), [
    ['fanvil.xml', '*95101', 'service'],
    ['grandstream.xml', '**', 'service'],
    ['snom.xml', '*95', 'service'],
  ]);
});

t.test('phones: people and places are those of the example office', async (t) => {
  for (const file of files) {
    const own = (which: RegExp) => inValues(which).filter((found) => found.file === file);
    const numbers = own(/\b1\d\d\b/g);
    t.ok(numbers.length >= 2 && numbers.every(({ text }) => acme.extensions[text]), `${file}: extensions`);
    const hosts = new Set(own(/[a-z0-9.-]+\.[a-z]+(?=[:;>"@]|$)/g).map(({ text }) => text));
    const places = [...acme.domains, 'edge.acme.example'];
    t.ok(hosts.size > 0 && [...hosts].every((host) => places.includes(host)), `${file}: ${[...hosts].join(', ')}`);
  }
  const names = new Set(Object.values(acme.extensions).map(({ name }) => name));
  const people = inValues(/\b[A-Z][a-z]+ [A-Z][a-z]+\b/g).filter(({ text }) => !text.startsWith('Busy Lamp'));
  t.ok(people.length >= 9);
  for (const { file, text } of people) t.ok(names.has(text), `${file}: ${text}`);
});

t.test('phones: nothing secret is in them', async (t) => {
  const secret = [...snippets].flatMap(([file, settings]) =>
    settings.filter(({ name }) => /pass|secret|pwd|pswd/i.test(name)).map(({ name }) => `${file}: ${name}`),
  );
  t.same(secret, []);
});

/** Whether a digit map sends this at once: one of its ways is just this and neither waits nor goes on (protocol.md F4). */
const sendsAtOnce = (map: string, dialled: string): boolean =>
  map
    .replace(/^\(|\)$/g, '')
    .split('|')
    .filter((way) => !/(T|S\d|\.)$/.test(way))
    .some((way) => new RegExp(`^${way.replaceAll('*', '\\*').replaceAll('x', '\\d')}$`).test(dialled));

t.test('phones: F4: the digit maps wait after *95 and send *95101 at once', async (t) => {
  const maps = inValues(/^\(?\*95xxx\|.*$/g);
  t.same(maps.map(({ file }) => file).sort(), ['cisco-spa.xml', 'obihai.txt', 'polycom.cfg']);
  for (const { file, text } of maps) {
    t.notOk(sendsAtOnce(text, '*95'), `${file}: *95 may go on`);
    t.ok(sendsAtOnce(text, '*95101'), `${file}: *95101 cannot`);
    t.notOk(sendsAtOnce(text, '*9510'), file);
  }
});

/** The first cells of a table's rows that hold a name like code, with what stands in the second. */
const rowsOf = (heading: string, first: string): [string, string][] => {
  const [, section = ''] = guide.split(`\n## ${heading}\n`);
  const [, table = ''] = section.split(`\n| ${first} |`);
  const [rows = ''] = table.split('\n\n');
  return [...rows.matchAll(/^\| `([^`]+)` \| ([^|]+) \|/gm)].map(([, name = '', second = '']) => [name, second]);
};

t.test('phones: what the guide says an administrator may write is taken', async (t) => {
  const examples = [...guide.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => text);
  t.equal(examples.length, 3);
  for (const text of examples) {
    const written = parse(text) as { tenants: { acme: object } };
    const tenant = { ...written.tenants.acme, domains: ['acme.example'], extensions: acme.extensions };
    t.match(parseOffice(stringify({ tenants: { acme: tenant } }), 'example'), { ok: true }, text);
  }
});

t.test('phones: the guide names every leniency and every field of a profile, with what is usual', async (t) => {
  const named = rowsOf('Leniencies', 'leniency').map(([name]) => name);
  t.same(named.sort(), [...leniencies].sort());
  const fields = rowsOf('How dialogs are shown', 'field');
  t.same(Object.fromEntries(fields), Object.fromEntries(Object.entries(usualProfile).map(([k, v]) => [k, String(v)])));
  const oneDialog = knownWatchers.filter(({ profile }) => profile.oneDialog).map(({ userAgent }) => userAgent);
  t.ok(oneDialog.length > 0);
  for (const part of oneDialog) t.match(guide, `\`${part}\``, 'who is shown one dialog');
});

t.test('phones: what the guide calls tested is tested, and the other way round', async (t) => {
  const claimed = [...guide.matchAll(/`dialect: (\w+)`/g)].map(([, make]) => make);
  t.same([...new Set(claimed)].sort(), [...new Set(keys.map(({ make }) => make))].sort());
  for (const { make, phone } of keys) {
    const single = profileOf(knownWatchers, phone).oneDialog;
    t.equal(single, /SPA/.test(phone), `${make}, ${phone}: one dialog only for the SPA family`);
  }
});
