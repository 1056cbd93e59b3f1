import type { Dialect } from '../api.js';
import type { Problem } from '../problem.js';
import { answers } from './answers.js';
import { extensionRoutes } from './extension-routes.js';
import { groupRoutes } from './group-routes.js';
import { memberRoutes } from './member-routes.js';
import { pickupRoutes } from './pickup-routes.js';
import { smsRoute } from './sms-route.js';

/** TelecomX: groups with members, and controllers with rights over them. */
export const telecomx: Dialect = {
  name: 'TelecomX',
  description: 'Groups, their members, and what their controllers may do.',
  prefix: '/pbx',
  errorSchema: answers.error,
  errorAnswer: (problem) => ({ body: errorJson(problem) }),
  routes: (api) => async (app) => {
    extensionRoutes(app, api);
    groupRoutes(app, api);
    memberRoutes(app, api);
    smsRoute(app, api);
    pickupRoutes(app, api);
  },
};

/** The three columns of the error tables on TelecomX's pages, and the fields that are wrong. */
const errorJson = ({ status, code, message, faults, requestId }: Problem) => ({
  error: status,
  message: code,
  description: message,
  ...(faults[0] && {
    field: faults[0].field,
    fields: faults.map(({ field, reason }) => ({ field, description: reason })),
  }),
  ...(requestId !== undefined && { request: requestId }),
});
