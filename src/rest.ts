import type { FastifyInstance } from 'fastify';
import { Registry } from 'prom-client';
import type { HttpLog, Ports } from './adapters/http/api.js';
import type { TokenMeter } from './adapters/http/authenticate.js';
import { dialects } from './adapters/http/dialects.js';
import type { Health } from './adapters/http/health.js';
import type { HttpMeter } from './adapters/http/observe.js';
import { makeHttpServer } from './adapters/http/server.js';
import { makeStreams } from './adapters/http/streams.js';
import type { HostPort } from './config.js';
import { version } from './version.js';

/** What the HTTP side is started with. */
export interface RestStart {
  readonly bind: HostPort;
  readonly registry: Registry;
  readonly health: Health;
  readonly ports: Ports;
  readonly meter: HttpMeter & TokenMeter;
  readonly log: HttpLog;
}

/** The HTTP side at work. */
export interface Rest {
  /** Where it listens: `http://127.0.0.1:8080`. */
  readonly origin: string;
  /** Ends the answers that go on, so that their clients turn to another instance; requests are answered still. */
  drain(): void;
  stop(): Promise<void>;
}

/** Opens health, metrics, the dialects and their pages. */
export const startRest = async ({ bind, ...deps }: RestStart): Promise<Rest> => {
  const streams = makeStreams();
  const app = makeHttpServer({ ...deps, dialects, version, streams });
  await app.listen({ host: bind.host, port: bind.port });
  return { origin: app.listeningOrigin, drain: () => streams.close(), stop: () => stop(app) };
};

/** Milliseconds that requests have to end by themselves. */
const patience = 1_000;

const stop = async (app: FastifyInstance): Promise<void> => {
  const late = setTimeout(() => app.server.closeAllConnections(), patience);
  await app.close();
  clearTimeout(late);
};

/** The OpenAPI document of all dialects, as `/openapi.json` answers it. */
export const describeRest = async (): Promise<object> => {
  const silent: HttpLog = { info: () => undefined, warn: () => undefined, error: () => undefined, child: () => silent };
  const app = makeHttpServer({
    registry: new Registry(),
    health: { checks: () => ({}) },
    // The routes are described and never called.
    ports: {} as Ports,
    meter: { httpAnswered: () => undefined, authFailed: () => undefined },
    log: silent,
    dialects,
    version,
  });
  await app.ready();
  return app.swagger();
};
