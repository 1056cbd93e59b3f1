import type { FastifyInstance } from 'fastify';
import type { HttpLog } from './api.js';

/** What is counted of requests. */
export interface HttpMeter {
  httpAnswered(labels: { method: string; route: string; status: number }, seconds: number): void;
}

const reads = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Counts every request; a write is one line of the log (who, what, which version), a read one for the debugger. */
export const observe = (app: FastifyInstance, log: HttpLog, meter: HttpMeter): void => {
  app.addHook('onResponse', async (request, reply) => {
    const { method, token } = request;
    const route = request.is404 ? 'none' : (request.routeOptions.url ?? 'none');
    meter.httpAnswered({ method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
    if (!token) return;
    const facts = {
      request: request.id,
      token: token.id,
      role: token.role,
      method,
      route,
      status: reply.statusCode,
      // What was refused may be anything; what was done has names of a known form.
      ...(reply.statusCode < 400 && { params: request.params }),
      ...(request.madeVersion !== undefined && { version: request.madeVersion }),
    };
    if (reads.has(method)) log.debug?.(facts, 'http read');
    else log.info(facts, 'http write');
  });
};
