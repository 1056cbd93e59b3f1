/** What a server has shown of itself since it was connected to. */
export interface Trust {
  /** Its event sockets reach us: the last one has come. */
  readonly isReached: boolean;
  paired(isThere: boolean): void;
  /** It is left alone for a while. */
  readonly isResting: boolean;
  /** It did not make an endpoint in time. */
  wasLate(): void;
  /** The connection is new. */
  begin(): void;
}

/** How long a server is left alone, in milliseconds. */
const rest = 5_000;

/** Nothing is known yet. */
export const makeTrust = (): Trust => {
  let isReached = false;
  let restsUntil = 0;
  return {
    get isReached() {
      return isReached;
    },
    paired: (isThere) => {
      isReached = isThere;
    },
    get isResting() {
      return performance.now() < restsUntil;
    },
    wasLate: () => {
      restsUntil = performance.now() + rest;
    },
    begin: () => {
      isReached = false;
      restsUntil = 0;
    },
  };
};
