import { randomUUID } from 'node:crypto';
import { writeLetter } from './adapters/http/webhook/letter.js';
import { makePostLetter } from './adapters/http/webhook/post.js';
import type { Metrics } from './adapters/prometheus/meter.js';
import { webhookMeter } from './adapters/prometheus/webhook-meter.js';
import type { Config } from './config.js';
import type { Offices } from './flows/offices.js';
import type { Log } from './flows/ports.js';
import { realClock } from './flows/watch/clock.js';
import { makeWebhooks, type Webhooks } from './flows/webhooks.js';
import type { TellEventDeps } from './flows/witnesses/tell-webhook.js';
import { version } from './version.js';

/** What webhooks stand on. */
interface Ground {
  readonly config: Config;
  readonly offices: Offices;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** The way to the webhooks of companies. */
export const openWebhooks = ({ config, offices, metrics, log }: Ground): Webhooks =>
  makeWebhooks({
    post: makePostLetter({ networks: config.webhookNetworks, version, now: Date.now }),
    tenant: (id) => offices.current.tenants.get(id),
    ...{ clock: realClock, chance: Math.random, meter: webhookMeter(metrics.registry), log },
  });

/** How events of calls get on that way. */
export const eventTelling = ({
  offices,
  webhooks,
}: Pick<Ground, 'offices'> & { webhooks: Webhooks }): TellEventDeps => ({
  tenant: (id) => offices.current.tenants.get(id),
  ...{ webhooks, write: writeLetter, newId: randomUUID, now: Date.now },
});
