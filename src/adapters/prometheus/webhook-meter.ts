import type { Registry } from 'prom-client';
import { postOutcomes, type WebhookMeter } from '../../flows/webhooks/webhook-meter.js';
import { counter, gauge } from './instruments.js';

/** Counts what companies' webhooks are told. */
export const webhookMeter = (registry: Registry): WebhookMeter => {
  const posts = counter(registry, {
    name: 'webhook_posts_total',
    help: 'Events for webhooks: delivered, tried again, lost after all tries or at a stop, dropped from a full queue',
    labels: ['outcome'],
  });
  const queued = gauge(registry, { name: 'webhook_queued', help: 'Events on their way to webhooks', labels: [] });
  for (const outcome of postOutcomes) posts.inc({ outcome }, 0);
  return {
    posted: (outcome, events = 1) => posts.inc({ outcome }, events),
    queued: (change) => queued.inc(change),
  };
};
