import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { OrderKey } from '../../../flows/orders.js';

/** The header by which a program has a repeated request done once. */
export const IdempotencyHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({ pattern: '^[\\x20-\\x7e]{1,200}$', description: 'at most 200 printable characters of ASCII' }),
  ),
});

const hashOf = (...parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex');

/**
 * The key of a request, as nobody else's: two programs may have the same idea of a key. `what` is all that the request
 * asks for; the same key with something else is another request. Undefined if the program gave no key.
 */
export const orderKey = (request: FastifyRequest, what: readonly unknown[]): OrderKey | undefined => {
  const given = request.headers['idempotency-key'];
  if (typeof given !== 'string') return undefined;
  return { name: hashOf(request.token.id, given), fingerprint: hashOf(what) };
};
