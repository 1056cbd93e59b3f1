import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { pinForm } from '../../../domain/replace-wish.js';
import type { ExtensionDocument, TenantDocument } from '../../../domain/tenant-document.js';
import type { Api, Routes } from '../api.js';
import { changeCompany, no } from '../change.js';
import { problemOf } from '../problem.js';
import { closed, form } from '../schema.js';
import { extensionNamed, extensionPath } from './extension-named.js';

const Pin = closed({ pin: form(pinForm.source, 'a PIN of 4 to 12 digits') });

/** A PIN is put where it cannot be read: no If-Match is asked for, since nobody has seen what is written over. */
export const addReplacePin = (app: Routes, api: Api): void => {
  const config = { right: 'pick-up' } as const;
  const params = extensionPath;
  app.put(
    '/extensions/:extension/replace-pin',
    {
      config,
      schema: {
        summary: 'Set the PIN by which others change phones with this extension; it is kept hashed and never shown',
        params,
        body: Pin,
        response: { 204: Type.Null({ description: 'it counts from now on' }) },
      },
    },
    async (request, reply) => {
      const { extension } = request.params;
      extensionNamed(api, request, extension);
      const replacePin = await api.hashPin(request.body.pin);
      await changeExtension(api, { request, extension, edit: (entry) => ({ ...entry, replacePin }) });
      return reply.code(204).send(null);
    },
  );

  app.delete(
    '/extensions/:extension/replace-pin',
    {
      config,
      schema: {
        summary: 'Take the PIN away: nobody changes phones with this extension any more; who has, goes on so',
        params,
        response: { 204: Type.Null({ description: 'it has none' }) },
      },
    },
    async (request, reply) => {
      const edit = ({ replacePin: _, ...entry }: ExtensionDocument) => entry;
      await changeExtension(api, { request, extension: request.params.extension, edit });
      return reply.code(204).send(null);
    },
  );
};

interface ExtensionChange {
  readonly request: FastifyRequest;
  readonly extension: string;
  readonly edit: (entry: ExtensionDocument) => ExtensionDocument;
}

const changeExtension = async (api: Api, { request, extension, edit }: ExtensionChange): Promise<void> => {
  const { tenant } = extensionNamed(api, request, extension);
  await changeCompany(api, tenant, {
    request,
    edit: (document: TenantDocument) => {
      const entry = Object.hasOwn(document.extensions, extension) ? document.extensions[extension] : undefined;
      if (!entry) return no(problemOf(404, 'there is no such extension'));
      return { ok: true, document: { ...document, extensions: { ...document.extensions, [extension]: edit(entry) } } };
    },
  });
};
