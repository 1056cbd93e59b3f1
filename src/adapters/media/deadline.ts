/**
 * The result of a promise of fsmrf's, or undefined if it fails or does not settle in time: most of them wait for ever when
 * the media server is lost. Never rejects.
 */
export const settled = <T>(milliseconds: number, promise: Promise<T>): Promise<T | undefined> =>
  new Promise((resolve) => {
    // What has come in while this process was busy is heard first.
    const timer = setTimeout(() => setImmediate(() => resolve(undefined)), milliseconds);
    const settle = (result: T | undefined) => {
      clearTimeout(timer);
      resolve(result);
    };
    promise.then(settle, () => settle(undefined));
  });

/** A promise, and how to settle it. */
export interface Deferred<T> {
  readonly promise: Promise<T>;
  settle(result: T): void;
}

/** A promise that is settled from outside, by whoever does so first. */
export const deferred = <T>(): Deferred<T> => {
  let settle: (result: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => {
    settle = resolve;
  });
  return { promise, settle };
};
