import { type Static, Type } from 'typebox';
import type { CallId, Extension } from '../../../domain/names.js';
import type { KnownSupervision } from '../../../flows/supervision-directory.js';
import type { Api, Routes } from '../api.js';
import { companyOf } from '../company.js';
import { closed } from '../schema.js';
import { AcceptedAct, orderAct, waitSecondsForm } from './act-order.js';
import { CallIdForm, ExtensionForm } from './forms.js';
import { IdempotencyHeaders, orderKey } from './idempotency.js';
import { phoneNamed } from './own-phones.js';
import { viewerOf } from './sight.js';
import { ModeForm, SupervisionJson, supervisionJson } from './supervision-json.js';
import { maySeeSupervision } from './supervision-sight.js';

const Query = closed({
  call: Type.Optional(CallIdForm),
  supervisor: Type.Optional(ExtensionForm),
  colleague: Type.Optional(ExtensionForm),
  mode: Type.Optional(ModeForm),
});

const Wanted = closed({
  colleague: ExtensionForm,
  mode: ModeForm,
  supervisor: Type.Optional(ExtensionForm),
  call: Type.Optional(CallIdForm),
  waitSeconds: waitSecondsForm,
});

const fits = (supervision: KnownSupervision, query: Static<typeof Query>): boolean =>
  (['call', 'supervisor', 'colleague', 'mode'] as const).every(
    (name) => query[name] === undefined || query[name] === supervision[name],
  );

/** Who takes part in calls of others, for whoever may know of it; and how to take part. */
export const addSupervisions = (app: Routes, api: Api): void => {
  app.get(
    '/supervisions',
    {
      schema: {
        summary: 'Who listens to, whispers into or has entered calls of others, as far as this token may know',
        querystring: Query,
        response: { 200: Type.Object({ supervisions: Type.Array(SupervisionJson), total: Type.Integer() }) },
      },
    },
    async (request) => {
      const tenant = companyOf(api, request);
      const viewer = viewerOf(tenant, request.token);
      const seen = (await api.supervisions.list(tenant.id)).filter(
        (each) => maySeeSupervision(viewer, each, each.of) && fits(each, request.query),
      );
      return { supervisions: seen.map((each) => supervisionJson(tenant, each)), total: seen.length };
    },
  );

  app.post(
    '/supervisions',
    {
      config: { right: 'pick-up' },
      schema: {
        summary: "Listen to a colleague's call, whisper to him, or enter it: the supervisor's phones are called",
        headers: IdempotencyHeaders,
        body: Wanted,
        response: { 202: AcceptedAct },
      },
    },
    async (request, reply) => {
      const tenant = companyOf(api, request);
      const { token, body } = request;
      const by = phoneNamed({ tenant, token }, 'supervisor', body.supervisor);
      const { colleague, mode: act, call, waitSeconds = 25 } = body;
      const key = orderKey(request, ['/v1/supervisions', by, colleague, act, call, waitSeconds]);
      const wanted = { tenant, act, by, extension: colleague as Extension };
      const { id } = await orderAct(api, { ...wanted, call: call as CallId | undefined, waitSeconds, key });
      const link = `/v1/supervisions/${encodeURIComponent(id)}`;
      return reply.code(202).header('location', link).send({ id, link });
    },
  );
};
