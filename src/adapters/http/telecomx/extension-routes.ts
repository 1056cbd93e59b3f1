import type { Tenant } from '../../../domain/office.js';
import type { Api, Routes } from '../api.js';
import { sendTagged } from '../etag.js';
import { closed } from '../schema.js';
import { answers } from './answers.js';
import { listExtensions, shownExtension } from './extension-list.js';
import { customerOf, customersOf, extensionOfId, findOnly } from './find-group.js';
import { customerQuery, extensionPath, extensionQuery } from './shapes.js';

/** Extensions, so that a program learns the ids by which groups name them. They are made in the office file. */
export const extensionRoutes = (app: Routes, api: Api): void => {
  app.get(
    '/extension',
    { schema: { summary: 'List extensions', querystring: extensionQuery, response: { 200: answers.extensions } } },
    async (request, reply) => {
      const { customer, ...query } = request.query;
      const tenant = customerOf(api, request, customer);
      return sendTagged(request, reply, listExtensions(tenant, request.token, query));
    },
  );
  app.get(
    '/extension/:extensionId',
    {
      schema: {
        summary: 'Get an extension',
        params: extensionPath,
        querystring: closed(customerQuery),
        response: { 200: answers.extension },
      },
    },
    async (request, reply) => {
      const customers = customersOf(api, request, request.query.customer);
      const inOne = (tenant: Tenant) => extensionOfId(tenant, request.params.extensionId);
      const [tenant, entry] = findOnly(customers, inOne, 'extension');
      return sendTagged(request, reply, shownExtension(tenant, entry));
    },
  );
};
