import { SaxesParser, type SaxesTagNS } from 'saxes';

/** An element as a strict parser reads it. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  /** What stands between its tags, its children's text left out. */
  readonly text: string;
}

type Open = { -readonly [Field in keyof Element]: Element[Field] } & { children: Element[] };

const namespace = 'urn:ietf:params:xml:ns:dialog-info';

/** Reads a document; throws if it is not well-formed, or not in the namespace of RFC 4235. */
export const readDocument = (xml: string): Element => {
  const parser = new SaxesParser({ xmlns: true });
  const top: Open = { name: '', attributes: {}, children: [], text: '' };
  const open = [top];
  parser.on('opentag', (tag) => {
    const { local, uri, attributes } = tag as SaxesTagNS;
    if (uri !== namespace) throw new Error(`<${local}> is of the namespace ${uri}`);
    const values = Object.values(attributes).map(({ name, value }) => [name, value]);
    const element: Open = { name: local, attributes: Object.fromEntries(values), children: [], text: '' };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  parser.on('text', (text) => {
    const element = open.at(-1);
    if (element) element.text += text;
  });
  parser.on('closetag', () => void open.pop());
  parser.write(xml).close();
  const [root] = top.children;
  if (!root) throw new Error('there is no element');
  return root;
};

/** The only child of this name; undefined if there is none. */
export const childOf = (element: Element | undefined, ...path: readonly string[]): Element | undefined =>
  path.reduce<Element | undefined>((parent, name) => {
    const found = (parent?.children ?? []).filter((child) => child.name === name);
    if (found.length > 1) throw new Error(`there are ${found.length} of <${name}>`);
    return found[0];
  }, element);

/** The dialogs of a document. */
export const dialogsOf = (root: Element): readonly Element[] => root.children.filter(({ name }) => name === 'dialog');
