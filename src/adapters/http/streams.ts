/** The answers that go on until somebody ends them. */
export interface Streams {
  /** True from the moment that the service stops: no new ones are to begin. */
  readonly areClosed: boolean;
  /** Notes how to end one; returns what to call when it has ended by itself. */
  add(end: () => void): () => void;
  /** Ends all, now and for good. */
  close(): void;
}

/** Keeps the streams of one HTTP server. */
export const makeStreams = (): Streams => {
  const ends = new Set<() => void>();
  let areClosed = false;
  return {
    get areClosed() {
      return areClosed;
    },
    add: (end) => {
      ends.add(end);
      if (areClosed) end();
      return () => void ends.delete(end);
    },
    close: () => {
      areClosed = true;
      for (const end of [...ends]) end();
      ends.clear();
    },
  };
};
