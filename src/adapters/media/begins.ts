import type { Channel } from './channel.js';
import { deferred, settled } from './deadline.js';

/** How long the server may take to begin what it has said that it will, in milliseconds. */
const patience = 500;

/**
 * Listens from now on for the begin of an application: the server says yes to a command some 20 to 60 ms before it does
 * it. The result is to be called once, with whether it has said yes; it settles when the application has begun, or has
 * had its time.
 */
export const beginOf = (channel: Channel, application: string): ((hasSaidYes: boolean) => Promise<void>) => {
  const begun = deferred<void>();
  const forget = channel.onExecuting((event) => {
    if (event.getHeader('Application') === application) begun.settle();
  });
  return async (hasSaidYes) => {
    if (hasSaidYes) await settled(patience, Promise.race([begun.promise, channel.closed]));
    forget();
  };
};
