import { Type } from 'typebox';
import type { Extension } from '../../../domain/names.js';
import type { Tenant } from '../../../domain/office.js';
import { reachOf } from '../../../domain/policy.js';
import { bestFirst } from '../../../domain/selection.js';
import type { TokenGrant } from '../../../domain/token.js';
import type { KnownCall } from '../../../flows/call-directory.js';
import type { Api, Routes } from '../api.js';
import { companyOf } from '../company.js';
import { badField, refuse, thrown } from '../problem.js';
import { closed } from '../schema.js';
import { CallJson, callJson } from './call-json.js';
import { ExtensionForm } from './forms.js';
import { GrantJson } from './grant-json.js';
import { pickupGrant } from './sight.js';

const Candidates = Type.Object({
  extension: Type.String({ description: 'the picker' }),
  candidates: Type.Array(
    Type.Object({
      call: CallJson,
      grant: GrantJson,
      by: Type.Enum(['group', 'number'], { description: 'number: only who names the target may have it' }),
    }),
  ),
});

/** Who picks up: the token's extension, or for a whole company's token anybody in it. */
const pickerOf = (tenant: Tenant, token: TokenGrant, asked: string | undefined): Extension => {
  const number = (asked ?? token.extension) as Extension | undefined;
  if (number === undefined) throw thrown(badField('extension', 'is missing: this token has no extension of its own'));
  if (token.role === 'PERSONAL' && number !== token.extension) {
    throw refuse(403, 'this token may ask for its own extension only', {
      faults: [{ field: 'extension', reason: "is not this token's" }],
    });
  }
  if (!tenant.extensions.has(number)) throw thrown(badField('extension', 'is no extension of the company'));
  return number;
};

/** The calls that ring now, oldest first. */
export const ringingOf = (calls: readonly KnownCall[]): KnownCall[] =>
  calls
    .filter(({ state }) => state === 'ringing')
    .sort((a, b) => (a.ringingAt ?? a.startedAt) - (b.ringingAt ?? b.startedAt));

/** First those that the extension would get without naming one, as the company chooses; then those that it has to name. */
const inOrder = (tenant: Tenant, extension: Extension, calls: readonly KnownCall[]): Iterable<KnownCall> => {
  const reach = reachOf(tenant, extension, { by: 'group' });
  return new Set([...(reach.ok ? bestFirst(calls, reach) : []), ...calls]);
};

/** What somebody may pick up now. */
export const addCandidates = (app: Routes, api: Api): void => {
  app.get(
    '/pickup/candidates',
    {
      config: { right: 'pick-up' },
      schema: {
        summary: 'The calls that an extension may pick up now, and why: first what it would get without naming a call',
        querystring: closed({ extension: Type.Optional(ExtensionForm) }),
        response: { 200: Candidates },
      },
    },
    async (request) => {
      const tenant = companyOf(api, request);
      const extension = pickerOf(tenant, request.token, request.query.extension);
      const calls = ringingOf(await api.calls.list(tenant.id));
      const candidates = [...inOrder(tenant, extension, calls)].flatMap((call) => {
        const granted = pickupGrant(tenant, extension, call);
        return granted ? [{ call: callJson(tenant, call), ...granted }] : [];
      });
      return { extension, candidates };
    },
  );
};
