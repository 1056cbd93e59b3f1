/** Time, as whoever has to wait asks for it; tests have one that does not wait. */
export interface Clock {
  /** Milliseconds since some moment: only differences mean anything. */
  now(): number;
  /** Acts once, so many milliseconds later; returns how to have it not act. */
  after(milliseconds: number, act: () => void): () => void;
}

/** The time of this machine, which no change of its date touches. Nobody stays alive for what is to come. */
export const realClock: Clock = {
  now: () => performance.now(),
  after: (milliseconds, act) => {
    const timer = setTimeout(act, milliseconds);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
