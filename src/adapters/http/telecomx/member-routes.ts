import type { ExtensionEntry } from '../../../domain/office.js';
import type { Api, Routes } from '../api.js';
import { sendTagged } from '../etag.js';
import { PresenceForm, setPresence } from '../presence.js';
import { closed } from '../schema.js';
import { answers } from './answers.js';
import { demandAct, demandMembership, onExtension, setMembership } from './controllers.js';
import { demandMember, demandSight, findExtension, findGroup } from './find-group.js';
import { memberCalls } from './member-calls.js';
import { customerQuery, memberPath } from './shapes.js';

/** What everybody needs who does more than look at groups; VIEWER has it not. */
const config = { right: 'pick-up' as const };
const querystring = closed(customerQuery);
const url = '/group/:groupId/member/:extensionId';

/** What the controllers of a group may do to one of its members. */
export const memberRoutes = (app: Routes, api: Api): void => {
  presenceRoutes(app, api);
  membershipRoutes(app, api);
  callsRoute(app, api);
};

const presenceRoutes = (app: Routes, api: Api): void => {
  app.get(
    url,
    { schema: { summary: 'Get a member', params: memberPath, querystring, response: { 200: answers.member } } },
    async (request, reply) => {
      const place = findGroup(api, request, { ...request.params, ...request.query });
      demandSight(request.token, place.group);
      const entry = findExtension(place.tenant, request.params.extensionId);
      demandMember(place, entry);
      return sendTagged(request, reply, memberJson(entry));
    },
  );
  app.put(
    `${url}/presence`,
    {
      config,
      schema: {
        summary: "Set a member's presence",
        params: memberPath,
        querystring,
        body: closed({ presence: PresenceForm }),
        response: { 200: answers.success },
      },
    },
    async (request) => {
      const place = findGroup(api, request, { ...request.params, ...request.query });
      const entry = findExtension(place.tenant, request.params.extensionId);
      // The policy first: who may not do it does not learn who is a member.
      demandAct(request, place, { act: 'set-presence', target: onExtension(entry.number) });
      demandMember(place, entry);
      const { presence } = request.body;
      await setPresence(api, { tenant: place.tenant, extension: entry.number, presence, token: request.token });
      return { success: true };
    },
  );
};

const memberJson = ({ id, number, name, presence }: ExtensionEntry) => ({ _id: id, number, name, presence });

const membershipRoutes = (app: Routes, api: Api): void => {
  const schema = { params: memberPath, querystring, response: { 200: answers.success } };
  app.put(url, { config, schema: { summary: 'Add a member', ...schema } }, async (request) => {
    const place = findGroup(api, request, { ...request.params, ...request.query });
    const { number } = findExtension(place.tenant, request.params.extensionId);
    demandMembership(request, place, number);
    await setMembership(api, place, { request, member: number, isMember: true });
    return { success: true };
  });
  app.delete(url, { config, schema: { summary: 'Remove a member', ...schema } }, async (request) => {
    const place = findGroup(api, request, { ...request.params, ...request.query });
    const entry = findExtension(place.tenant, request.params.extensionId);
    demandMembership(request, place, entry.number);
    demandMember(place, entry);
    await setMembership(api, place, { request, member: entry.number, isMember: false });
    return { success: true };
  });
};

const callsRoute = (app: Routes, api: Api): void => {
  app.get(
    `${url}/calls`,
    {
      config,
      schema: {
        summary: 'See whom a member is on a call with',
        params: memberPath,
        querystring,
        response: { 200: answers.calls },
      },
    },
    async (request) => {
      const place = findGroup(api, request, { ...request.params, ...request.query });
      const entry = findExtension(place.tenant, request.params.extensionId);
      demandAct(request, place, { act: 'view-other-party', target: onExtension(entry.number) });
      demandMember(place, entry);
      return memberCalls(place.tenant, entry.number, await api.calls.list(place.tenant.id));
    },
  );
};
