import type { FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import type { Extension } from '../../../domain/names.js';
import { domainOf, type Tenant } from '../../../domain/office.js';
import type { KnownCall } from '../../../flows/call-directory.js';
import type { OrderKey } from '../../../flows/orders.js';
import type { Party } from '../../../flows/ports.js';
import type { Ordered } from '../../../flows/send-call.js';
import type { Api, Routes } from '../api.js';
import { companyOf } from '../company.js';
import { thrown } from '../problem.js';
import { closed, form } from '../schema.js';
import { CallerId, partyOf } from '../v1/caller-id.js';
import { IdempotencyHeaders, once, orderKey } from '../v1/idempotency.js';
import { phoneFault } from '../v1/own-phones.js';
import { invalid } from './error-json.js';
import { ExtensionNumberForm, readExtensionNumber } from './extension-number.js';
import { isInvolved } from './involved.js';
import { phoneCallUrl } from './links.js';
import { callIdOf } from './object-id.js';
import { CallPath } from './paths.js';
import { type Asked, calleeView, hasView } from './phone-call.js';
import { refusalProblem } from './refusals.js';
import { type Whose, whoseOf } from './whose.js';

const PhoneCallAction = closed({
  action: Type.Enum(['PickUp']),
  sendCallTo: ExtensionNumberForm,
  callerId: Type.Optional(CallerId),
  waitForPickup: Type.Optional(
    Type.Union(
      [
        Type.Integer({ minimum: 1, maximum: 3600 }),
        Type.String({ pattern: '^0{0,4}([1-9]\\d{0,2}|[12]\\d{3}|3[0-5]\\d{2}|3600)$' }),
      ],
      { description: 'numeric and higher than 0: whole seconds, at most 3600', default: 25 },
    ),
  ),
  phoneCallViewId: form('^[0-9]{2}$', 'the id of a view of the phone call: 01'),
});

const Accepted = Type.Object({
  id: Type.String(),
  extension: Type.String(),
  link: Type.Object({ self: Type.String() }),
});

type Action = Static<typeof PhoneCallAction>;

/** To whom the call is to be sent, and how the request called the extension whose it is. */
interface Sending {
  readonly sendCallTo: string;
  readonly asked: Asked;
}

/** Who gets the call; throws if it is no phone that this token may send calls to. */
const sendToOf = (tenant: Tenant, request: FastifyRequest, { sendCallTo, asked }: Sending): Extension => {
  const { prefix, extension } = readExtensionNumber(sendCallTo);
  // One request speaks of one organization, whatever its prefix is.
  const isElsewhere = prefix !== '' && asked.prefix !== '' && prefix !== asked.prefix;
  const reason = isElsewhere ? 'is of another organization' : phoneFault(tenant, request.token, extension);
  if (reason) throw invalid('sendCallTo', reason);
  return extension;
};

/** Whom the phone that is called shows: who the request says, else the phone's own caller id. */
const shownOf = (tenant: Tenant, callerId: string | undefined, sendTo: Extension): Party =>
  callerId === undefined
    ? {
        name: tenant.extensions.get(sendTo)?.name ?? sendTo,
        number: sendTo,
        domain: domainOf(tenant),
        private: false,
      }
    : partyOf(tenant, callerId);

/** The call that the path and the view name; throws if there is none that rings. */
const ringingCall = async (
  { calls }: Pick<Api, 'calls'>,
  { scope }: Whose,
  { phoneCallId, view }: { phoneCallId: string; view: string },
): Promise<KnownCall> => {
  const id = callIdOf(phoneCallId);
  const call = id && (await calls.find(scope.viewer.tenant.id, id));
  if (!call || !isInvolved(scope, call)) throw invalid('phoneCallId', 'must reference an existing phone call');
  if (!hasView(call, view)) throw invalid('phoneCallViewId', 'must reference a view of the phone call');
  if (view !== calleeView || call.state !== 'ringing') {
    throw invalid('phoneCallViewId', `must be the view that rings: ${calleeView}, while the call is not answered`);
  }
  return call;
};

interface Wanted {
  readonly tenant: Tenant;
  readonly whose: Whose;
  readonly phoneCallId: string;
  readonly sendTo: Extension;
  readonly action: Action;
  readonly key: OrderKey | undefined;
}

/** Orders the pickup of a call that rings. */
const order = async (api: Api, { tenant, whose, phoneCallId, sendTo, action, key }: Wanted): Promise<Ordered> => {
  const call = await ringingCall(api, whose, { phoneCallId, view: action.phoneCallViewId });
  return api.sendCall.order({
    ...{ tenant, call: call.id, target: call.target, sendTo },
    shown: shownOf(tenant, action.callerId, sendTo),
    waitSeconds: Number(action.waitForPickup ?? 25),
    ...(key && { key }),
  });
};

/** Everything that the request asks for: with another word of it the same key is another request. */
const keyOf = (request: FastifyRequest, path: Static<typeof CallPath>, action: Action): OrderKey | undefined =>
  orderKey(request, [
    ...['/uapi/phoneCalls', path.userId, path.extension, path.phoneCallId],
    ...[action.sendCallTo, action.callerId, Number(action.waitForPickup ?? 25), action.phoneCallViewId],
  ]);

/** The owner of an extension, where the request speaks for nobody in particular. */
const ownerOf = ({ extensions }: Tenant, extension: Extension): string => extensions.get(extension)?.user ?? extension;

const addPut = (app: Routes, api: Api, { slash }: { slash: '' | '/' }): void => {
  app.put(
    `/phoneCalls/:userId/:extension/:phoneCallId${slash}`,
    {
      config: { right: 'pick-up' },
      schema: {
        summary: 'PickUp PhoneCalls: sendCallTo is called while the target rings on, and has the call when it answers',
        hide: slash === '/',
        headers: IdempotencyHeaders,
        params: CallPath,
        body: PhoneCallAction,
        response: { 202: Accepted },
      },
    },
    async (request, reply) => {
      const tenant = companyOf(api, request);
      const { params, body: action } = request;
      const whose = whoseOf(tenant, request, params);
      const sendTo = sendToOf(tenant, request, { sendCallTo: action.sendCallTo, asked: whose.asked });
      const key = keyOf(request, params, action);
      const { phoneCallId } = params;
      const wanted = { tenant, whose, phoneCallId, sendTo, action, key };
      const ordered = await once(api, wanted, () => order(api, wanted));
      if (!ordered.ok) throw thrown(refusalProblem(ordered.refusal));
      const { extension = ordered.order.target, prefix } = whose.asked;
      const user = whose.scope.account.user ?? ownerOf(tenant, extension);
      const self = phoneCallUrl(request, [user, `${prefix}${extension}`, phoneCallId]);
      return reply.code(202).send({ id: phoneCallId, extension: `${prefix}${extension}`, link: { self } });
    },
  );
};

/** PickUp PhoneCalls; VoipNow's own clients end their paths with a slash. */
export const addPickUp = (app: Routes, api: Api): void => {
  for (const slash of ['', '/'] as const) addPut(app, api, { slash });
};
