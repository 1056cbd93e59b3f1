import type { Api, Routes } from '../api.js';
import { sendTagged, tag } from '../etag.js';
import { closed } from '../schema.js';
import { answers } from './answers.js';
import { customerOf, demandSight, findGroup, maySee } from './find-group.js';
import { groupJson } from './group-json.js';
import { listGroups } from './group-list.js';
import { changeGroup, createGroup, deleteGroup } from './groups.js';
import { customerQuery, groupChangeShape, groupPath, groupQuery, listQuery, newGroupShape } from './shapes.js';

/** Groups: list, get, create, change, delete. */
export const groupRoutes = (app: Routes, api: Api): void => {
  readRoutes(app, api);
  writeRoutes(app, api);
};

const readRoutes = (app: Routes, api: Api): void => {
  app.get(
    '/group',
    { schema: { summary: 'List groups', querystring: listQuery, response: { 200: answers.list } } },
    async (request, reply) => {
      const { customer, ...query } = request.query;
      const tenant = customerOf(api, request, customer);
      const visible = [...tenant.groups.values()].filter((group) => maySee(request.token, group));
      return sendTagged(request, reply, listGroups(tenant, visible, query));
    },
  );
  app.get(
    '/group/:groupId',
    {
      schema: {
        summary: 'Get a group',
        params: groupPath,
        querystring: groupQuery,
        response: { 200: answers.group },
      },
    },
    async (request, reply) => {
      const { customer, ...expansion } = request.query;
      const { tenant, group } = findGroup(api, request, { ...request.params, customer });
      demandSight(request.token, group);
      return sendTagged(request, reply, groupJson(tenant, group, expansion));
    },
  );
};

const writeRoutes = (app: Routes, api: Api): void => {
  const config = { right: 'change-groups' as const };
  const querystring = closed(customerQuery);
  app.post(
    '/group',
    {
      config,
      schema: { summary: 'Create a group', querystring, body: newGroupShape, response: { 201: answers.group } },
    },
    async (request, reply) => {
      const tenant = customerOf(api, request, request.query.customer);
      const created = await createGroup(api, { tenant, request, body: request.body });
      const shown = groupJson(created.tenant, created.group);
      tag(reply, shown);
      return reply.code(201).header('location', `/pbx/group/${created.group.id}`).send(shown);
    },
  );
  app.route({
    // TelecomX changes by POST; the other two say the same to those who expect them.
    method: ['POST', 'PUT', 'PATCH'],
    url: '/group/:groupId',
    config,
    schema: {
      summary: 'Change the named fields of a group',
      params: groupPath,
      querystring,
      body: groupChangeShape,
      response: { 200: answers.group },
    },
    handler: async (request, reply) => {
      const place = findGroup(api, request, { ...request.params, ...request.query });
      const { tenant, group } = await changeGroup(api, place, { request, body: request.body });
      const shown = groupJson(tenant, group);
      tag(reply, shown);
      return reply.send(shown);
    },
  });
  app.delete(
    '/group/:groupId',
    {
      config,
      schema: { summary: 'Delete a group', params: groupPath, querystring, response: { 200: answers.success } },
    },
    async (request) => {
      await deleteGroup(api, findGroup(api, request, { ...request.params, ...request.query }), request);
      return { success: true };
    },
  );
};
