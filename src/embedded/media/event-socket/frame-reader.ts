/** A command: its line, its headers by lower-case name, and its body. */
export interface Command {
  readonly line: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** The longest block of a command, and its longest body: nobody means more. */
const mostBytes = 256 * 1024;

function readHead(head: string): { line: string; headers: Map<string, string> } {
  const [line = '', ...lines] = head.split('\n').map((text) => text.replace(/\r$/, ''));
  const headers = new Map<string, string>();
  for (const text of lines) {
    const colon = text.indexOf(':');
    if (colon > 0) headers.set(text.slice(0, colon).trim().toLowerCase(), text.slice(colon + 1).trim());
  }
  return { line: line.trim(), headers };
}

/** Cuts a stream into commands. `push` is false when the stream makes no sense any more. */
export function commandReader(deliver: (command: Command) => void): { push(piece: Buffer): boolean } {
  let unread: Buffer = Buffer.alloc(0);
  const readOne = (): boolean => {
    let start = 0;
    while (unread[start] === 0x0a || unread[start] === 0x0d) start += 1;
    const end = unread.indexOf('\n\n', start);
    if (end < 0) return false;
    const { line, headers } = readHead(unread.toString('utf8', start, end));
    const length = Number(headers.get('content-length') ?? 0);
    const bodyLength = Number.isInteger(length) && length >= 0 ? length : mostBytes + 1;
    if (bodyLength > mostBytes) throw new RangeError('a body that is too long');
    if (unread.length < end + 2 + bodyLength) return false;
    const body = unread.toString('utf8', end + 2, end + 2 + bodyLength);
    unread = unread.subarray(end + 2 + bodyLength);
    deliver({ line, headers, body });
    return true;
  };
  return {
    push: (piece) => {
      unread = unread.length === 0 ? piece : Buffer.concat([unread, piece]);
      try {
        while (readOne());
      } catch (problem) {
        if (problem instanceof RangeError) return false;
        throw problem;
      }
      return unread.length <= 2 * mostBytes;
    },
  };
}
