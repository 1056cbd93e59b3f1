/** Whose change of the session is open on one leg: one at a time, whoever began it (RFC 3261 sections 14.1 and 14.2). */
export interface ChangeTurn {
  readonly taken: 'ours' | 'theirs' | undefined;
  take(whose: 'ours' | 'theirs'): void;
  giveBack(): void;
  /** Settles as soon as nobody's is open; who waited longest is told first, and must look again. */
  free(): Promise<void>;
  /** The phone has answered our change with an offer: what it must hear before the leg ends, at once if it is ending. */
  beforeEnd(say: () => void): void;
  /** The leg is about to be ended: says what must be said before. Settles when no change of ours waits for an answer. */
  ends(): Promise<void>;
}

/** Nobody's turn yet. */
export const changeTurn = (): ChangeTurn => {
  let taken: ChangeTurn['taken'];
  const waiting: (() => void)[] = [];
  let unsaid: (() => void) | undefined;
  let ending: Promise<void> | undefined;
  let goOn: () => void = () => undefined;
  const end = () =>
    new Promise<void>((settle) => {
      goOn = settle;
      unsaid?.();
      if (unsaid || taken !== 'ours') settle();
    });
  return {
    get taken() {
      return taken;
    },
    take: (whose) => {
      taken = whose;
    },
    giveBack: () => {
      taken = undefined;
      unsaid = undefined;
      goOn();
      waiting.shift()?.();
    },
    free: () => (taken ? new Promise<void>((free) => waiting.push(free)) : Promise.resolve()),
    beforeEnd: (say) => {
      unsaid = say;
      if (ending) say();
      goOn();
    },
    ends: () => {
      ending ??= end();
      return ending;
    },
  };
};
