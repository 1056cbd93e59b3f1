import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Tenant } from '../../../domain/office.js';
import type { OrderKey } from '../../../flows/orders.js';
import type { Ordered } from '../../../flows/send-call.js';
import type { Api } from '../api.js';

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

/** A pickup that is to be done once, if its program gave a key. */
interface Once {
  readonly tenant: Tenant;
  readonly key: OrderKey | undefined;
}

/**
 * What was ordered under the key before, else the order. Where the order fails it is asked once more: the same request
 * may have been done meanwhile, and the call be gone for that very reason. Rejects as `order` does.
 */
export const once = async (
  { sendCall }: Pick<Api, 'sendCall'>,
  { tenant, key }: Once,
  order: () => Promise<Ordered>,
): Promise<Ordered> => {
  const before = async () => key && sendCall.repeated(tenant, key);
  const known = await before();
  if (known) return known;
  try {
    const ordered = await order();
    return ordered.ok ? ordered : ((await before()) ?? ordered);
  } catch (error) {
    const meanwhile = await before();
    if (meanwhile) return meanwhile;
    throw error;
  }
};
