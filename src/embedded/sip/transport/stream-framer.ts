import { declaredLength, parse } from '../message/parse.js';
import { ByteQueue } from './byte-queue.js';

/** Beyond this a header block is no longer collected: there is no telling where the next message begins. */
const headLimit = 128 * 1024;
const bodyLimit = 512 * 1024;

/** What comes out of a stream of bytes. */
export interface FramerEvents {
  /** One whole message. */
  message(text: string): void;
  /** A double CRLF (RFC 5626 section 4.4.1), to be answered with a single one. */
  keepAlive(): void;
  /** The bytes cannot be told apart any more; `text` is what there is of the message. */
  lost(text: string): void;
}

/** Cuts a TCP stream into messages by Content-Length (RFC 3261 section 18.3), wherever the segments are cut. */
export interface StreamFramer {
  push(piece: Buffer): void;
  /** True while a message has begun and not ended. */
  readonly waiting: boolean;
}

/** A framer for one connection. */
export function streamFramer(events: FramerEvents): StreamFramer {
  const queue = new ByteQueue();
  let searched = 0;
  let dead = false;

  const lose = (): boolean => {
    dead = true;
    events.lost(queue.take(queue.length));
    return false;
  };

  const skipLineEnds = (): void => {
    for (;;) {
      const start = queue.peek(4);
      if (start === '\r\n\r\n') events.keepAlive();
      else if (!start.startsWith('\r\n') || start.length < 4) return;
      queue.take(start === '\r\n\r\n' ? 4 : 2);
    }
  };

  /** Takes one message off the front, if it is all there. */
  const next = (): boolean => {
    skipLineEnds();
    const head = queue.indexOf('\r\n\r\n', Math.max(0, searched - 3));
    searched = queue.length;
    if (head < 0) return queue.length > headLimit ? lose() : false;
    const length = declaredLength(parse(queue.peek(head)).headers) ?? 0;
    if (length < 0 || length > bodyLimit || head > headLimit) return lose();
    if (queue.length < head + 4 + length) {
      searched = head;
      return false;
    }
    searched = 0;
    events.message(queue.take(head + 4 + length));
    return true;
  };

  return {
    push: (piece) => {
      if (dead) return;
      queue.append(piece);
      while (next());
    },
    get waiting() {
      return queue.length > 0 && !/^(\r\n?)?$/.test(queue.peek(3));
    },
  };
}
