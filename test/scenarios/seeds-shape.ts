/**
 * What an answer is made of, without its values: the names of its fields in their order with the types of theirs, of a
 * list the different types of its items.
 */
export const shapeOf = (value: unknown): unknown => {
  if (value === null) return 'null';
  if (Array.isArray(value)) {
    const shapes = value.map((item) => JSON.stringify(shapeOf(item)));
    return { list: [...new Set(shapes)].map((shape) => JSON.parse(shape) as unknown) };
  }
  if (typeof value !== 'object') return typeof value;
  return Object.entries(value).map(([name, own]) => [name, shapeOf(own)]);
};
