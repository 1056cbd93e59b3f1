import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { MethodBook } from './allowed-methods.js';
import type { Dialect, ErrorAnswer, HttpLog } from './api.js';
import { badField, codeOf, isProblem, type Problem, problemOf } from './problem.js';

/** What fastify refuses by itself, in our words: its own name the framework and echo what was sent. */
const ofFastify: Readonly<Record<string, Problem>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: badField(
    'body',
    'is not JSON, or has a name that no object may have (__proto__, constructor)',
  ),
  FST_ERR_CTP_EMPTY_JSON_BODY: badField('body', 'is empty'),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: badField('Content-Length', 'is not the length of the body'),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: problemOf(415, 'the body must be application/json', {
    faults: [{ field: 'Content-Type', reason: 'must be application/json' }],
  }),
  FST_ERR_CTP_BODY_TOO_LARGE: problemOf(413, 'the body is too large', {
    faults: [{ field: 'body', reason: 'is too large' }],
  }),
  FST_ERR_BAD_URL: badField('path', 'cannot be decoded'),
  FST_ERR_MAX_PARAM_LENGTH: problemOf(414, 'the path is too long', {
    faults: [{ field: 'path', reason: 'is too long' }],
  }),
};

/** The problem of a URL that cannot be read. */
export const beforeRouting = ({ code }: { readonly code: string }): Problem =>
  ofFastify[code] ?? badField('path', 'cannot be read');

/** An answer outside every dialect. */
const plain = ({ code, message, requestId }: Problem): ErrorAnswer => ({
  body: { error: { code, message, ...(requestId !== undefined && { requestId }) } },
});

/** Says no in the words of the dialect that the URL belongs to. */
export type Refuser = (request: FastifyRequest, reply: FastifyReply, problem: Problem) => FastifyReply;

/** Makes the one place where a problem becomes an answer. */
export const makeRefuser =
  (dialects: readonly Dialect[]): Refuser =>
  (request, reply, problem) => {
    const path = request.url.split('?')[0] ?? '';
    const dialect = dialects.find(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`));
    const { body, type = dialect?.errorType } = dialect?.errorAnswer(problem, request) ?? plain(problem);
    return reply
      .code(problem.status)
      .headers(problem.headers)
      .type(`${type ?? 'application/json'}; charset=utf-8`)
      .send(JSON.stringify(body));
  };

/** The problem that an error stands for; undefined if it is a surprise. */
const expected = (error: FastifyError): Problem | undefined => {
  if (isProblem(error)) return error.problem;
  const known = ofFastify[error.code];
  if (known) return known;
  const status = error.statusCode ?? 500;
  return status >= 400 && status < 500 ? problemOf(status, codeOf(status).replaceAll('_', ' ')) : undefined;
};

/** Answers errors: what was expected in words, a surprise with the request's id alone; the log has the rest. */
export const answerErrors = (app: FastifyInstance, log: HttpLog, refuse: Refuser): void => {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const problem = expected(error);
    if (problem) {
      // Who asked is told to come again; why is for who runs the service.
      if (error.cause !== undefined) log.warn({ request: request.id, error: String(error.cause) }, 'no store for http');
      return refuse(request, reply, problem);
    }
    log.error({ request: request.id, route: request.routeOptions.url, error: error.stack }, 'http surprise');
    const message = 'something went wrong here; the log knows it by this request id';
    return refuse(request, reply, problemOf(500, message, { requestId: request.id }));
  });
};

/** Answers what no route takes: 405 where another method would do, else 404. */
export const answerUnknown = (app: FastifyInstance, methods: MethodBook, refuse: Refuser): void => {
  app.setNotFoundHandler((request, reply) => {
    const allowed = methods.of(request.url.split('?')[0] ?? '');
    const problem =
      allowed.length > 0 && !allowed.includes(request.method)
        ? problemOf(405, `the method must be one of ${allowed.join(', ')}`, { headers: { allow: allowed.join(', ') } })
        : problemOf(404, 'there is nothing here');
    return refuse(request, reply, problem);
  });
};
