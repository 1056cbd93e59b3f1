/** How fast somebody may do something: so often at once, and then once in so many milliseconds. */
export interface PaceRule {
  readonly burst: number;
  readonly every: number;
}

/** Notes that somebody does something, and returns 0; or the milliseconds that he has to wait before he may, noting nothing. */
export type Pace = (who: string) => number;

/** So many people are remembered before those who have rested are forgotten. */
const many = 1_000;

/** Paces everybody by himself; `now` in milliseconds. */
export const makePace = ({ burst, every }: PaceRule, now: () => number): Pace => {
  /** When each of them will have rested: what was done before counts no more then. */
  const rested = new Map<string, number>();
  const forget = (at: number): void => {
    for (const [who, when] of rested) if (when <= at) rested.delete(who);
  };
  return (who) => {
    const at = now();
    if (rested.size >= many) forget(at);
    const next = Math.max(rested.get(who) ?? at, at) + every;
    const wait = next - at - burst * every;
    if (wait > 0) return wait;
    rested.set(who, next);
    return 0;
  };
};
