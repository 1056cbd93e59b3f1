/** How long a phone waits for anything, in milliseconds, before the test hears that it did not happen. */
export const patience = 10_000;

/** Something that happens once, before or after someone waits for it. */
export class Moment<T> {
  #value: { readonly it: T } | undefined;
  #waiting: ((value: T) => void)[] = [];

  /** Whether it has happened. */
  get happened(): boolean {
    return this.#value !== undefined;
  }

  /** It happens now; a second time changes nothing. */
  happens(it: T): void {
    if (this.#value) return;
    this.#value = { it };
    for (const tell of this.#waiting.splice(0)) tell(it);
  }

  /** Resolves when it happens; rejects, naming what was waited for, when that takes too long. */
  async wait(what: () => string, deadline = patience): Promise<T> {
    if (this.#value) return this.#value.it;
    return await new Promise<T>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(what())), deadline);
      // Whoever still waits when all phones are closed waits for nothing.
      timer.unref();
      this.#waiting.push((it) => {
        clearTimeout(timer);
        resolve(it);
      });
    });
  }
}

/** Things that happen one after the other; each is taken once, in order. */
export class Line<T> {
  #ready: T[] = [];
  #waiting: Moment<T>[] = [];

  /** Whether someone is waiting. */
  get isAwaited(): boolean {
    return this.#waiting.length > 0;
  }

  /** One more. */
  push(it: T): void {
    const first = this.#waiting.shift();
    if (first) first.happens(it);
    else this.#ready.push(it);
  }

  /** The next one, now or when it comes. */
  async next(what: () => string, deadline = patience): Promise<T> {
    const [ready] = this.#ready.splice(0, 1);
    if (ready !== undefined) return ready;
    const moment = new Moment<T>();
    this.#waiting.push(moment);
    try {
      return await moment.wait(what, deadline);
    } catch (error) {
      this.#waiting = this.#waiting.filter((each) => each !== moment);
      throw error;
    }
  }
}

/** A promise that may be left alone: its failure is for those who await it, and no surprise for the process. */
export const unhurried = <T>(promise: Promise<T>): Promise<T> => {
  promise.catch(() => undefined);
  return promise;
};
