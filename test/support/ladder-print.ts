import { Message } from './phone-message.js';
import type { Logged } from './phone-wire.js';

/** Who stands on a ladder, from left to right; one of them is what all the others talk to. */
export interface Lifeline {
  readonly name: string;
  /** Foreground colour of a terminal, 31 to 37. */
  readonly colour: number;
}

/** How a ladder is printed. */
export interface PrintOptions {
  readonly lifelines: readonly Lifeline[];
  /** The place of the one that all messages go through. */
  readonly middle: number;
  readonly isColoured: boolean;
  /** Takes each row as soon as it is there. */
  readonly print: (row: string) => void;
}

/** What is drawn into a row, by its column. */
type Cells = { glyph: string; colour: number | undefined }[];

// Four lifelines fit into a hundred columns, and the longest usual phrase (487 Request Terminated) onto an arrow.
const timeWidth = 8;
const spacing = 26;
const terminalWidth = 100;
const grey = 90;

const columnOf = (place: number): number => timeWidth + 4 + place * spacing;

const coloured = (text: string, colour: number | undefined, isColoured: boolean): string =>
  isColoured && colour !== undefined ? `\u001b[${colour}m${text}\u001b[0m` : text;

const joined = (cells: Cells, isColoured: boolean): string => {
  let row = '';
  for (let start = 0; start < cells.length; ) {
    const { colour } = cells[start] ?? { colour: undefined };
    let end = start;
    while (end < cells.length && cells[end]?.colour === colour) end += 1;
    const run = cells.slice(start, end).map(({ glyph }) => glyph);
    row += coloured(run.join(''), colour, isColoured);
    start = end;
  }
  return row.trimEnd();
};

/** What a message is called on its arrow. */
const labelOf = ({ status, reason, method, uri, body }: Message): string => {
  const what =
    status > 0 ? `${status} ${reason}` : method === 'INVITE' ? `INVITE ${uri.replace(/^sips?:|@.*/g, '')}` : method;
  return body.startsWith('v=0') ? `${what} (SDP)` : what;
};

const named = (label: string, room: number): string =>
  label.length + 2 <= room ? ` ${label} ` : ` ${label.replace(' (SDP)', '').slice(0, room - 2)} `;

/** Prints what phones say to one server, a row a message, with the time in milliseconds on the left. */
export class LadderPrinter {
  readonly #options: PrintOptions;
  readonly #seen = new Set<string>();
  #start: number | undefined;

  constructor(options: PrintOptions) {
    this.#options = options;
  }

  /** Prints the names, and counts the time from the first message after. */
  heads(): void {
    const { lifelines, print, isColoured } = this.#options;
    this.#start = undefined;
    const cells = this.#blank('');
    for (const [place, { name, colour }] of lifelines.entries()) {
      this.#write(cells, columnOf(place) - Math.floor(name.length / 2), name, colour);
    }
    print(joined(cells, isColoured));
    this.#row('ms', () => undefined);
  }

  /** Prints a message that the phone at this place sent or received; one that is only repeated says so. */
  message(place: number, { direction, text, at, lost }: Logged): void {
    this.#start ??= at;
    const message = new Message(text);
    if (message.method === 'REGISTER' || message.method === 'OPTIONS') return;
    const isAgain = this.#seen.has(`${place} ${direction} ${text}`);
    this.#seen.add(`${place} ${direction} ${text}`);
    const label = `${labelOf(message)}${lost ? ' (lost)' : isAgain ? ' (again)' : ''}`;
    const { middle, lifelines } = this.#options;
    const [from, to] = direction === 'out' ? [place, middle] : [middle, place];
    const colour = lifelines[place]?.colour;
    this.#row(((at - this.#start) / 1000).toFixed(1), (cells) => this.#arrow(cells, { from, to, label, colour }));
    for (const line of message.status === 0 ? message.lines('reason') : []) this.note(middle, line, colour);
  }

  /** Prints words beside a lifeline; long ones begin further left. */
  note(place: number, words: string, colour: number | undefined = grey): void {
    const start = Math.max(columnOf(0) + 2, Math.min(columnOf(place) + 2, terminalWidth - words.length));
    this.#row('', (cells) => this.#write(cells, start, words, colour));
  }

  /** Prints that two talk to each other, past the one in the middle. */
  talk(from: number, to: number, label: string): void {
    this.#row('', (cells) => this.#arrow(cells, { from, to, label, colour: 32, line: '┄', isBothWays: true }));
  }

  #blank(time: string): Cells {
    const width = columnOf(this.#options.lifelines.length - 1) + 10;
    const cells: Cells = Array.from({ length: width }, () => ({ glyph: ' ', colour: undefined }));
    this.#write(cells, timeWidth - time.length, time, grey);
    return cells;
  }

  #row(time: string, draw: (cells: Cells) => void): void {
    const { lifelines, print, isColoured } = this.#options;
    const cells = this.#blank(time);
    for (const place of lifelines.keys()) this.#write(cells, columnOf(place), '│', grey);
    draw(cells);
    print(joined(cells, isColoured));
  }

  #write(cells: Cells, column: number, text: string, colour: number | undefined): void {
    for (const [offset, glyph] of [...text].entries()) cells[column + offset] = { glyph, colour };
  }

  #arrow(
    cells: Cells,
    arrow: { from: number; to: number; label: string; colour: number | undefined; line?: string; isBothWays?: boolean },
  ): void {
    const { from, to, label, colour, line = '─', isBothWays = false } = arrow;
    const [left, right] = [columnOf(Math.min(from, to)), columnOf(Math.max(from, to))];
    const room = right - left - 1;
    this.#write(cells, left + 1, line.repeat(room), colour);
    // An arrow that passes somebody goes over the line of that one.
    for (const place of this.#options.lifelines.keys()) {
      const column = columnOf(place);
      if (column > left && column < right) this.#write(cells, column, line === '─' ? '┼' : '│', colour);
    }
    if (from > to || isBothWays) this.#write(cells, left + 1, '◀', colour);
    if (from < to || isBothWays) this.#write(cells, right - 1, '▶', colour);
    const words = named(label, Math.min(room, spacing - 1) - 1);
    const dash = Math.min(1, room - 1 - words.length);
    const start = from > to ? right - words.length - dash : left + 1 + dash;
    this.#write(cells, isBothWays ? left + Math.floor((room - words.length) / 2) : start, words, colour);
  }
}
