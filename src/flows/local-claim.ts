import type { ClaimToken } from '../domain/names.js';

/** The local half of the claim: which picker has come for the call, in the memory of the instance that holds it. */
export interface LocalClaim {
  readonly isHeld: boolean;
  /** True for one token at a time, and never again for one that was given back, however it comes here again. */
  take(token: ClaimToken): boolean;
  /** True if this token held the claim. */
  giveBack(token: ClaimToken): boolean;
  /** Settles as soon as somebody takes the claim or {@link wake} is called, at the latest after this time. */
  change(milliseconds: number): Promise<void>;
  /** There is nothing to wait for any more. */
  wake(): void;
}

/** A claim that nobody holds. */
export const localClaim = (): LocalClaim => {
  let holder: ClaimToken | undefined;
  let wake: () => void = () => undefined;
  const spent = new Set<ClaimToken>();

  return {
    get isHeld() {
      return holder !== undefined;
    },
    take: (token) => {
      if (holder || spent.has(token)) return false;
      holder = token;
      wake();
      return true;
    },
    giveBack: (token) => {
      if (holder !== token) return false;
      holder = undefined;
      spent.add(token);
      return true;
    },
    change: (milliseconds) =>
      new Promise((changed) => {
        const timer = setTimeout(changed, milliseconds);
        wake = () => {
          clearTimeout(timer);
          changed();
        };
      }),
    wake: () => wake(),
  };
};
