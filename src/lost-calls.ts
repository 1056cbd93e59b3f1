import type { Config } from './config.js';
import type { InstanceId } from './domain/names.js';
import type { LiveCalls } from './flows/live-calls.js';
import type { Offices } from './flows/offices.js';
import type { Log } from './flows/ports.js';
import type { Webhooks } from './flows/webhooks.js';
import { makeFindLostCalls } from './flows/witnesses/find-lost-calls.js';
import { tellEvent } from './flows/witnesses/tell-webhook.js';
import type { Store } from './store.js';
import { eventTelling } from './webhooks.js';

/** What looking for lost calls stands on. */
interface Ground {
  readonly config: Config;
  readonly offices: Offices;
  readonly live: LiveCalls;
  readonly store: Store;
  readonly webhooks: Webhooks;
  readonly log: Log;
}

/** Looks for the calls of instances that were killed; to be done now and then. */
export const lostCallsFinder = ({ config, offices, live, store, webhooks, log }: Ground): (() => Promise<void>) => {
  const telling = eventTelling({ offices, webhooks });
  return makeFindLostCalls({
    ...{ instances: store.instances, directory: store.directory, lost: store.lostCalls, log },
    companies: () => offices.current.tenants.keys(),
    self: config.instanceId as InstanceId,
    began: Date.now(),
    holds: (call) => live.get(call) !== undefined,
    tell: (call) => tellEvent(telling, call, { event: 'ended', result: 'lost' }),
  });
};
