import { create } from 'xmlbuilder2';

/** One element of a document, as the builder reads it. */
export interface XmlElement {
  readonly localName: string | null;
  readonly namespaceURI: string | null;
  readonly textContent: string | null;
}

/** Whether a document brings types or entities of its own: what these stand for may be without end, or elsewhere. */
export const definesTypes = (xml: string): boolean => /<!DOCTYPE|<!ENTITY/i.test(xml);

/** The elements in the order of the document; none if it is no whole XML, or defines types. Never throws. */
export const elementsIn = (xml: string): readonly XmlElement[] => {
  // The builder would read JSON and YAML too.
  if (!/^\s*</.test(xml) || definesTypes(xml) || !isWhole(xml)) return [];
  const elements: XmlElement[] = [];
  try {
    create(xml)
      .root()
      .each(({ node }) => void (node.nodeType === 1 && elements.push(node as unknown as XmlElement)), true, true);
  } catch {
    return [];
  }
  return elements;
};

/** What stands between `<` and `>` and is no tag. */
const unread = /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[[\s\S]*?\]\]>/g;

/** A tag: whether it closes, its name, and whether it is both. No `<` stands in it, so that no text is looked at twice. */
const tag = /<(\/?)([^\s/<>"'=]+)(?=[\s/>])(?:"[^"<]*"|'[^'<]*'|[^'"<>])*?(\/?)>/g;

/** A phone's document has a tenth of either; the builder is slow where there is much of them. */
const most = { tags: 400, depth: 20 };

/** Whether each element is closed, in order: the builder takes what begins well and never ends. */
const isWhole = (xml: string): boolean => {
  const text = xml.replace(unread, '');
  const tags = [...text.matchAll(tag)];
  if (tags.length > most.tags || text.replace(tag, '').includes('<')) return false;
  const open: (string | undefined)[] = [];
  for (const [, closes, name, isEmpty] of tags) {
    if (closes) {
      if (open.pop() !== name) return false;
    } else if (!isEmpty && open.push(name) > most.depth) return false;
  }
  return open.length === 0;
};
