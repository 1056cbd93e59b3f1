import { type Static, Type } from 'typebox';
import type { Tenant } from '../../../domain/office.js';
import type { TokenGrant } from '../../../domain/token.js';
import type { OrderKey } from '../../../flows/orders.js';
import type { Ordered, OrderRecord } from '../../../flows/send-call.js';
import type { Api, Routes } from '../api.js';
import { companyOf } from '../company.js';
import { refuse, thrown } from '../problem.js';
import { closed, form } from '../schema.js';
import { partyOf } from './caller-id.js';
import { IdempotencyHeaders, once, orderKey } from './idempotency.js';
import { isOwnPhone, phoneNamed } from './own-phones.js';
import { type Asker, chooseCalls, demandOneName, PickupBody } from './pickup-choice.js';
import { type OrderRefusal, problemOfRefusal, sentenceOf } from './refusal-words.js';

const Accepted = Type.Object({ id: Type.String(), link: Type.String({ description: 'where its state can be asked' }) });

const PickupJson = Type.Object({
  id: Type.String(),
  call: Type.String(),
  target: Type.String(),
  sendTo: Type.String(),
  state: Type.Enum(['pending', 'ringing', 'answered', 'failed']),
  refusal: Type.Optional(Type.String()),
  reason: Type.Optional(Type.String()),
});

/** After these another call that rings may do as well. */
const nextMayDo: ReadonlySet<OrderRefusal> = new Set([
  'no-call',
  'lost-race',
  'caller-gone',
  'private-call',
  'own-call',
]);

/** Orders the first of the calls that can be had. */
const order = async (
  api: Api,
  asker: Asker,
  { body, key }: { body: Static<typeof PickupBody>; key: OrderKey | undefined },
): Promise<Ordered> => {
  const choice = await chooseCalls(api, asker, body);
  if (!choice.ok) return choice;
  const { tenant, picker } = asker;
  const { callerId, waitSeconds = 25 } = body;
  let ordered: Ordered = { ok: false, refusal: 'no-call' };
  for (const { id, target } of choice.calls) {
    ordered = await api.sendCall.order({
      ...{ tenant, call: id, target, sendTo: picker, waitSeconds },
      ...(callerId !== undefined && { shown: partyOf(tenant, callerId) }),
      ...(key && { key }),
    });
    if (ordered.ok || !nextMayDo.has(ordered.refusal)) return ordered;
  }
  return ordered;
};

const pickupJson = (record: OrderRecord): Static<typeof PickupJson> => ({
  ...{ id: record.id, call: record.call, target: record.target, sendTo: record.sendTo, state: record.state },
  ...(record.state === 'failed' && { refusal: record.refusal, reason: sentenceOf(record.refusal) }),
});

/** A PERSONAL token sees the pickups of its own user. */
const mayFollow = (tenant: Tenant, token: TokenGrant, { sendTo }: OrderRecord): boolean =>
  token.role !== 'PERSONAL' || isOwnPhone(tenant, token, sendTo);

/** Picks up: the picker's phones ring while the target rings on, and the first that answers has the call. */
export const addPickups = (app: Routes, api: Api): void => {
  app.post(
    '/pickup',
    {
      config: { right: 'pick-up' },
      schema: {
        summary: "Have a ringing call: the picker's phones are called while the target rings on",
        headers: IdempotencyHeaders,
        body: PickupBody,
        response: { 202: Accepted },
      },
    },
    async (request, reply) => {
      const tenant = companyOf(api, request);
      const { token, body } = request;
      demandOneName(body);
      const picker = phoneNamed({ tenant, token }, 'sendTo', body.sendTo);
      const { call, target, group, callerId, waitSeconds = 25 } = body;
      const key = orderKey(request, ['/v1/pickup', picker, call, target, group, callerId, waitSeconds]);
      const asker = { tenant, token, picker };
      const ordered = await once(api, { tenant, key }, () => order(api, asker, { body, key }));
      if (!ordered.ok) throw thrown(problemOfRefusal(ordered.refusal));
      const { id } = ordered.order;
      const link = `/v1/pickup/${encodeURIComponent(id)}`;
      return reply.code(202).header('location', link).send({ id, link });
    },
  );

  app.get(
    '/pickup/:id',
    {
      schema: {
        summary: 'How far a pickup has come; kept for ten minutes',
        params: closed({ id: form('^[A-Za-z0-9-]{1,64}$', 'the id that POST /v1/pickup has told') }),
        response: { 200: PickupJson },
      },
    },
    async (request) => {
      const tenant = companyOf(api, request);
      const record = await api.sendCall.find(tenant, request.params.id);
      if (!record || !mayFollow(tenant, request.token, record)) throw refuse(404, 'there is no such pickup');
      return pickupJson(record);
    },
  );
};
