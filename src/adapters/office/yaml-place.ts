import { type Document, isAlias, isMap, isPair, isScalar, isSeq, type LineCounter, type Node } from 'yaml';

type Ancestors = readonly unknown[];

/**
 * The line of a field, or of the nearest thing around it that is there. A field stands where its name stands: what it
 * holds may begin lines later.
 */
export const lineOf = (document: Document, lines: LineCounter, path: readonly string[]): number => {
  let node: unknown = document.contents;
  let line = 1;
  for (const part of path) {
    const step = stepInto(isAlias(node) ? node.resolve(document) : node, part);
    if (!step) break;
    if (step.begin !== undefined) line = lines.linePos(step.begin).line;
    node = step.value;
  }
  return line;
};

const stepInto = (node: unknown, part: string): { begin: number | undefined; value: unknown } | undefined => {
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => nameOf(key) === part);
    return pair && { begin: (pair.key as Node).range?.[0], value: pair.value };
  }
  if (!isSeq(node)) return undefined;
  const item = node.items[Number(part)] as Node | undefined;
  return item && { begin: item.range?.[0], value: item };
};

/** A key as text: an extension may be written without quotes and is a number to YAML then. */
const nameOf = (key: unknown): string => String(isScalar(key) ? key.value : key);

/** The path of a node that `visit` has come to, from the names and positions of what is around it. */
export const pathOf = (key: number | 'key' | 'value' | null, node: Node, ancestors: Ancestors): string[] => {
  const path: string[] = [];
  for (const [index, ancestor] of ancestors.entries()) {
    if (isPair(ancestor)) path.push(nameOf(ancestor.key));
    if (isSeq(ancestor)) path.push(String(ancestor.items.indexOf(ancestors[index + 1] ?? node)));
  }
  return key === 'key' ? path.slice(0, -1) : path;
};
