import { Type } from 'typebox';
import type { Api, Routes } from '../api.js';
import { companyOf } from '../company.js';
import { sendTagged, tag } from '../etag.js';
import { refuse } from '../problem.js';
import { closed, form, line } from '../schema.js';
import { deleteOutsideNumber, idIn, putOutsideNumber, shownOutside } from './outside-number-edits.js';

const number = form('^[A-Za-z0-9._+*#-]{1,64}$', '1 to 64 letters, digits and . _ + - * #');
const Body = closed({ number, name: Type.Optional(line(80, 1)) });
const OutsideJson = Type.Object({ id: Type.String(), number: Type.String(), name: Type.String() });
const params = closed({ id: form('^[0-9A-Fa-f]{1,24}$', '1 to 24 hexadecimal digits') });

/** Numbers outside the company that a group may go on to: what its timeoutGoto names if it is no group and no extension. */
export const addOutsideNumbers = (app: Routes, api: Api): void => {
  addReads(app, api);
  addWrites(app, api);
};

const addReads = (app: Routes, api: Api): void => {
  const list = Type.Object({ outsideNumbers: Type.Array(OutsideJson), total: Type.Integer() });
  app.get(
    '/outside-numbers',
    { schema: { summary: 'The numbers outside the company that groups may go on to', response: { 200: list } } },
    async (request, reply) => {
      const outsideNumbers = [...companyOf(api, request).outsideNumbers.values()];
      return sendTagged(request, reply, { outsideNumbers, total: outsideNumbers.length });
    },
  );
  app.get(
    '/outside-numbers/:id',
    { schema: { summary: 'One of them', params, response: { 200: OutsideJson } } },
    async (request, reply) => {
      const id = idIn(request);
      const outside = companyOf(api, request).outsideNumbers.get(id);
      if (!outside) throw refuse(404, 'there is no such outside number');
      return sendTagged(request, reply, shownOutside(id, outside));
    },
  );
};

const addWrites = (app: Routes, api: Api): void => {
  const config = { right: 'change-groups' } as const;
  app.put(
    '/outside-numbers/:id',
    {
      config,
      schema: {
        summary: 'Put a number outside the company under an id that groups can go on to',
        params,
        body: Body,
        response: { 200: OutsideJson, 201: OutsideJson },
      },
    },
    async (request, reply) => {
      const isNew = await putOutsideNumber(api, request, request.body);
      const shown = shownOutside(idIn(request), request.body);
      tag(reply, shown);
      return reply.code(isNew ? 201 : 200).send(shown);
    },
  );
  app.delete(
    '/outside-numbers/:id',
    {
      config,
      schema: {
        summary: 'Take one away, unless a group goes on to it',
        params,
        response: { 204: Type.Null({ description: 'it is gone' }) },
      },
    },
    async (request, reply) => {
      await deleteOutsideNumber(api, request);
      return reply.code(204).send(null);
    },
  );
};
