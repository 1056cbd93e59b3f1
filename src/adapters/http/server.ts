import { randomUUID } from 'node:crypto';
import rateLimit from '@fastify/rate-limit';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import { noteMethods } from './allowed-methods.js';
import type { Api, Dialect, HttpLog, Ports } from './api.js';
import { countFailures, demandToken, type TokenMeter } from './authenticate.js';
import { answerClientError } from './client-errors.js';
import { answerErrors, answerUnknown, beforeRouting, makeRefuser } from './errors.js';
import { guarded } from './guarded.js';
import { addHealth, type Health } from './health.js';
import { type HttpMeter, observe } from './observe.js';
import { describeRoutes, secureAnswers } from './openapi.js';
import { closed, validatorCompiler } from './schema.js';
import { makeStreams, type Streams } from './streams.js';

/** What the HTTP side needs. */
export interface HttpDeps {
  readonly registry: Registry;
  readonly health: Health;
  /** Without them there are health and metrics only. */
  readonly ports?: Ports;
  readonly dialects: readonly Dialect[];
  readonly meter: HttpMeter & TokenMeter;
  readonly log: HttpLog;
  readonly version: string;
  readonly streams?: Streams;
}

/** Bytes of a body: a call control document of 100 groups of 200 long numbers fits. */
const bodyLimit = 2 * 1024 * 1024;

/** How long a request may take to come, headers and body, in milliseconds; Node looks every two seconds whether one is late. */
const patience = { requestTimeout: 10_000, headersTimeout: 10_000, connectionsCheckingInterval: 2_000 };

/** The HTTP side: health, metrics, and the dialects with their pages. */
export const makeHttpServer = (deps: HttpDeps): FastifyInstance => {
  const { dialects, log, meter, ports, streams = makeStreams() } = deps;
  const refuse = makeRefuser(dialects);
  const app = Fastify({
    logger: false,
    bodyLimit,
    requestTimeout: patience.requestTimeout,
    http: patience,
    clientErrorHandler: answerClientError,
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: 2_000 },
    frameworkErrors: (error, request, reply) => void refuse(request, reply, beforeRouting(error)),
  });
  app.setValidatorCompiler(validatorCompiler);
  // Answers are what the handlers make of them: schemas of answers describe, they do not leave out.
  app.setSerializerCompiler(() => (answer) => JSON.stringify(answer));
  // Who sends JSON says so: a page of another site cannot without asking first.
  app.removeContentTypeParser('text/plain');

  const methods = noteMethods(app);
  answerErrors(app, log, refuse);
  answerUnknown(app, methods, refuse);
  observe(app, log, meter);
  secureAnswers(app);
  app.register(rateLimit, { global: false });
  describeRoutes(app, dialects, deps.version);
  app.register(async (part) => addHealth(part, deps));
  const api: Api | undefined = ports && { ...guarded(ports), log, streams };
  const failures = countFailures();
  if (api) for (const dialect of dialects) addDialect(app, { dialect, api, meter, failures });
  app.addHook('preClose', async () => streams.close());
  return app;
};

interface DialectDeps {
  readonly dialect: Dialect;
  readonly api: Api;
  readonly meter: TokenMeter;
  readonly failures: ReturnType<typeof countFailures>;
}

const addDialect = (app: FastifyInstance, { dialect, api, meter, failures }: DialectDeps): void => {
  app.register(
    async (part) => {
      demandToken(part, { api, meter, limit: failures(part) });
      part.addHook('onRoute', (route) => {
        const isRead = [route.method].flat().every((method) => method === 'GET' || method === 'HEAD');
        if (!isRead && route.config?.right === undefined) throw new Error(`${route.url} does not say its right`);
        const { schema = {} } = route;
        const { errorSchema, errorType = 'application/json' } = dialect;
        const refused = { description: 'Refused', content: { [errorType]: { schema: errorSchema } } };
        const responses = { '4xx': refused, ...(schema.response as object) };
        // A route that reads no query takes none: a misspelt option is told, not passed over.
        route.schema = { querystring: closed({}), tags: [dialect.name], ...schema, response: responses };
      });
      await part.register(dialect.routes(api));
    },
    { prefix: dialect.prefix },
  );
};
