// Exchanges in a row and exchanges at a rate, with what failed counted and not hidden.
import { setTimeout as pause } from 'node:timers/promises';

/** Samples by name, and the failures' texts. */
export const makeBook = () => {
  const samples = {};
  const failures = [];
  return {
    samples,
    failures,
    note: (result) => {
      for (const [name, value] of Object.entries(result)) {
        samples[name] ??= [];
        samples[name].push(value);
      }
    },
    missed: (error) => failures.push(error.message),
  };
};

/** Notes what an exchange came to. */
export const noted = async (book, exchange) => {
  try {
    book.note(await exchange);
  } catch (error) {
    book.missed(error);
  }
};

/**
 * Begins `count` exchanges, `rate` a second, whether the ones before are over or not, each with an entry of `pool` that
 * no other uses at the moment. Resolves when all are over.
 */
export const atRate = async ({ count, rate, pool, book, isOver = () => false }, exchange) => {
  const free = [...pool];
  const running = new Set();
  const began = performance.now();
  for (let index = 0; index < count && !isOver(); index += 1) {
    const early = began + (index * 1000) / rate - performance.now();
    if (early > 0) await pause(early);
    const who = free.shift();
    if (!who) {
      book.missed(new Error('the bench ran out of phones'));
      continue;
    }
    const one = noted(book, exchange(who)).then(() => {
      free.push(who);
      running.delete(one);
    });
    running.add(one);
  }
  await Promise.all(running);
};
