import type { TenantId } from './domain/names.js';
import type { LiveCalls } from './flows/live-calls.js';
import type { Offices } from './flows/offices.js';
import type { CallStore, Log } from './flows/ports.js';
import type { Messages } from './flows/texts/messages.js';
import { realClock } from './flows/watch/clock.js';
import type { Webhooks } from './flows/webhooks.js';
import { notifyWaiting } from './flows/witnesses/notify-waiting.js';
import { recordCalls } from './flows/witnesses/record-calls.js';
import { tellCallee } from './flows/witnesses/tell-callee.js';
import { tellWebhook } from './flows/witnesses/tell-webhook.js';
import type { Store } from './store.js';
import { eventTelling } from './webhooks.js';

/** What the witnesses of calls stand on. */
interface Ground {
  readonly offices: Offices;
  readonly live: LiveCalls;
  readonly store: Store;
  readonly messages: Messages;
  readonly webhooks: Webhooks;
  readonly log: Log;
}

/** The store of calls, and on the way to it everybody who is to hear of them: records, callees, colleagues, webhooks. */
export const witnessedCalls = ({ store, messages, live, webhooks, offices, log }: Ground): CallStore => {
  const witness = { tenant: (id: TenantId) => offices.current.tenants.get(id), messages, log };
  const posted = tellWebhook({ ...eventTelling({ offices, webhooks }), calls: store.calls });
  const waiting = notifyWaiting({ ...witness, calls: posted, live, clock: realClock, now: Date.now });
  return recordCalls({ ...witness, calls: tellCallee({ ...witness, calls: waiting }), now: Date.now });
};
