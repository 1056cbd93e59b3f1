import { SaxesParser, type SaxesTagNS } from 'saxes';

/** What a presence document says (RFC 3863, RFC 4480). */
export interface ShownPresence {
  readonly entity: string;
  readonly basic: string;
  readonly note: string;
  /** What the people do: `away`, `busy`; undefined if the document does not say. */
  readonly activity?: string;
}

const spaces = { pidf: 'urn:ietf:params:xml:ns:pidf', activity: 'urn:ietf:params:xml:ns:pidf:rpid' } as const;

/** Reads a presence document strictly; throws on what is no XML, or not of the presence package. */
export const readPresence = (xml: string): ShownPresence => {
  const parser = new SaxesParser({ xmlns: true });
  const [said, texts, open] = [new Map<string, string>(), new Map<string, string>(), [] as string[]];
  parser.on('opentag', (tag) => {
    const { local, uri, attributes } = tag as SaxesTagNS;
    if (open.length === 0 && (local !== 'presence' || uri !== spaces.pidf)) throw new Error(`a <${local}> of ${uri}`);
    if (open.length === 0) said.set('entity', attributes.entity?.value ?? '');
    if (open.at(-1) === `${spaces.activity} activities` && uri === spaces.activity) said.set('activity', local);
    open.push(`${uri} ${local}`);
  });
  parser.on('text', (text) => {
    const element = open.at(-1) ?? '';
    texts.set(element, (texts.get(element) ?? '') + text);
  });
  parser.on('closetag', () => void open.pop());
  parser.write(xml).close();
  const [entity, basic, note] = [
    said.get('entity'),
    texts.get(`${spaces.pidf} basic`),
    texts.get(`${spaces.pidf} note`),
  ];
  if (!entity || !basic || !note) throw new Error('entity, basic or note is missing');
  const activity = said.get('activity');
  return { entity, basic, note, ...(activity !== undefined && { activity }) };
};
