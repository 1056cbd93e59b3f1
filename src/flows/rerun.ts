/** Runs a task by its key; asked again while it runs, it runs once more afterwards, however often it was asked. */
export type Rerun = (key: string, task: () => Promise<void>) => Promise<void>;

/** Makes a rerun; rejects with the first failure, to who asked first. */
export const makeRerun = (): Rerun => {
  const isWanted = new Map<string, boolean>();
  return async (key, task) => {
    if (isWanted.has(key)) return void isWanted.set(key, true);
    try {
      do {
        isWanted.set(key, false);
        await task();
      } while (isWanted.get(key));
    } finally {
      isWanted.delete(key);
    }
  };
};
