import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Extension } from '../../../domain/names.js';
import type { ExtensionEntry, Tenant } from '../../../domain/office.js';
import { decide } from '../../../domain/policy.js';
import { mayDo } from '../../../domain/token.js';
import { watching } from '../../../domain/watching.js';
import type { Api, Routes } from '../api.js';
import { companyOf } from '../company.js';
import { sendTagged, tag } from '../etag.js';
import { PresenceForm, setPresence } from '../presence.js';
import { refuse } from '../problem.js';
import { closed } from '../schema.js';
import { extensionPath, isShown } from './extension-named.js';

const url = '/extensions/:extension/presence';
const PresenceJson = Type.Object({ extension: Type.String(), name: Type.String(), presence: PresenceForm });

/** What the people of an extension say of themselves: the last word counts, so no If-Match is asked for. */
export const addPresence = (app: Routes, api: Api): void => {
  const answers = { params: extensionPath, response: { 200: PresenceJson } };
  app.get(
    url,
    { schema: { summary: 'Whether an extension is available, away, or not to be disturbed', ...answers } },
    async (request, reply) => {
      const tenant = companyOf(api, request);
      const { extension } = request.params;
      if (!maySeePresence(request, tenant, extension)) throw notAllowed();
      return sendTagged(request, reply, presenceJson(entryOf(tenant, extension)));
    },
  );
  app.put(
    url,
    {
      config: { right: 'pick-up' },
      schema: {
        summary: 'Say that an extension is available, away, or not to be disturbed',
        body: closed({ presence: PresenceForm }),
        ...answers,
      },
    },
    async (request, reply) => {
      const tenant = companyOf(api, request);
      const { extension } = request.params;
      if (!maySetPresence(request, tenant, extension)) throw notAllowed();
      const entry = entryOf(tenant, extension);
      const { presence } = request.body;
      await setPresence(api, { tenant, extension: entry.number, presence, token: request.token });
      const shown = presenceJson({ ...entry, presence });
      tag(reply, shown);
      return shown;
    },
  );
};

const presenceJson = ({ number, name, presence }: ExtensionEntry) => ({ extension: number, name, presence });

/** What may not be seen or set is refused before anybody learns whether it is there. */
const notAllowed = () =>
  refuse(403, 'the rules of the company do not allow this; POST /v1/explain says why', { code: 'not-allowed' });

const entryOf = ({ extensions }: Tenant, number: string): ExtensionEntry => {
  const entry = extensions.get(number as Extension);
  if (!entry) throw refuse(404, 'there is no such extension');
  return entry;
};

/** A company's programs see everybody's; an extension's, what its phones may watch. */
const maySeePresence = (request: FastifyRequest, tenant: Tenant, number: string): boolean => {
  const { extension: viewer } = request.token;
  if (isShown(tenant, request, number)) return true;
  return viewer !== undefined && watching(tenant, viewer, number as Extension).sees !== 'nothing';
};

/** MANAGER and above set everybody's; an extension's program its own user's, and whose a group lets it. */
const maySetPresence = (request: FastifyRequest, tenant: Tenant, number: string): boolean => {
  const { token } = request;
  if (mayDo(token.role, 'change-groups') || isShown(tenant, request, number)) return true;
  const { extension: picker } = token;
  const target = { kind: 'extension', number: number as Extension } as const;
  return picker !== undefined && decide({ tenant, picker, act: 'set-presence', target, by: 'number' }).ok;
};
