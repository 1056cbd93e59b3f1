import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Api, Dialect, Routes } from '../api.js';
import { changeCompany, no } from '../change.js';
import { companyOf } from '../company.js';
import { mismatch, sendTagged, tag } from '../etag.js';
import { thrown } from '../problem.js';
import { closed, form, validatorCompiler } from '../schema.js';
import { readBody } from './body.js';
import { bodySchema, documentSchema, shownDocument } from './document.js';

const errorSchema = Type.Object({
  error: Type.Object({
    code: Type.String({ description: 'bad_request, not_found, …' }),
    message: Type.String(),
    field: Type.Optional(Type.String({ description: 'the first field that is wrong' })),
    errors: Type.Optional(Type.Array(Type.Object({ field: Type.String(), reason: Type.String() }))),
    request_id: Type.Optional(Type.String()),
  }),
});

/** UIS's call control groups. */
export const uis: Dialect = {
  name: 'UIS',
  description: 'Call control groups: one document a client says who may take, hear and replace whom',
  prefix: '/client',
  errorSchema,
  errorAnswer: ({ code, message, faults, requestId }) => ({
    body: {
      error: {
        code,
        message,
        ...(faults[0] && { field: faults[0].field, errors: faults }),
        ...(requestId !== undefined && { request_id: requestId }),
      },
    },
  }),
  routes: (api) => async (app) => {
    // The seed writes the slash; those who leave it out mean the same.
    addDocument(app, api, { url: '/:client_id/call_control_group/', hide: false });
    addDocument(app, api, { url: '/:client_id/call_control_group', hide: true });
  },
};

const params = closed({
  client_id: form('^[A-Za-z0-9-]{1,64}$', 'a company by its name or its customer id'),
});

const addDocument = (app: Routes, api: Api, { url, hide }: { url: string; hide: boolean }): void => {
  const answers = { response: { 200: documentSchema } };
  app.get(url, { schema: { params, hide, summary: 'The whole document', ...answers } }, async (request, reply) => {
    const { id } = companyOf(api, request, request.params.client_id);
    return sendTagged(request, reply, shownDocument(api.offices.document(id)?.callControl));
  });

  app.put(
    url,
    {
      config: { right: 'change-settings' },
      schema: { params, hide, summary: 'Replaces the whole document', body: bodySchema, ...answers },
      // The body has three forms; readBody says what is wrong in the one that was used.
      validatorCompiler: (route) =>
        route.httpPart === 'body' ? (value: unknown) => ({ value }) : validatorCompiler(route),
    },
    async (request, reply) => {
      const shown = await replace(api, request, request.params.client_id);
      tag(reply, shown);
      return shown;
    },
  );
};

const replace = async (api: Api, request: FastifyRequest, client: string) => {
  const tenant = companyOf(api, request, client);
  const read = readBody(request.body);
  if (!read.ok) throw thrown(read.problem);
  await changeCompany(api, tenant, {
    request,
    edit: (document) => {
      const problem = mismatch(request, document, shownDocument(document.callControl));
      return problem ? no(problem) : { ok: true, document: { ...document, callControl: read.document } };
    },
    fieldOf: (path) => read.fieldOf(path.slice(path.indexOf('callControl') + 1)),
  });
  return shownDocument(api.offices.document(tenant.id)?.callControl);
};
