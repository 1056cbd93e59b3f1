import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';

/** What one part of the service says of itself. */
export interface Health {
  /** What must be true for this instance to get new calls, by name. */
  readonly checks: () => Readonly<Record<string, boolean>>;
}

/** Is it alive, may it get calls, and what has it counted; without a token, for the platform that runs it. */
export const addHealth = (app: FastifyInstance, { registry, health }: { registry: Registry; health: Health }): void => {
  const hide = { schema: { hide: true } };
  // Alive means only that this process answers: an outage of Redis must not restart what carries calls.
  app.get('/livez', hide, async () => ({ status: 'ok' }));
  app.get('/readyz', hide, async (_request, reply) => {
    const checks = health.checks();
    const ready = Object.values(checks).every(Boolean);
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ok' : 'not ready', checks });
  });
  app.get('/metrics', hide, async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()));
};
