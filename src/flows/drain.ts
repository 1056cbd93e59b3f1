import type { LiveCalls } from './live-calls.js';
import type { Log } from './ports.js';

/** What draining needs. */
export interface DrainDeps {
  readonly live: LiveCalls;
  readonly log: Log;
  readonly timeoutSeconds: number;
}

/** How often the operator hears how many calls are left, in milliseconds. */
const reportEvery = 5_000;

/** Lets the calls that are left end by themselves; when the time is up, ends them with a reason. */
export const drain = async ({ live, log, timeoutSeconds }: DrainDeps): Promise<void> => {
  log.info({ calls: live.size, timeoutSeconds }, 'draining');
  const report = setInterval(() => log.info({ calls: live.size }, 'still draining'), reportEvery);
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutSeconds * 1000);
  });
  await Promise.race([live.empty(), timeUp]);
  clearTimeout(timer);
  clearInterval(report);
  if (live.size > 0) {
    log.warn({ calls: live.size }, 'drain timeout, ending the calls that are left');
    await live.endAll({ kind: 'failure', text: 'Service Stops' });
  }
};
