import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Problem, problemOf } from './problem.js';

/** The entity tag of a resource: a hash of what a GET shows, so that unrelated changes do not clash (RFC 9110 8.8.3). */
export const etagOf = (representation: unknown): string =>
  `"${createHash('sha256').update(JSON.stringify(representation)).digest('base64url').slice(0, 22)}"`;

/** Answers a GET with its tag, or 304 where the client has this very representation (RFC 9110 13.1.2). */
export const sendTagged = (request: FastifyRequest, reply: FastifyReply, representation: unknown): FastifyReply => {
  const etag = etagOf(representation);
  reply.header('etag', etag);
  const known = request.headers['if-none-match'];
  return known !== undefined && isListed(etag, known) ? reply.code(304).send() : reply.send(representation);
};

/** A tagged answer in the types of a route with response schemas. */
export const tag = (reply: FastifyReply, representation: unknown): void => {
  reply.header('etag', etagOf(representation));
};

/**
 * Why a write may not happen: the resource is not what the writer has seen (412), or the company wants writers to say
 * what they have seen (428). `now` is what a GET would show, undefined if there is no such resource. To be asked inside
 * the edit of Offices.change, where nobody can come between; `company` is the tenant or its document.
 */
export const mismatch = (
  request: FastifyRequest,
  company: { readonly requireIfMatch?: boolean },
  now: unknown,
): Problem | undefined => {
  const wanted = request.headers['if-match'];
  if (wanted === undefined) {
    return company.requireIfMatch ? problemOf(428, 'If-Match is needed: the ETag that a GET has shown') : undefined;
  }
  const fits = now !== undefined && (wanted.trim() === '*' || isListed(etagOf(now), wanted, { weak: false }));
  return fits ? undefined : problemOf(412, 'somebody else has changed it: GET it again');
};

/** If-Match compares strongly, If-None-Match weakly (RFC 9110 13.1.1, 13.1.2). */
const isListed = (etag: string, header: string, { weak } = { weak: true }): boolean =>
  header
    .split(',')
    .map((part) => part.trim())
    .some((part) => part === etag || (weak && (part === '*' || part === `W/${etag}`)));
