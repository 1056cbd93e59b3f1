import type { FastifyRequest } from 'fastify';
import type { Tenant } from '../../../domain/office.js';
import { defaultServiceCodes } from '../../../domain/service-code.js';
import type { Edited } from '../../../flows/offices.js';
import type { Api } from '../api.js';
import { changeCompany, changeInstallation } from '../change.js';
import { type Problem, refuse } from '../problem.js';

/** Service names and their codes, as a document has them. */
export type Codes = Readonly<Record<string, readonly string[]>>;

/** The codes of one level: a company's over its brand's, a brand's over the defaults. */
export interface CodeBook {
  /** What the level says itself, now. */
  readonly own: Codes;
  /** What is in force where the level says nothing. */
  readonly below: Codes;
  /** Changes what the level says; throws the problem if nothing was changed. `edit` may be called again. */
  change(request: FastifyRequest, edit: (own: Codes, requireIfMatch: boolean) => Edited<Codes, Problem>): Promise<void>;
}

const writable = (codes: Codes): Record<string, string[]> =>
  Object.fromEntries(Object.entries(codes).map(([service, own]) => [service, [...own]]));

/** What the documents' own checks call a place of the codes, in the words of the request. */
const fieldOf =
  ({ body }: FastifyRequest) =>
  (path: readonly string[]): string => {
    const last = path.at(-1) ?? '';
    const isList = typeof body === 'object' && body !== null && 'codes' in body;
    return isList ? `codes${/^\d+$/.test(last) ? `.${last}` : ''}` : 'code';
  };

/** The codes that a company has of its own. */
export const companyCodes = (api: Api, tenant: Tenant): CodeBook => ({
  own: api.offices.document(tenant.id)?.codes ?? {},
  below: {
    ...defaultServiceCodes,
    ...(tenant.brand === undefined ? {} : api.offices.installation().brands?.[tenant.brand]?.codes),
  },
  change: async (request, edit) => {
    await changeCompany(api, tenant, {
      request,
      fieldOf: fieldOf(request),
      edit: (document) => {
        const edited = edit(document.codes ?? {}, document.requireIfMatch ?? false);
        return edited.ok ? { ok: true, document: { ...document, codes: writable(edited.document) } } : edited;
      },
    });
  },
});

/** The codes that a brand gives to its companies; throws 404 where there is no such brand. */
export const brandCodes = (api: Api, brand: string): CodeBook => {
  const { brands = {} } = api.offices.installation();
  if (!Object.hasOwn(brands, brand)) throw refuse(404, 'there is no such brand');
  return {
    own: brands[brand]?.codes ?? {},
    below: defaultServiceCodes as Codes,
    change: async (request, edit) => {
      await changeInstallation(api, {
        request,
        fieldOf: fieldOf(request),
        edit: (document) => {
          const edited = edit(document.brands?.[brand]?.codes ?? {}, false);
          if (!edited.ok) return edited;
          const changed = { ...document.brands?.[brand], codes: writable(edited.document) };
          return { ok: true, document: { ...document, brands: { ...document.brands, [brand]: changed } } };
        },
      });
    },
  };
};
