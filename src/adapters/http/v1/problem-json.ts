import { STATUS_CODES } from 'node:http';
import { Type } from 'typebox';
import type { ErrorAnswer } from '../api.js';
import type { Problem } from '../problem.js';

/** Problem details (RFC 9457) with every wrong field. */
export const ProblemJson = Type.Object({
  type: Type.Literal('about:blank'),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.String(),
  code: Type.String({
    description: 'a word for programs: bad_request, not_found, or the refusal: opted-out, lost-race',
  }),
  errors: Type.Optional(Type.Array(Type.Object({ field: Type.String(), reason: Type.String() }))),
  requestId: Type.Optional(Type.String({ description: "the log's name of the request, where nothing more is said" })),
});

/** A problem in the words of /v1. */
export const problemJson = ({ status, code, message, faults, requestId }: Problem): ErrorAnswer => ({
  type: 'application/problem+json',
  body: {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: message,
    code,
    ...(faults.length > 0 && { errors: faults }),
    ...(requestId !== undefined && { requestId }),
  },
});
