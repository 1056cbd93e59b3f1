/** One cell of a table with the names of its row and column. */
export interface Cell {
  readonly row: string;
  readonly column: string;
  readonly expected: string;
}

/** Reads a table; throws if a row has more or fewer cells than the header. */
export const cellsOf = (table: string): Cell[] => {
  const [header, ...lines] = table.split('\n').filter((line) => line.trim() !== '');
  const split = (line = '') => line.split('|').map((cell) => cell.trim());
  const [, ...columns] = split(header);
  return lines.flatMap((line) => {
    const [row = '', ...cells] = split(line);
    if (cells.length !== columns.length) throw new Error(`"${row}" has ${cells.length} cells, not ${columns.length}`);
    return cells.map((expected, index) => ({ row, column: columns[index] ?? '', expected }));
  });
};
