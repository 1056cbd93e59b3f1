import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { closed } from '../schema.js';

/** IvozProvider's paging. */
export const pageQuery = closed({
  _page: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000, default: 1 })),
  _itemsPerPage: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, default: 30 })),
  _pagination: Type.Optional(Type.Boolean({ default: true, description: 'false answers all at once' })),
});

/** Which page. */
export interface PageQuery {
  readonly _page?: number;
  readonly _itemsPerPage?: number;
  readonly _pagination?: boolean;
}

/** One page of a list, with the headers that tell of the others. */
export const page = <T>(request: FastifyRequest, reply: FastifyReply, all: readonly T[]): readonly T[] => {
  const { _page: at = 1, _itemsPerPage: size = 30, _pagination: isPaged = true } = request.query as PageQuery;
  reply.header('x-total-items', String(all.length));
  if (!isPaged) return all;
  const last = Math.max(1, Math.ceil(all.length / size));
  const [path = ''] = request.url.split('?');
  const urlOf = (number: number) =>
    `${path}?${new URLSearchParams({ ...(size !== 30 && { _itemsPerPage: String(size) }), _page: String(number) })}`;
  reply.headers({ 'x-first-page': urlOf(1), 'x-last-page': urlOf(last), 'x-total-pages': String(last) });
  if (at < last) reply.header('x-next-page', urlOf(at + 1));
  if (at > 1) reply.header('x-previous-page', urlOf(Math.min(at - 1, last)));
  return all.slice((at - 1) * size, at * size);
};
