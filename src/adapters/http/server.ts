import Fastify, { type FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';

/** What one part of the service says of itself. */
export interface Health {
  /** What must be true for this instance to get new calls, by name. */
  readonly checks: () => Readonly<Record<string, boolean>>;
}

/** What the HTTP side needs. */
export interface HttpDeps {
  readonly registry: Registry;
  readonly health: Health;
}

/** The HTTP side: is it alive, may it get calls, and what has it counted. */
export const makeHttpServer = ({ registry, health }: HttpDeps): FastifyInstance => {
  const app = Fastify({ logger: false, bodyLimit: 64 * 1024, requestTimeout: 10_000 });

  // Alive means only that this process answers: an outage of Redis must not restart what carries calls.
  app.get('/livez', async () => ({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    const checks = health.checks();
    const ready = Object.values(checks).every(Boolean);
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ok' : 'not ready', checks });
  });
  app.get('/metrics', async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()));
  return app;
};
