import { frameMs } from './frame.js';

/** How many ticks a late clock makes up for; those before are dropped, as nobody wants to hear what is older. */
const mostLate = 5;

const listeners = new Set<() => void>();
let next = 0;
let isRunning = false;

/** After the sockets have been read: what came while the process was busy belongs to the ticks that are made up for. */
const wait = (): void => {
  setTimeout(() => setImmediate(run), Math.max(0, next - performance.now())).unref();
};

const run = (): void => {
  const due = Math.floor((performance.now() - next) / frameMs) + 1;
  if (due > mostLate) next += (due - mostLate) * frameMs;
  for (; next <= performance.now(); next += frameMs) for (const tick of listeners) tick();
  isRunning = listeners.size > 0;
  if (isRunning) wait();
};

/**
 * Calls `tick` once in 20 ms, on a schedule that does not drift; a few late ticks are made up for at once. There is one
 * clock for all, so that those who hear each other go in step.
 * @returns how to stop it.
 */
export const everyFrame = (tick: () => void): (() => void) => {
  // Two who give the same function are two.
  const own = () => tick();
  listeners.add(own);
  if (!isRunning) {
    isRunning = true;
    next = performance.now() + frameMs;
    wait();
  }
  return () => void listeners.delete(own);
};
