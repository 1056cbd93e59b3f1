import { Type } from 'typebox';
import type { Api, Routes } from '../api.js';
import { storeAway, thrown } from '../problem.js';
import { extensionNamed, extensionPath } from './extension-named.js';

/** Gives two extensions their own phones again, as `*77` does: for when neither phone is at hand. */
export const addChangedPhones = (app: Routes, api: Api): void => {
  app.delete(
    '/extensions/:extension/changed-phones',
    {
      config: { right: 'pick-up' },
      schema: {
        summary: 'Change phones back: the extension and the other one have their own again',
        params: extensionPath,
        response: { 204: Type.Null({ description: 'each has its own phones' }) },
      },
    },
    async (request, reply) => {
      const { tenant, entry } = extensionNamed(api, request, request.params.extension);
      const replaced = await api.replacePhone({ tenant, picker: entry.number, wish: { kind: 'change-back' } });
      // Whoever has the own phones already has what was asked for (RFC 9110 section 9.2.2).
      if (!replaced.ok && replaced.refusal !== 'not-changed') throw thrown(storeAway);
      return reply.code(204).send(null);
    },
  );
};
