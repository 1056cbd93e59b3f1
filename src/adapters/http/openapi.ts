import helmet from '@fastify/helmet';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import type { Dialect } from './api.js';

/** Nothing from elsewhere, nothing inline but the styles that the pages set by script. */
const pagesPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Headers that keep a browser from doing more with an answer than showing it. */
export const secureAnswers = (app: FastifyInstance): void => {
  app.register(helmet, {
    // Whether there is TLS, and for which hosts, is for the proxy to say that ends it.
    strictTransportSecurity: false,
    xFrameOptions: { action: 'deny' },
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"], baseUri: ["'none'"], formAction: ["'none'"] },
    },
  });
};

/** Describes every route that is added after it; `/openapi.json` for programs, `/docs` for people. */
export const describeRoutes = (app: FastifyInstance, dialects: readonly Dialect[], version: string): void => {
  app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'callpickup',
        version,
        license: { name: 'MIT', identifier: 'MIT' },
        description:
          'Four systems in which calls are picked up, each in its own words, over one office and one policy.',
      },
      tags: dialects.map(({ name, description }) => ({ name, description })),
      security: [{ token: [] }],
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer', description: 'cp_<id>_<secret>, made by `npm run token`' },
        },
      },
    },
  });
  app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: pagesPolicy,
    uiConfig: { validatorUrl: null, persistAuthorization: false },
  });
  app.register(async (part) => {
    part.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
  });
};
