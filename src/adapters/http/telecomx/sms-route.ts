import { Type } from 'typebox';
import type { Api, Routes } from '../api.js';
import { closed } from '../schema.js';
import { answers } from './answers.js';
import { demandAct } from './controllers.js';
import { actsAs, findGroup } from './find-group.js';
import { customerQuery, groupPath } from './shapes.js';
import { readText, senderOf, sendToGroup } from './sms.js';

/** A text to the phones of a group. */
export const smsRoute = (app: Routes, api: Api): void => {
  app.post(
    '/group/:groupId/sms',
    {
      config: { right: 'pick-up' },
      schema: {
        summary: 'Send a text to the phones of all members',
        params: groupPath,
        querystring: closed(customerQuery),
        body: closed({
          text: Type.String({ description: 'at most 1000 characters; control characters are left out' }),
        }),
        response: { 200: answers.sms },
      },
    },
    async (request) => {
      const place = findGroup(api, request, { ...request.params, ...request.query });
      demandAct(request, place, { act: 'sms', target: { kind: 'group', id: place.group.id } });
      const text = readText(request.body.text);
      return sendToGroup(api, place, { from: senderOf(place, actsAs(request.token)), text });
    },
  );
};
