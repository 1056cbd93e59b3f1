import type { ClaimToken } from '../domain/names.js';
import { waiters } from './waiters.js';

/** The local half of the claim: which picker has come for the call, in the memory of the instance that holds it. */
export interface LocalClaim {
  readonly isHeld: boolean;
  /** True for one token at a time, and never again for one that was given back, however it comes here again. */
  take(token: ClaimToken): boolean;
  /** True if this token held the claim. */
  giveBack(token: ClaimToken): boolean;
  /** Settles as soon as somebody takes the claim or {@link wake} is called, at the latest after this time. */
  change(milliseconds: number): Promise<void>;
  /** Settles as soon as nobody holds the claim, or {@link wake} is called. */
  free(): Promise<void>;
  /** There is nothing to wait for any more. */
  wake(): void;
}

/** A claim that nobody holds. */
export const localClaim = (): LocalClaim => {
  let holder: ClaimToken | undefined;
  let wake: () => void = () => undefined;
  const spent = new Set<ClaimToken>();
  const freed = waiters<'free'>();

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
      freed.settle('free');
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
    free: async () => (holder ? freed.wait('free') : undefined),
    wake: () => {
      wake();
      freed.settle('free');
    },
  };
};
