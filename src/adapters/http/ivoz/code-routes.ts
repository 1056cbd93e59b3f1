import type { FastifyRequest } from 'fastify';
import { type TProperties, Type } from 'typebox';
import type { Right } from '../../../domain/token.js';
import type { Routes } from '../api.js';
import { sendTagged, tag } from '../etag.js';
import { badField, refuse, thrown } from '../problem.js';
import { closed } from '../schema.js';
import type { CodeBook } from './code-book.js';
import { added, changed, noCode, removed, shownCodes } from './code-edits.js';
import { type CodeWish, codeFields } from './code-wish.js';
import { page, pageQuery } from './pages.js';
import { idSchema } from './scope.js';
import { knownServices, serviceOf, shownService } from './service-list.js';

/** One level's codes: where they stand, what they need, and whose they are. */
export interface CodeLevel {
  /** `/company_services`. */
  readonly path: string;
  /** What the path has besides an id. */
  readonly params: TProperties;
  readonly rights: { readonly read: Right; readonly write: Right };
  /** `the company` or `the brand`. */
  readonly whose: string;
  bookOf(request: FastifyRequest): CodeBook;
}

const shown = Type.Object({
  code: Type.String({ description: 'the first code without its star' }),
  id: idSchema,
  service: idSchema,
  codes: Type.Array(Type.String()),
});

const idOf = (request: FastifyRequest): number => (request.params as { id: number }).id;

/** The codes of one level: IvozProvider's brand_services and company_services. */
export const addCodeRoutes = (app: Routes, level: CodeLevel): void => {
  addReading(app, level);
  addAdding(app, level);
  addChanging(app, level);
};

const addAdding = (app: Routes, level: CodeLevel): void => {
  const { path, rights, whose, bookOf } = level;
  const config = { right: rights.write };

  app.post(
    path,
    {
      config,
      schema: {
        params: closed(level.params),
        body: closed({ service: idSchema, ...codeFields }),
        summary: `A code of ${whose}'s own`,
        response: { 201: shown },
      },
    },
    async (request, reply) => {
      const wish = request.body as CodeWish & { service: number };
      const known = serviceOf(wish.service);
      if (!known) throw thrown(badField('service', 'there is no such service'));
      await bookOf(request).change(request, (own) => added(own, known, wish));
      const answer = shownCodes(known, bookOf(request).own[known.service] ?? []);
      tag(reply, answer);
      return reply.code(201).send(answer);
    },
  );
};

const addChanging = (app: Routes, level: CodeLevel): void => {
  const { path, rights, whose, bookOf } = level;
  const config = { right: rights.write };
  const params = closed({ ...level.params, id: idSchema });

  app.put(
    `${path}/:id`,
    {
      config,
      schema: {
        params,
        body: closed({ ...codeFields, service: Type.Optional(idSchema), id: Type.Optional(idSchema) }),
        summary: `Changes a code of ${whose}`,
        response: { 200: shown },
      },
    },
    async (request, reply) => {
      const known = serviceOf(idOf(request));
      if (!known) throw refuse(404, noCode.message);
      await bookOf(request).change(request, (own, needed) => changed(request, { own, known, needed }));
      const answer = shownCodes(known, bookOf(request).own[known.service] ?? []);
      tag(reply, answer);
      return answer;
    },
  );

  app.delete(
    `${path}/:id`,
    { config, schema: { params, summary: `Gives up a code of ${whose}: what is below it counts again` } },
    async (request, reply) => {
      const known = serviceOf(idOf(request));
      if (!known) throw refuse(404, noCode.message);
      await bookOf(request).change(request, (own, needed) => removed(request, { own, known, needed }));
      return reply.code(204).send();
    },
  );
};

const addReading = (app: Routes, { path, params, rights, whose, bookOf }: CodeLevel): void => {
  const config = { right: rights.read };
  app.get(
    path,
    {
      config,
      schema: {
        params: closed(params),
        querystring: pageQuery,
        summary: `The codes that ${whose} has of its own`,
        response: { 200: Type.Array(shown) },
      },
    },
    async (request, reply) => {
      const { own } = bookOf(request);
      const all = knownServices.flatMap((known) => {
        const codes = own[known.service];
        return codes ? [shownCodes(known, codes)] : [];
      });
      return sendTagged(request, reply, page(request, reply, all));
    },
  );

  app.get(
    `${path}/:id`,
    {
      config,
      schema: { params: closed({ ...params, id: idSchema }), summary: `One code of ${whose}, with its service` },
    },
    async (request, reply) => {
      const { own, below } = bookOf(request);
      const known = serviceOf(idOf(request));
      const codes = known && own[known.service];
      if (!codes) throw refuse(404, noCode.message);
      // The tag is the one that the list's form of it has, which is what a PUT answers.
      tag(reply, shownCodes(known, codes));
      return { ...shownCodes(known, codes), service: shownService(known, below[known.service]) };
    },
  );
};
