/** Lets tasks with the same key run one after the other, in the order in which they came. */
export type Turns = <T>(key: string, task: () => Promise<T>) => Promise<T>;

/** Makes turns; one task's failure is no other's. */
export const makeTurns = (): Turns => {
  const lasts = new Map<string, Promise<unknown>>();
  return (key, task) => {
    const turn = (lasts.get(key) ?? Promise.resolve()).then(task);
    const over = turn
      .catch(() => undefined)
      .then(() => {
        if (lasts.get(key) === over) lasts.delete(key);
      });
    lasts.set(key, over);
    return turn;
  };
};
