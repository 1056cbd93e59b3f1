import type { Fault } from '../../domain/tenant-document.js';

/** One field that is wrong, and why. */
export interface FieldFault {
  /** Names joined by dots, as they stand in the request: `groups.sales.3`; `body` for the whole body. */
  readonly field: string;
  readonly reason: string;
}

/** A no of the HTTP side, before a dialect puts it into its own words. */
export interface Problem {
  /** The HTTP status. */
  readonly status: number;
  /** A word for programs: `bad_request`, `not_found`, or what the dialect itself chose. */
  readonly code: string;
  /** A sentence for people; never an internal text, never a secret. */
  readonly message: string;
  /** At most {@link mostFaults}. */
  readonly faults: readonly FieldFault[];
  readonly headers: Readonly<Record<string, string>>;
  /** The log's name of the request, where the answer says nothing more. */
  readonly requestId?: string;
}

/** An error that carries a problem to the error handler. */
export interface ProblemError extends Error {
  readonly problem: Problem;
}

/** A body with a thousand mistakes is answered with the first of them. */
export const mostFaults = 20;

/** The usual word for each status. */
const codes: Readonly<Record<number, string>> = {
  400: 'bad_request',
  401: 'unauthorized',
  403: 'access_denied',
  404: 'not_found',
  405: 'method_not_allowed',
  406: 'not_acceptable',
  408: 'timeout',
  409: 'conflict',
  412: 'precondition_failed',
  413: 'too_large',
  414: 'too_long',
  415: 'unsupported_media_type',
  422: 'unprocessable',
  428: 'precondition_required',
  429: 'too_many_requests',
  431: 'too_long',
  500: 'internal_error',
  503: 'unavailable',
};

/** The usual word for a status. */
export const codeOf = (status: number): string => codes[status] ?? (status < 500 ? 'bad_request' : 'internal_error');

/** Makes a problem; the code is the status's own unless said otherwise. */
export const problemOf = (status: number, message: string, more: Partial<Problem> = {}): Problem => ({
  status,
  code: codeOf(status),
  message,
  headers: {},
  ...more,
  faults: (more.faults ?? []).slice(0, mostFaults),
});

/** A problem to be thrown out of a handler. */
export const refuse = (status: number, message: string, more: Partial<Problem> = {}): ProblemError =>
  thrown(problemOf(status, message, more));

/** A problem as an error. */
export const thrown = (problem: Problem): ProblemError => Object.assign(new Error(problem.message), { problem });

/** The problem of a request with mistakes in it: the message names the first. */
export const badRequest = (faults: readonly FieldFault[], more: Partial<Problem> = {}): Problem =>
  problemOf(400, faults[0] ? `${faults[0].field}: ${faults[0].reason}` : 'the request is wrong', { ...more, faults });

/** The problem of one wrong field. */
export const badField = (field: string, reason: string): Problem => badRequest([{ field, reason }]);

/** The problem of a document that would be wrong; `fieldOf` says what the request calls the place. */
export const badDocument = (
  faults: readonly Fault[],
  fieldOf: (path: readonly string[]) => string = (path) => path.join('.'),
): Problem => badRequest(faults.map(({ path, why }) => ({ field: fieldOf(path) || 'body', reason: why })));

/** The store is away: the same request may work in a moment. */
export const storeAway: Problem = problemOf(503, 'the store cannot be reached', { headers: { 'retry-after': '1' } });

/** True if an error carries a problem. */
export const isProblem = (error: unknown): error is ProblemError =>
  error instanceof Error && typeof (error as Partial<ProblemError>).problem === 'object';
