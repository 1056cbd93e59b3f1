import { collectDefaultMetrics, Registry } from 'prom-client';
import { type Leniency, leniencies } from '../../domain/leniency.js';
import { pickupOutcomes } from '../../domain/outcome.js';
import type { ReplaceOutcome } from '../../domain/replace-refusal.js';
import type { CallResult, Meter, SupervisionAct } from '../../flows/ports.js';
import type { WatchMeter } from '../../flows/watch/watch-meter.js';
import { counter, gauge, histogram } from './instruments.js';
import { replaceMeter } from './replace-meter.js';
import { watchMeter } from './watch-meter.js';

/** What adapters count beside the flows. */
export interface AdapterMeter {
  sipRequest(method: string): void;
  rejected(reason: string): void;
  authFailed(reason: string): void;
  /** An INVITE with Replaces matched only by a leniency, which the company has switched on (`used`) or not. */
  lenientReplaces(how: Leniency, outcome: 'used' | 'refused'): void;
  drachtioUp(up: boolean): void;
  redisUp(up: boolean): void;
  draining(): void;
  /** A request of the HTTP side has its answer; `route` is its pattern, `none` where no route takes it. */
  httpAnswered(labels: { method: string; route: string; status: number }, seconds: number): void;
}

/** What is held at the moment; asked at each scrape. */
export interface Holding {
  /** Established legs. */
  readonly legs: number;
  /** INVITEs of ours without a final response. */
  readonly pending: number;
  /** Dialogs in drachtio-srf's own book, which must not outlive our legs. */
  readonly dialogs: number;
}

/** Everything that is counted, and the registry that shows it. */
export interface Metrics {
  readonly flows: Meter;
  readonly adapters: AdapterMeter;
  readonly watchers: WatchMeter;
  /** Counts wishes to change phones. */
  readonly replaced: (outcome: ReplaceOutcome) => void;
  readonly registry: Registry;
  /** Shows what the SIP side holds. */
  watch(holding: () => Holding): void;
}

const kinds = ['directed', 'group', 'replaces', 'preview', 'steal', 'api'] as const;
const supervisionActs: readonly SupervisionAct[] = ['steal', 'eavesdrop', 'whisper', 'barge'];
const results: readonly CallResult[] = ['answered', 'picked_up', 'cancelled', 'busy', 'timeout', 'rejected', 'error'];
const methods = new Set([
  'INVITE',
  'REGISTER',
  'OPTIONS',
  'SUBSCRIBE',
  'PUBLISH',
  'MESSAGE',
  'REFER',
  'INFO',
  'NOTIFY',
]);

/** All metrics of one instance (ecosystem.md 5). Known label values stand at zero from the first scrape. */
export const makeMetrics = (build: { version: string }): Metrics => {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  gauge(registry, { name: 'build_info', help: 'Always 1; what runs here', labels: ['version', 'node'] }).set(
    { version: build.version, node: process.version },
    1,
  );
  return {
    flows: flowMeter(registry),
    adapters: adapterMeter(registry),
    watchers: watchMeter(registry),
    replaced: replaceMeter(registry),
    registry,
    watch: (holding) => watch(registry, holding),
  };
};

const flowMeter = (registry: Registry): Meter => {
  const pickups = counter(registry, {
    name: 'pickups_total',
    help: 'Pickups by kind and outcome',
    labels: ['kind', 'outcome'],
  });
  const duration = histogram(registry, {
    name: 'pickup_duration_seconds',
    help: "From the picker's INVITE to its final response",
    labels: ['kind', 'outcome'],
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  });
  const ring = histogram(registry, {
    name: 'pickup_ring_seconds',
    help: 'How long a call had rung when it was picked up',
    labels: ['kind'],
    buckets: [1, 2, 4, 6, 10, 15, 20, 30, 45, 60, 120],
  });
  const claims = histogram(registry, {
    name: 'claim_duration_seconds',
    help: 'Time of the claim in Redis',
    labels: ['outcome'],
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5],
  });
  const calls = counter(registry, { name: 'calls_total', help: 'Calls by result', labels: ['result'] });
  const ringing = gauge(registry, { name: 'ringing_calls', help: 'Calls that ring, of this instance', labels: [] });
  const active = gauge(registry, { name: 'active_calls', help: 'Connected calls of this instance', labels: [] });
  const early = gauge(registry, { name: 'early_dialogs', help: 'Early dialogs of this instance', labels: [] });
  for (const kind of kinds) for (const outcome of pickupOutcomes) pickups.inc({ kind, outcome }, 0);
  for (const result of results) calls.inc({ result }, 0);

  return {
    ringing: (change) => ringing.inc(change),
    earlyDialog: (change) => early.inc(change),
    connected: (change) => active.inc(change),
    callEnded: (result) => calls.inc({ result }),
    claimed: (outcome, seconds) => claims.observe({ outcome }, seconds),
    pickupEnded: (kind, outcome, seconds) => {
      pickups.inc({ kind, outcome });
      duration.observe({ kind, outcome }, seconds);
    },
    pickedUpAfter: (kind, seconds) => ring.observe({ kind }, seconds),
    ...supervisionMeter(registry),
  };
};

