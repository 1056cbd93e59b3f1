import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { OrderRecord } from '../../../flows/send-call.js';
import type { Api, Routes } from '../api.js';
import { closed } from '../schema.js';
import { answers } from './answers.js';
import { demandMember, findExtension, findGroup, type Place } from './find-group.js';
import { demandReach, pickerOf, pickUpRinging } from './pickup.js';
import { customerQuery, groupPath, idShape, memberPath } from './shapes.js';

const config = { right: 'pick-up' as const };
const schema = {
  querystring: closed(customerQuery),
  body: closed({ sendTo: Type.Optional(idShape) }),
  response: { 202: answers.pickup },
};

/** No body at all is a body without fields; null is a body, and a wrong one. */
const preValidation = async (request: FastifyRequest): Promise<void> => {
  if (request.body === undefined) request.body = {};
};

/** Pickup by program: of one member, or of whoever is called in the group. */
export const pickupRoutes = (app: Routes, api: Api): void => {
  app.post(
    '/group/:groupId/pickup',
    {
      config,
      preValidation,
      schema: { summary: 'Pick up the oldest call of the group', params: groupPath, ...schema },
    },
    async (request, reply) => {
      const place = findGroup(api, request, { ...request.params, ...request.query });
      const { number: picker } = pickerOf(place, request.token, request.body.sendTo);
      const reach = demandReach(place, picker, { by: 'group', group: place.group.id });
      return reply.code(202).send(pickupJson(place, await pickUpRinging(api, place, { picker, reach })));
    },
  );
  app.post(
    '/group/:groupId/member/:extensionId/pickup',
    { config, preValidation, schema: { summary: 'Pick up the call of a member', params: memberPath, ...schema } },
    async (request, reply) => {
      const place = findGroup(api, request, { ...request.params, ...request.query });
      const member = findExtension(place.tenant, request.params.extensionId);
      const { number: picker } = pickerOf(place, request.token, request.body.sendTo);
      // The policy first: who may not do it does not learn who is a member.
      const reach = demandReach(place, picker, { by: 'number', extension: member.number });
      demandMember(place, member);
      return reply.code(202).send(pickupJson(place, await pickUpRinging(api, place, { picker, reach })));
    },
  );
};

/** The id is that of the order; whose call it is stands beside it. */
const pickupJson = ({ tenant }: Place, { id, call, target }: OrderRecord) => ({
  success: true,
  _id: id,
  call,
  extension: tenant.extensions.get(target)?.id ?? '',
});
