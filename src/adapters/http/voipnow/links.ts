import type { FastifyRequest } from 'fastify';

/** A host as a URL may have it; anything else that stands in a Host header is not repeated. */
const hostForm = /^([A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(:\d{1,5})?$/;

/** Where the client found us: links lead to what it knows, not to what we know. */
const originOf = ({ protocol, host }: FastifyRequest): string => (hostForm.test(host) ? `${protocol}://${host}` : '');

/** VoipNow's address of a PhoneCall: of a user, by an extension. */
export const phoneCallUrl = (request: FastifyRequest, parts: readonly [user: string, extension: string, id: string]) =>
  [`${originOf(request)}/uapi/phoneCalls`, ...parts.map(encodeURIComponent)].join('/');

/** Where a page lies in the whole list. */
interface Page {
  readonly start: number;
  readonly count: number;
  readonly total: number;
}

/** The addresses of the pages before and after one, where there are any. */
export const pageLinks = (request: FastifyRequest, { start, count, total }: Page): { next?: string; prev?: string } => {
  const [path = '', query] = request.url.split('?');
  const page = (startIndex: number): string => {
    const search = new URLSearchParams(query);
    search.set('startIndex', String(startIndex));
    search.set('count', String(count));
    return `${originOf(request)}${path}?${search}`;
  };
  return {
    ...(start + count < total && { next: page(start + count) }),
    ...(start > 0 && { prev: page(Math.max(0, start - count)) }),
  };
};
