import { Type } from 'typebox';
import type { Tenant } from '../../../domain/office.js';
import type { TokenGrant } from '../../../domain/token.js';
import type { ActRequest } from '../../../flows/act-by-program.js';
import type { OrderRecord } from '../../../flows/orders.js';
import type { Api } from '../api.js';
import { thrown } from '../problem.js';
import { once } from './idempotency.js';
import { isOwnPhone } from './own-phones.js';
import { codeOfRefusal, problemOfRefusal, sentenceOf } from './refusal-words.js';

/** Seconds that phones are called for an act. */
export const waitSecondsForm = Type.Optional(Type.Integer({ minimum: 1, maximum: 3600, default: 25 }));

/** What `POST` of an act answers: the phones are being called. */
export const AcceptedAct = Type.Object({
  id: Type.String(),
  link: Type.String({ description: 'where its state can be asked' }),
});

/** The id of an act, in a path. */
export const actIdForm = '^[A-Za-z0-9-]{1,64}$';

/** Has an act done once; throws why it is not. */
export const orderAct = async (api: Pick<Api, 'acts' | 'sendCall'>, request: ActRequest): Promise<OrderRecord> => {
  const { tenant, key } = request;
  const ordered = await once(api, { tenant, key }, () => api.acts.order(request));
  if (!ordered.ok) throw thrown(problemOfRefusal(ordered.refusal, 'act'));
  return ordered.order;
};

/** A PERSONAL token follows, and ends, what its own user's phones were called for. */
export const mayFollowAct = (tenant: Tenant, token: TokenGrant, { sendTo }: Pick<OrderRecord, 'sendTo'>): boolean =>
  token.role !== 'PERSONAL' || isOwnPhone(tenant, token, sendTo);

/** Why an order has failed, if it has. */
export const failureOf = (record: OrderRecord): { refusal?: string; reason?: string } =>
  record.state === 'failed'
    ? { refusal: codeOfRefusal(record.refusal), reason: sentenceOf(record.refusal, 'act') }
    : {};
