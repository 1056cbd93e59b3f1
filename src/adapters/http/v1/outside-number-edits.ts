import type { FastifyRequest } from 'fastify';
import type { TenantDocument } from '../../../domain/tenant-document.js';
import type { Edited } from '../../../flows/offices.js';
import type { Api } from '../api.js';
import { changeCompany, no } from '../change.js';
import { companyOf } from '../company.js';
import { mismatch } from '../etag.js';
import { type Problem, problemOf } from '../problem.js';

/** A number outside the company, as it is written. */
export interface Outside {
  readonly number: string;
  readonly name?: string;
}

/** The same with the id that groups know it by; a number without a name is its own name. */
export const shownOutside = (id: string, { number, name = number }: Outside) => ({ id, number, name });

type Asked = FastifyRequest<{ Params: { id: string } }>;
type Edit = (document: TenantDocument) => Edited<TenantDocument, Problem>;

/** Puts a number under the id of the path; true if it is the first there. */
export const putOutsideNumber = async (api: Api, request: Asked, outside: Outside): Promise<boolean> => {
  const id = idIn(request);
  const before = await change(api, request, (document) => {
    const outsideNumbers = { ...document.outsideNumbers, [id]: outside };
    return { ok: true, document: { ...document, outsideNumbers } };
  });
  return before === undefined;
};

/** Takes the number of the path away, unless calls of a group go on to it. */
export const deleteOutsideNumber = async (api: Api, request: Asked): Promise<void> => {
  const id = idIn(request);
  await change(api, request, (document) => {
    const { [id]: deleted, ...outsideNumbers } = document.outsideNumbers ?? {};
    if (!deleted) return no(problemOf(404, 'there is no such outside number'));
    const pointing = Object.values(document.groups ?? {}).find(({ timeoutGoto }) => timeoutGoto === id);
    if (pointing) return no(problemOf(409, `the timeoutGoto of the group "${pointing.name}" points to it`));
    return { ok: true, document: { ...document, outsideNumbers } };
  });
};

/** Ids are kept in lower case. */
export const idIn = ({ params }: Asked): string => params.id.toLowerCase();

/** Makes an edit unless the number is not what the writer has seen; returns the number as it was. */
const change = async (api: Api, request: Asked, edit: Edit): Promise<Outside | undefined> => {
  const id = idIn(request);
  let before: Outside | undefined;
  await changeCompany(api, companyOf(api, request), {
    request,
    edit: (document) => {
      before = document.outsideNumbers?.[id];
      const isSeen = before !== undefined || request.headers['if-match'] !== undefined;
      const problem = isSeen && mismatch(request, document, before && shownOutside(id, before));
      return problem ? no(problem) : edit(document);
    },
    // The number has its form; what else can be wrong is that another thing has this id.
    fieldOf: (path) => (path.includes(id) ? 'id' : path.join('.')),
  });
  return before;
};
