import { type IncomingMessage, request } from 'node:http';
import { Line, patience } from './phone-moment.js';

/** One event as it was heard. */
export interface HeardEvent {
  readonly id: string;
  readonly event: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into events of every shape
  readonly data: any;
}

/** Who listens to text/event-stream. */
export interface EventReader {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** Everything heard until now. */
  readonly heard: readonly HeardEvent[];
  /** The comments heard until now. */
  readonly comments: readonly string[];
  /** The next event, past or to come. */
  next(deadline?: number): Promise<HeardEvent>;
  /** The next comment, past or to come. */
  nextComment(deadline?: number): Promise<string>;
  /** Resolves when the other side has ended the stream, or the connection broke. */
  ended(deadline?: number): Promise<unknown>;
  close(): void;
}

/** Opens a stream of events; resolves when the answer has begun, whatever its status is. */
export const listensTo = (url: string, headers: Readonly<Record<string, string>> = {}): Promise<EventReader> =>
  new Promise((resolve, reject) => {
    const asked = request(url, { headers, agent: false }, (answer) => resolve(readerOf(answer, () => asked.destroy())));
    asked.once('error', reject);
    asked.end();
  });

const readerOf = (answer: IncomingMessage, close: () => void): EventReader => {
  const heard: HeardEvent[] = [];
  const comments: string[] = [];
  const [events, remarks, ends] = [new Line<HeardEvent>(), new Line<string>(), new Line<unknown>()];
  let rest = '';
  answer.setEncoding('utf8');
  answer.on('data', (text: string) => {
    const blocks = (rest + text).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const said = readBlock(block);
      if (typeof said === 'string') {
        comments.push(said);
        remarks.push(said);
      } else if (said) {
        heard.push(said);
        events.push(said);
      }
    }
  });
  answer.on('error', () => undefined);
  answer.once('close', () => ends.push('closed'));
  return {
    status: answer.statusCode ?? 0,
    headers: answer.headers,
    heard,
    comments,
    next: (deadline = patience) => events.next(() => `no event; before: ${JSON.stringify(heard)}`, deadline),
    nextComment: (deadline = patience) => remarks.next(() => 'no comment', deadline),
    ended: (deadline = patience) => ends.next(() => 'the stream goes on', deadline),
    close,
  };
};

const readBlock = (block: string): HeardEvent | string | undefined => {
  if (block.startsWith(':')) return block.slice(1).trim();
  const fields = new Map(block.split('\n').map((line) => line.split(/: (.*)/s) as [string, string]));
  const data = fields.get('data');
  if (data === undefined) return undefined;
  return { id: fields.get('id') ?? '', event: fields.get('event') ?? 'message', data: JSON.parse(data) };
};
