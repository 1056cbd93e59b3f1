/** Who may move the legs of which call: one at a time. */
export interface MoveRights<Call> {
  has(call: Call): boolean;
  /** The sole right, until it is given back by the result; undefined if it is taken. */
  take(call: Call): (() => void) | undefined;
  /** Settles as soon as nobody has it. */
  free(call: Call): Promise<void>;
}

/** Nobody's yet. */
export const moveRights = <Call>(): MoveRights<Call> => {
  const taken = new Map<Call, (() => void)[]>();
  return {
    has: (call) => taken.has(call),
    take: (call) => {
      if (taken.has(call)) return undefined;
      const waiting: (() => void)[] = [];
      taken.set(call, waiting);
      return () => {
        if (taken.get(call) !== waiting) return;
        taken.delete(call);
        for (const resolve of waiting) resolve();
      };
    },
    free: (call) => new Promise((resolve) => taken.get(call)?.push(resolve) ?? resolve()),
  };
};