const supervisionMeter = (registry: Registry): Pick<Meter, 'anchored' | 'listening' | 'supervised'> => {
  const supervised = counter(registry, {
    name: 'supervisions_total',
    help: 'Acts on answered calls by outcome',
    labels: ['act', 'outcome'],
  });
  const anchored = gauge(registry, { name: 'anchored_calls', help: 'Calls on a media server', labels: [] });
  const listeners = gauge(registry, { name: 'listeners', help: 'Who takes part in calls of others', labels: [] });
  for (const act of supervisionActs) for (const outcome of pickupOutcomes) supervised.inc({ act, outcome }, 0);
  return {
    anchored: (change) => anchored.inc(change),
    listening: (change) => listeners.inc(change),
    supervised: (act, outcome) => supervised.inc({ act, outcome }),
  };
};

const adapterMeter = (registry: Registry): AdapterMeter => {
  const requests = counter(registry, {
    name: 'sip_requests_total',
    help: 'SIP requests from outside a dialog',
    labels: ['method', 'direction'],
  });
  const rejected = counter(registry, {
    name: 'rejected_requests_total',
    help: 'Requests refused at the door',
    labels: ['reason'],
  });
  const failures = counter(registry, {
    name: 'auth_failures_total',
    help: 'Identities that were not believed',
    labels: ['reason'],
  });
  const drachtio = gauge(registry, { name: 'drachtio_up', help: '1 while connected to drachtio-server', labels: [] });
  const redis = gauge(registry, { name: 'redis_up', help: '1 while connected to Redis', labels: [] });
  const drains = gauge(registry, { name: 'draining', help: '1 while no new calls are taken', labels: [] });
  const http = histogram(registry, {
    name: 'http_request_duration_seconds',
    help: 'HTTP requests, from their headers to the end of their answers',
    labels: ['method', 'route', 'status_code'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
  });
  drachtio.set(0);
  redis.set(0);
  drains.set(0);
  requests.inc({ method: 'INVITE', direction: 'in' }, 0);
  return {
    sipRequest: (method) => requests.inc({ method: methods.has(method) ? method : 'other', direction: 'in' }),
    rejected: (reason) => rejected.inc({ reason }),
    authFailed: (reason) => failures.inc({ reason }),
    lenientReplaces: leniencyCounter(registry),
    drachtioUp: (up) => drachtio.set(up ? 1 : 0),
    redisUp: (up) => redis.set(up ? 1 : 0),
    draining: () => drains.set(1),
    httpAnswered: ({ method, route, status }, seconds) =>
      http.observe({ method, route, status_code: String(status) }, seconds),
  };
};

const leniencyCounter = (registry: Registry): AdapterMeter['lenientReplaces'] => {
  const lenient = counter(registry, {
    name: 'replaces_lenient_total',
    help: 'INVITEs with Replaces that match only by a leniency; refused where it is not switched on',
    labels: ['how', 'outcome'],
  });
  for (const how of leniencies) for (const outcome of ['used', 'refused']) lenient.inc({ how, outcome }, 0);
  return (how, outcome) => lenient.inc({ how, outcome });
};

const watch = (registry: Registry, holding: () => Holding): void => {
  const shown = [
    ['legs', 'Established legs of this instance', () => holding().legs],
    ['drachtio_pending_requests', 'INVITEs of ours without a final response', () => holding().pending],
    ['drachtio_dialogs', 'Dialogs that drachtio-srf knows', () => holding().dialogs],
  ] as const;
  for (const [name, help, read] of shown) gauge(registry, { name, help, labels: [], read });
};
