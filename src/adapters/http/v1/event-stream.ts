import type { ServerResponse } from 'node:http';

/** How streams are kept. */
export interface StreamOptions {
  /** Milliseconds between comments that keep proxies from closing a quiet stream. */
  readonly heartbeatEvery: number;
  /** Bytes that may wait for a reader; who is slower is dropped, and may come back with Last-Event-ID. */
  readonly mostWaiting: number;
  /** Streams that one token may have open. */
  readonly mostStreams: number;
}

/** What streams are kept by unless something else is said. */
export const usualStreams: StreamOptions = { heartbeatEvery: 15_000, mostWaiting: 256 * 1024, mostStreams: 10 };

/** One reader of events. */
export interface EventStream {
  /** Writes one or more events; a reader who is too slow is dropped instead. */
  write(text: string): void;
  /** Resolves when little waits for the reader, or the stream is over; a reader who takes nothing for too long is dropped. */
  drained(): Promise<void>;
  /** Ends it in good order. Safe more than once. */
  end(): void;
}

/** What happens to a stream. */
export interface StreamListener {
  /** Time for a sign of life. */
  beat(): void;
  /** It is over, for whatever reason; called once. */
  ended(wasSlow: boolean): void;
}

/** Begins an answer that goes on (text/event-stream) on a response that has not begun. */
export const openStream = (
  raw: ServerResponse,
  headers: Readonly<Record<string, string | string[] | number | undefined>>,
  { heartbeatEvery, mostWaiting, ...listener }: Omit<StreamOptions, 'mostStreams'> & StreamListener,
): EventStream => {
  let wasSlow = false;
  const drop = (): void => {
    wasSlow = true;
    raw.destroy();
  };
  const write = (text: string): void => {
    if (raw.destroyed || raw.writableEnded) return;
    raw.write(text);
    if (raw.writableLength > mostWaiting) drop();
  };
  const drained = (): Promise<void> =>
    new Promise((resolve) => {
      if (!raw.writableNeedDrain || raw.destroyed) return resolve();
      const timer = setTimeout(drop, heartbeatEvery);
      const done = (): void => {
        clearTimeout(timer);
        raw.off('drain', done).off('close', done);
        resolve();
      };
      raw.once('drain', done).once('close', done);
    });
  const heart = setInterval(() => {
    write(': still here\n\n');
    listener.beat();
  }, heartbeatEvery);
  raw.once('close', () => {
    clearInterval(heart);
    listener.ended(wasSlow);
  });
  raw.writeHead(200, {
    ...headers,
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // Proxies must not hold events back.
    'x-accel-buffering': 'no',
  });
  // How long a reader waits before it comes back, in milliseconds.
  raw.write('retry: 2000\n\n');
  return { write, drained, end: () => void raw.end() };
};
