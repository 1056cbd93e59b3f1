/** Has the store asked about names, each as soon as it may be. */
export interface Asking<Name> {
  /** Asks about a name: once, however often it is wanted before it is asked; once more if it is wanted while it is. */
  want(name: Name): void;
  stop(): void;
}

/** How one name is asked about, and who hears that the store could not be asked. */
export interface Ask<Name> {
  readonly ask: (name: Name) => Promise<void>;
  /** Once, until an answer comes again. */
  readonly failed: (error: unknown) => void;
}

/** So many names are asked about at a time: pickups use the same connection. */
const together = 20;

/** How long the next try waits after a failure, in milliseconds. */
const pauses = { first: 100, longest: 2_000 };

/** Asks a few names at a time, until each has been answered. */
export const makeAsking = <Name>({ ask, failed }: Ask<Name>): Asking<Name> => {
  const wanted = new Set<Name>();
  const state = { isRunning: false, isStopped: false, pause: 0 };

  const askOne = async (name: Name): Promise<boolean> => {
    try {
      await ask(name);
      return true;
    } catch (error) {
      wanted.add(name);
      if (state.pause === 0) failed(error);
      state.pause ||= pauses.first;
      return false;
    }
  };
  const run = async (): Promise<void> => {
    await undefined; // Whoever wants several names wants them now.
    while (wanted.size > 0 && !state.isStopped) {
      const batch = [...wanted].slice(0, together);
      for (const name of batch) wanted.delete(name);
      const answered = await Promise.all(batch.map(askOne));
      if (answered.every((isAnswered) => isAnswered)) state.pause = 0;
      else {
        await new Promise((resolve) => setTimeout(resolve, state.pause).unref());
        state.pause = Math.min(2 * state.pause, pauses.longest);
      }
    }
    state.isRunning = false;
  };

  return {
    want: (name) => {
      wanted.add(name);
      if (state.isRunning || state.isStopped) return;
      state.isRunning = true;
      void run();
    },
    stop: () => {
      state.isStopped = true;
      wanted.clear();
    },
  };
};
