import { Type } from 'typebox';
import type { Api, Routes } from '../api.js';
import { companyOf } from '../company.js';
import { sendTagged } from '../etag.js';
import { closed } from '../schema.js';
import { ExtensionJson, extensionJson } from './extension-json.js';
import { extensionNamed, extensionPath, isShown } from './extension-named.js';

const Query = closed({
  changed: Type.Optional(Type.Boolean({ description: 'only those that have, or have not, changed phones' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, default: 1_000 })),
});

/** The extensions of a company, and who has changed phones with whom. */
export const addExtensions = (app: Routes, api: Api): void => {
  app.get(
    '/extensions',
    {
      schema: {
        summary: 'The extensions that this token may see: what their people say, and who has changed phones with whom',
        querystring: Query,
        response: { 200: Type.Object({ extensions: Type.Array(ExtensionJson), total: Type.Integer() }) },
      },
    },
    async (request, reply) => {
      const tenant = companyOf(api, request);
      const { changed, limit = 1_000 } = request.query;
      const seen = [...tenant.extensions.values()].filter(
        ({ number, changedWith }) =>
          isShown(tenant, request, number) && (changed === undefined || changed === (changedWith !== undefined)),
      );
      const extensions = seen.slice(0, limit).map((entry) => extensionJson(tenant, entry));
      return sendTagged(request, reply, { extensions, total: seen.length });
    },
  );

  app.get(
    '/extensions/:extension',
    { schema: { summary: 'One extension', params: extensionPath, response: { 200: ExtensionJson } } },
    async (request, reply) => {
      const { tenant, entry } = extensionNamed(api, request, request.params.extension);
      return sendTagged(request, reply, extensionJson(tenant, entry));
    },
  );
};
