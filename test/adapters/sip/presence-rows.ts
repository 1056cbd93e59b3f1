import { SaxesParser, type SaxesTagNS } from 'saxes';
import t from 'tap';
import { presenceInfo } from '../../../src/adapters/sip/presence-info.js';
import { watchedDocument } from '../../../src/adapters/sip/watched-document.js';
import type { Presence } from '../../../src/domain/office.js';
import { acme, bob, tenant } from '../../domain/acme.js';
import { viewOf } from './dialog-info-views.js';

const bobIs = (presence: Presence) => {
  const entry = acme.extensions.get(bob);
  if (!entry) throw new Error('no Bob');
  return tenant('acme', { extensions: new Map([...acme.extensions, [bob, { ...entry, presence }]]) });
};

/** Every element as `{namespace}name`, with its attributes and its own text, in the order of the document. */
const read = (xml: string) => {
  const elements: { name: string; attributes: Record<string, string>; text: string }[] = [];
  const open: typeof elements = [];
  const parser = new SaxesParser({ xmlns: true });
  parser.on('opentag', (tag) => {
    const { local, uri, attributes } = tag as SaxesTagNS;
    const own = Object.values(attributes).filter(({ prefix, name }) => prefix !== 'xmlns' && name !== 'xmlns');
    const element = {
      name: `{${uri}}${local}`,
      attributes: Object.fromEntries(own.map(({ name, value }) => [name, value])),
      text: '',
    };
    elements.push(element);
    open.push(element);
  });
  parser.on('text', (text) => {
    const element = open.at(-1);
    if (element) element.text += text;
  });
  parser.on('closetag', () => void open.pop());
  parser.write(xml).close();
  return elements;
};

const pidf = (name: string) => `{urn:ietf:params:xml:ns:pidf}${name}`;
const rpid = (name: string) => `{urn:ietf:params:xml:ns:pidf:rpid}${name}`;

t.test('P4: the document of each presence (RFC 3863, RFC 4480)', async (t) => {
  const rows: [Presence, basic: string, note: string, activity?: string][] = [
    ['available', 'open', 'Available'],
    ['away', 'open', 'Away', 'away'],
    ['do-not-disturb', 'closed', 'Do Not Disturb', 'busy'],
  ];
  for (const [presence, basic, note, activity] of rows) {
    const [root, tuple, status, said, shown, person, ...activities] = read(
      presenceInfo({ tenant: bobIs(presence), extension: bob, entity: 'sip:101@acme.example' }),
    );
    t.match(root, { name: pidf('presence'), attributes: { entity: 'sip:101@acme.example' } });
    t.match([tuple, status], [{ name: pidf('tuple'), attributes: { id: String } }, { name: pidf('status') }]);
    t.match(
      [said, shown],
      [
        { name: pidf('basic'), text: basic },
        { name: pidf('note'), text: note },
      ],
    );
    t.same(
      activities.map(({ name }) => name),
      activity ? [rpid('activities'), rpid(activity)] : [],
    );
    t.equal(person?.name, activity && '{urn:ietf:params:xml:ns:pidf:data-model}person', presence);
  }
});

t.test('P5: what a phone writes in its address is only text in the document', async (t) => {
  const rows: [written: string, read: string][] = [
    ['sip:101@a"><x/>', 'sip:101@a"><x/>'],
    ['sip:101@a&nbsp;', 'sip:101@a&nbsp;'],
    ["sip:101'@a", "sip:101'@a"],
    ['sip:101@a\t\u0000\ud800', 'sip:101@a   '],
  ];
  for (const [entity, expected] of rows) {
    const [root, ...others] = read(presenceInfo({ tenant: acme, extension: bob, entity }));
    t.equal(root?.attributes.entity, expected);
    t.equal(others.length, 4);
  }
});

t.test('P3: each watcher gets the document of the package that it asked for', async (t) => {
  const presence = watchedDocument(viewOf([], { event: 'presence' }));
  t.match(presence(0), /<presence /);
  t.equal(presence(7), presence(0), 'a presence has no version');
  t.match(watchedDocument(viewOf([]))(7), /<dialog-info [^>]*version="7"/);
});
