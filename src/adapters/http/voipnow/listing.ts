import { type Static, Type } from 'typebox';
import type { Api, Routes } from '../api.js';
import { companyOf } from '../company.js';
import { closed } from '../schema.js';
import { isInvolved } from './involved.js';
import { pageLinks } from './links.js';
import { FieldsForm, filterOf, ListQuery, picked } from './list-query.js';
import { callIdOf } from './object-id.js';
import { CallPath, ListPath } from './paths.js';
import { PhoneCall, phoneCallOf } from './phone-call.js';
import { whoseOf } from './whose.js';

const none = { 204: { description: 'There is no phone call to be returned', type: 'null' } };

const Collection = Type.Object({
  entry: Type.Array(Type.Partial(PhoneCall)),
  totalResults: Type.Integer(),
  startIndex: Type.Integer(),
  itemsPerPage: Type.Integer(),
  link: Type.Optional(Type.Object({ next: Type.Optional(Type.String()), prev: Type.Optional(Type.String()) })),
});

const byPublished = (a: Static<typeof PhoneCall>, b: Static<typeof PhoneCall>): number =>
  a.published < b.published ? -1 : Number(a.published > b.published);

/** The calls of an extension, or of all under a user. */
const addList = (app: Routes, api: Api, { slash }: { slash: '' | '/' }): void => {
  app.get(
    `/phoneCalls/:userId/:extension${slash}`,
    {
      schema: {
        summary: 'List PhoneCalls',
        hide: slash === '/',
        params: ListPath,
        querystring: ListQuery,
        response: { 200: Collection, ...none },
      },
    },
    async (request, reply) => {
      const tenant = companyOf(api, request);
      const { scope, asked } = whoseOf(tenant, request, request.params);
      const { count = 20, startIndex: start = 0, fields, sortOrder } = request.query;
      const fits = filterOf(request.query);
      const known = (await api.calls.list(tenant.id)).filter((call) => isInvolved(scope, call));
      const calls = known.map((call) => phoneCallOf(tenant, call, asked)).filter(fits);
      calls.sort((a, b) => (sortOrder === 'descending' ? byPublished(b, a) : byPublished(a, b)));
      const entry = calls.slice(start, start + count).map((call) => picked(call, fields));
      if (entry.length === 0) return reply.code(204).send();
      const link = pageLinks(request, { start, count, total: calls.length });
      return reply.send({
        ...{ entry, totalResults: calls.length, startIndex: start, itemsPerPage: count },
        ...(Object.keys(link).length > 0 && { link }),
      });
    },
  );
};

/** One call, or 204 where there is none any more. */
const addOne = (app: Routes, api: Api, { slash }: { slash: '' | '/' }): void => {
  app.get(
    `/phoneCalls/:userId/:extension/:phoneCallId${slash}`,
    {
      schema: {
        summary: 'List one PhoneCall',
        hide: slash === '/',
        params: CallPath,
        querystring: closed({ fields: Type.Optional(FieldsForm) }),
        response: { 200: Type.Partial(PhoneCall), ...none },
      },
    },
    async (request, reply) => {
      const tenant = companyOf(api, request);
      const { scope, asked } = whoseOf(tenant, request, request.params);
      const id = callIdOf(request.params.phoneCallId);
      const call = id && (await api.calls.find(tenant.id, id));
      if (!call || !isInvolved(scope, call)) return reply.code(204).send();
      return reply.send(picked(phoneCallOf(tenant, call, asked), request.query.fields));
    },
  );
};

/** List PhoneCalls; VoipNow's own clients end their paths with a slash. */
export const addListing = (app: Routes, api: Api): void => {
  for (const slash of ['', '/'] as const) {
    addList(app, api, { slash });
    addOne(app, api, { slash });
  }
};
