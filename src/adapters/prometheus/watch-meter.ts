import type { Registry } from 'prom-client';
import { notifyOutcomes, type WatchMeter } from '../../flows/watch/watch-meter.js';
import { counter, gauge, histogram } from './instruments.js';

/** Counts watchers and what they are told. */
export const watchMeter = (registry: Registry): WatchMeter => {
  const watchers = gauge(registry, { name: 'watchers', help: 'Subscriptions of this instance', labels: [] });
  const notifies = counter(registry, {
    name: 'notifies_total',
    help: 'NOTIFYs by outcome; dropped ended the subscription',
    labels: ['outcome'],
  });
  const delay = histogram(registry, {
    name: 'notify_delay_seconds',
    help: 'From a change, as this instance heard of it, to the NOTIFY that tells it',
    labels: [],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.25, 0.5, 1, 5],
  });
  for (const outcome of notifyOutcomes) notifies.inc({ outcome }, 0);
  return {
    watcher: (change) => watchers.inc(change),
    notified: (outcome) => notifies.inc({ outcome }),
    toldAfter: (seconds) => delay.observe(seconds),
  };
};
