import type { Clock } from './clock.js';
import type { Watchers } from './watchers.js';

/** How often the office is looked at, in milliseconds: what a change lets watchers see is shown within a second. */
const every = 300;

/** Lets all subscriptions look, again and again, whether their company has changed; returns how to stop. */
export const followOffice = (clock: Clock, watchers: Watchers): (() => void) => {
  let stop = () => {};
  const look = () => {
    for (const subscription of watchers) subscription.reconsider();
    stop = clock.after(every, look);
  };
  stop = clock.after(every, look);
  return () => stop();
};
