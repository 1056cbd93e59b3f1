import { Type } from 'typebox';
import type { CallId, Extension } from '../../../domain/names.js';
import type { Api, Routes } from '../api.js';
import { companyOf } from '../company.js';
import { refuse } from '../problem.js';
import { closed, form } from '../schema.js';
import { AcceptedAct, actIdForm, failureOf, mayFollowAct, orderAct, waitSecondsForm } from './act-order.js';
import { CallIdForm, ExtensionForm } from './forms.js';
import { IdempotencyHeaders, orderKey } from './idempotency.js';
import { phoneNamed } from './own-phones.js';

const StealBody = closed({
  extension: ExtensionForm,
  picker: Type.Optional(ExtensionForm),
  call: Type.Optional(CallIdForm),
  waitSeconds: waitSecondsForm,
});

const StealJson = Type.Object({
  id: Type.String(),
  call: Type.String(),
  extension: Type.String({ description: 'whose phone is to lose the call' }),
  picker: Type.String(),
  state: Type.Enum(['pending', 'ringing', 'answered', 'failed']),
  refusal: Type.Optional(Type.String()),
  reason: Type.Optional(Type.String()),
});

/** Takes over an answered call: the picker's phones are called, and the first that answers has it. */
export const addSteals = (app: Routes, api: Api): void => {
  app.post(
    '/steal',
    {
      config: { right: 'pick-up' },
      schema: {
        summary: "Take over an answered call: the picker's phones are called while the two talk on",
        headers: IdempotencyHeaders,
        body: StealBody,
        response: { 202: AcceptedAct },
      },
    },
    async (request, reply) => {
      const tenant = companyOf(api, request);
      const { token, body } = request;
      const by = phoneNamed({ tenant, token }, 'picker', body.picker);
      const { extension, call, waitSeconds = 25 } = body;
      const key = orderKey(request, ['/v1/steal', by, extension, call, waitSeconds]);
      const wanted = { tenant, act: 'steal', by, extension: extension as Extension } as const;
      const { id } = await orderAct(api, { ...wanted, call: call as CallId | undefined, waitSeconds, key });
      const link = `/v1/steal/${encodeURIComponent(id)}`;
      return reply.code(202).header('location', link).send({ id, link });
    },
  );

  app.get(
    '/steal/:id',
    {
      schema: {
        summary: 'How far a steal has come; kept for ten minutes',
        params: closed({ id: form(actIdForm, 'the id that POST /v1/steal has told') }),
        response: { 200: StealJson },
      },
    },
    async (request) => {
      const tenant = companyOf(api, request);
      const record = await api.acts.find(tenant, request.params.id);
      if (record?.act !== 'steal' || !mayFollowAct(tenant, request.token, record)) {
        throw refuse(404, 'there is no such steal');
      }
      const { id, call, target: extension, sendTo: picker, state } = record;
      return { id, call, extension, picker, state, ...failureOf(record) };
    },
  );
};
