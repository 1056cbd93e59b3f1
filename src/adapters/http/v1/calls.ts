import { type Static, Type } from 'typebox';
import { callStates } from '../../../domain/call.js';
import type { CallId } from '../../../domain/names.js';
import type { KnownCall } from '../../../flows/call-directory.js';
import type { Api, Routes } from '../api.js';
import { companyOf } from '../company.js';
import { refuse } from '../problem.js';
import { closed } from '../schema.js';
import { CallJson, callJson } from './call-json.js';
import { CallIdForm, ExtensionForm } from './forms.js';
import { maySee, viewerOf } from './sight.js';

const Query = closed({
  state: Type.Optional(Type.Enum([...callStates.filter((state) => state !== 'ended')])),
  target: Type.Optional(ExtensionForm),
  caller: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: "the caller's extension or number" })),
  since: Type.Optional(Type.String({ format: 'date-time', description: 'only calls that began then or later' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 5000, default: 100 })),
});

const fits = (call: KnownCall, { state, target, caller, since }: Static<typeof Query>): boolean => {
  if (state !== undefined && call.state !== state) return false;
  if (target !== undefined && call.target !== target) return false;
  if (since !== undefined && call.startedAt < Date.parse(since)) return false;
  if (caller === undefined) return true;
  // Whoever asks for an anonymous caller's calls would learn who calls.
  return !call.isAnonymous && (call.caller === caller || call.callerNumber === caller);
};

/** The calls that the token may see. */
export const addCalls = (app: Routes, api: Api): void => {
  app.get(
    '/calls',
    {
      schema: {
        summary: 'The calls that this token may see, oldest first',
        querystring: Query,
        response: { 200: Type.Object({ calls: Type.Array(CallJson), total: Type.Integer() }) },
      },
    },
    async (request) => {
      const tenant = companyOf(api, request);
      const viewer = viewerOf(tenant, request.token);
      const known = await api.calls.list(tenant.id);
      const seen = known.filter((call) => maySee(viewer, call) && fits(call, request.query));
      const { limit = 100 } = request.query;
      return { calls: seen.slice(0, limit).map((call) => callJson(tenant, call)), total: seen.length };
    },
  );

  app.get(
    '/calls/:id',
    { schema: { summary: 'One call', params: closed({ id: CallIdForm }), response: { 200: CallJson } } },
    async (request) => {
      const tenant = companyOf(api, request);
      const call = await api.calls.find(tenant.id, request.params.id as CallId);
      if (!call || !maySee(viewerOf(tenant, request.token), call)) throw refuse(404, 'there is no such call');
      return callJson(tenant, call);
    },
  );
};
