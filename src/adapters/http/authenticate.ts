import type { FastifyInstance, FastifyRequest } from 'fastify';
import { mayDo, ownTenant, type Token } from '../../domain/token.js';
import type { Api } from './api.js';
import { refuse } from './problem.js';

/** Failures an address may have in a minute before it is told to wait. */
export const mostFailures = 10;

/** What is counted of tokens. */
export interface TokenMeter {
  authFailed(reason: string): void;
}

type Limit = ReturnType<FastifyInstance['createRateLimit']>;

/** Makes the one count of failures that all dialects share: who has guessed wrong in one has guessed wrong in all. */
export const countFailures = (): ((app: FastifyInstance) => Limit) => {
  let limit: Limit | undefined;
  return (app) => {
    limit ??= app.createRateLimit({ max: mostFailures, timeWindow: 60_000 });
    return limit;
  };
};

/** What {@link demandToken} stands on. */
export interface TokenDemand {
  readonly api: Pick<Api, 'tokens' | 'offices'>;
  readonly meter: TokenMeter;
  readonly limit: Limit;
}

/**
 * Lets in who shows a token that carries the route's right. Failures are limited for each address; a right token is
 * never hindered, so that nobody can lock out another behind the same proxy.
 */
export const demandToken = (app: FastifyInstance, { api, meter, limit }: TokenDemand): void => {
  app.decorateRequest('token', null as unknown as Token);
  app.decorateRequest('madeVersion', undefined);

  app.addHook('onRequest', async (request, reply) => {
    // What one token may see is not to be kept for another.
    reply.header('cache-control', 'private, no-cache');
    const token = await showed(request, api);
    if (token) {
      request.token = token;
      const right = request.routeOptions.config.right ?? 'read';
      if (!mayDo(token.role, right)) throw refuse(403, `a token of role ${token.role} may not do this`);
      return;
    }
    meter.authFailed('token');
    const failures = await limit(request);
    if (!failures.isAllowed && failures.isExceeded) {
      const headers = { 'retry-after': String(failures.ttlInSeconds) };
      throw refuse(429, 'too many wrong tokens from this address', { headers });
    }
    throw refuse(401, 'a token is needed: Authorization: Bearer cp_…', {
      headers: { 'www-authenticate': 'Bearer realm="callpickup"' },
    });
  });
};

const showed = async (request: FastifyRequest, { tokens, offices }: Pick<Api, 'tokens' | 'offices'>) => {
  const [, text] = /^Bearer +([\x21-\x7e]{1,256})$/i.exec(request.headers.authorization ?? '') ?? [];
  const token = text === undefined ? undefined : await tokens.find(text);
  // A token may outlive its company: then it stands for nothing.
  const isHomeless = token?.tenant !== undefined && !ownTenant(token, offices.current);
  return isHomeless ? undefined : token;
};
