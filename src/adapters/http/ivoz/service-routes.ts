import { Type } from 'typebox';
import type { Routes } from '../api.js';
import { companyOf } from '../company.js';
import { sendTagged } from '../etag.js';
import { refuse } from '../problem.js';
import { closed } from '../schema.js';
import { companyCodes } from './code-book.js';
import { idSchema, pathOf, type Scope } from './scope.js';
import { knownServices, serviceOf, shownService } from './service-list.js';

const languages = Type.Object({ en: Type.String() });

const shown = Type.Object({
  iden: Type.String(),
  defaultCode: Type.String({ description: 'without its star: in force where the company says nothing' }),
  extraArgs: Type.Boolean({ description: 'more digits are dialled after the code' }),
  id: idSchema,
  name: languages,
  description: languages,
  codes: Type.Array(Type.String(), { description: 'all of them as they are dialled; ours' }),
});

/** The services that there are, with the codes that the company's brand gives them. */
export const addServiceRoutes = (app: Routes, scope: Scope): void => {
  const { base, api } = scope;
  const list = pathOf(scope, {});

  app.get(
    `${base}/services`,
    { schema: { params: list, summary: 'The services', response: { 200: Type.Array(shown) } } },
    async (request, reply) => {
      const { below } = companyCodes(api, companyOf(api, request, request.params.company));
      return sendTagged(
        request,
        reply,
        knownServices.map((known) => shownService(known, below[known.service])),
      );
    },
  );

  app.get(
    `${base}/services/unassigned`,
    {
      schema: {
        params: list,
        querystring: closed({ _includeId: Type.Optional(idSchema) }),
        summary: 'The services that the company has no code of its own for',
        response: { 200: Type.Array(shown) },
      },
    },
    async (request, reply) => {
      const { own, below } = companyCodes(api, companyOf(api, request, request.params.company));
      const free = knownServices.filter(({ id, service }) => !own[service] || id === request.query._includeId);
      return sendTagged(
        request,
        reply,
        free.map((known) => shownService(known, below[known.service])),
      );
    },
  );

  app.get(
    `${base}/services/:id`,
    { schema: { params: pathOf(scope, { id: idSchema }), summary: 'One service', response: { 200: shown } } },
    async (request, reply) => {
      const { below } = companyCodes(api, companyOf(api, request, request.params.company));
      const known = serviceOf(request.params.id);
      if (!known) throw refuse(404, 'there is no such service');
      return sendTagged(request, reply, shownService(known, below[known.service]));
    },
  );
};
