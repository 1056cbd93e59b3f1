import type { FastifyRequest } from 'fastify';
import type { Edited } from '../../../flows/offices.js';
import { no } from '../change.js';
import { mismatch } from '../etag.js';
import { badField, type Problem, problemOf } from '../problem.js';
import type { Codes } from './code-book.js';
import { type CodeWish, wishedCodes } from './code-wish.js';
import { type KnownService, shownCode } from './service-list.js';

/** The problem of a service that has no code at this level. */
export const noCode = problemOf(404, 'there is no code of this service here');

/** One service's own codes as IvozProvider lists them. */
export const shownCodes = ({ id }: KnownService, codes: readonly string[]) => ({
  code: shownCode(codes),
  id,
  service: id,
  codes: [...codes],
});

/** One service's codes at the moment of a change. */
export interface Moment {
  readonly own: Codes;
  readonly known: KnownService;
  readonly needed: boolean;
}

const staleness = (request: FastifyRequest, { own, known, needed }: Moment): Problem | undefined => {
  const codes = own[known.service];
  return codes ? mismatch(request, { requireIfMatch: needed }, shownCodes(known, codes)) : noCode;
};

/** The codes with those of one more service. */
export const added = (own: Codes, known: KnownService, wish: CodeWish): Edited<Codes, Problem> => {
  if (own[known.service]) return no(badField('service', 'has a code here already'));
  const wished = wishedCodes(wish, []);
  return wished.ok ? { ok: true, document: { ...own, [known.service]: wished.codes } } : no(wished.problem);
};

/** The codes with other ones of one service. */
export const changed = (request: FastifyRequest, moment: Moment): Edited<Codes, Problem> => {
  const { own, known } = moment;
  const stale = staleness(request, moment);
  if (stale) return no(stale);
  const { service, id, ...wish } = request.body as CodeWish & { service?: number; id?: number };
  if ((service ?? known.id) !== known.id) return no(badField('service', 'cannot be changed'));
  if ((id ?? known.id) !== known.id) return no(badField('id', 'cannot be changed'));
  const wished = wishedCodes(wish, own[known.service] ?? []);
  return wished.ok ? { ok: true, document: { ...own, [known.service]: wished.codes } } : no(wished.problem);
};

/** The codes without those of one service. */
export const removed = (request: FastifyRequest, moment: Moment): Edited<Codes, Problem> => {
  const stale = staleness(request, moment);
  if (stale) return no(stale);
  const { [moment.known.service]: _, ...others } = moment.own;
  return { ok: true, document: others };
};
