/** Whose change of the session is open on one leg: one at a time, whoever began it (RFC 3261 sections 14.1 and 14.2). */
export interface ChangeTurn {
  readonly taken: 'ours' | 'theirs' | undefined;
  take(whose: 'ours' | 'theirs'): void;
  giveBack(): void;
  /** Settles as soon as nobody's is open; who waited longest is told first, and must look again. */
  free(): Promise<void>;
}

/** Nobody's turn yet. */
export const changeTurn = (): ChangeTurn => {
  let taken: ChangeTurn['taken'];
  const waiting: (() => void)[] = [];
  return {
    get taken() {
      return taken;
    },
    take: (whose) => {
      taken = whose;
    },
    giveBack: () => {
      taken = undefined;
      waiting.shift()?.();
    },
    free: () => (taken ? new Promise<void>((free) => waiting.push(free)) : Promise.resolve()),
  };
};
