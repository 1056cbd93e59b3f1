import type { EarlyDialog } from '../../src/flows/ports.js';
import type { Leg, Message, Phone } from '../support/phone.js';
import type { RunningService } from '../support/service.js';

/** Three companies with the same numbers: one where everybody may, another, and one that allows nothing. */
export const companies = `
sipAuth: none
tenants:
  acme:
    default: true
    domains: [acme.example]
    extensions: { "100": { name: Alice Adams }, "101": { name: Bob Brown }, "102": { name: Carol Clark }, "103": {} }
  other:
    domains: [other.example]
    extensions: { "100": {}, "101": {}, "102": {} }
  strict:
    domains: [strict.example]
    extensions: { "100": {}, "101": {}, "102": {} }
    callControl: { pickup_all: false }
`;
/** What a watcher of the extension is told of the dialog of this phone, for now out of the store. */
export const dialogOf = async ({ redis }: RunningService, leg: Leg, tenant = 'acme'): Promise<EarlyDialog> => {
  const all = (await redis.hvals(`cp:{${tenant}}:dialogs:101`)).map((json) => JSON.parse(json) as EarlyDialog);
  const own = all.find(({ sipCallId }) => sipCallId === leg.request.callId);
  if (!own) throw new Error('nobody was told of the dialog');
  return own;
};

/** What a key makes of it (RFC 3891 section 6.1). */
export const replacesOf = async (...of: Parameters<typeof dialogOf>): Promise<string> => {
  const { sipCallId, remoteTag, localTag } = await dialogOf(...of);
  return `${sipCallId};to-tag=${remoteTag};from-tag=${localTag}`;
};

/** Presses a blinking key; more headers if the phone sends some. */
export const presses = (
  who: Phone,
  Replaces: string | string[],
  target = '101',
  headers: Record<string, string> = {},
) => who.calls(target, { headers: { Replaces, ...headers } });

/** What a press that comes to nothing is answered. */
export const heard = async (...press: Parameters<typeof presses>): Promise<string> => {
  const { status, startLine } = (await presses(...press).fails()) as Message;
  return startLine.slice(startLine.indexOf(String(status)));
};
