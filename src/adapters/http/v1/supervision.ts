import type { FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import type { Tenant } from '../../../domain/office.js';
import type { ListenMode } from '../../../flows/media.js';
import type { OrderRecord } from '../../../flows/orders.js';
import type { KnownSupervision } from '../../../flows/supervision-directory.js';
import type { Api, Routes } from '../api.js';
import { companyOf } from '../company.js';
import { refuse, thrown } from '../problem.js';
import { closed, form } from '../schema.js';
import { actIdForm, mayFollowAct } from './act-order.js';
import { isOwnPhone } from './own-phones.js';
import { problemOfRefusal } from './refusal-words.js';
import { viewerOf } from './sight.js';
import { ModeForm, orderedSupervisionJson, SupervisionJson, supervisionJson } from './supervision-json.js';
import { maySeeSupervision } from './supervision-sight.js';

const params = closed({ id: form(actIdForm, 'the id of a supervision') });

/** A supervision: one that runs, or what became of the order for it. */
type Found = { running: KnownSupervision } | { ordered: OrderRecord & { readonly act: ListenMode } };

const nothing = () => refuse(404, 'there is no such supervision');

/** Throws 404 for what is not there, and for what the token may not see. */
const found = async (api: Api, tenant: Tenant, { token, params: { id } }: Asked): Promise<Found> => {
  // The order first: it is told as answered only after the supervision was noted as running.
  const ordered = await api.acts.find(tenant, id);
  const running = await api.supervisions.find(tenant.id, id);
  if (running && maySeeSupervision(viewerOf(tenant, token), running, running.of)) return { running };
  if (running || !ordered?.act || ordered.act === 'steal' || !mayFollowAct(tenant, token, ordered)) throw nothing();
  return { ordered: { ...ordered, act: ordered.act } };
};

type Asked = FastifyRequest<{ Params: { id: string } }>;

const jsonOf = (tenant: Tenant, it: Found): Static<typeof SupervisionJson> =>
  'running' in it ? supervisionJson(tenant, it.running) : orderedSupervisionJson(tenant, it.ordered);

/** Has it changed or ended; throws why it is not. */
const change = async (api: Api, request: Asked, to: ListenMode | 'stop'): Promise<Tenant> => {
  const tenant = companyOf(api, request);
  const it = await found(api, tenant, request);
  const { id, call, supervisor, colleague } = 'running' in it ? it.running : orderedOf(it.ordered, to);
  if (request.token.role === 'PERSONAL' && !isOwnPhone(tenant, request.token, supervisor)) throw nothing();
  const refusal = await api.acts.change({ tenant, call, supervisor, colleague, change: { supervision: id, to } });
  if (refusal === 'no-call') throw nothing();
  if (refusal) throw thrown(problemOfRefusal(refusal, 'act'));
  return tenant;
};

/** One whose phones still ring can be ended only, and one that is over nothing. */
const orderedOf = ({ id, call, sendTo, target, state }: OrderRecord, to: ListenMode | 'stop') => {
  if (state !== 'pending' && state !== 'ringing') throw refuse(409, 'the supervision is over', { code: 'over' });
  if (to !== 'stop') throw refuse(409, "the supervisor's phone has not answered yet", { code: 'not-running' });
  return { id, call, supervisor: sendTo, colleague: target };
};

/** One supervision: how it stands, another mode, its end. */
export const addSupervision = (app: Routes, api: Api): void => {
  const config = { right: 'pick-up' } as const;
  app.get(
    '/supervisions/:id',
    {
      schema: {
        summary: 'One supervision; one that a program asked for is kept for ten minutes after its end',
        params,
        response: { 200: SupervisionJson },
      },
    },
    async (request) => {
      const tenant = companyOf(api, request);
      return jsonOf(tenant, await found(api, tenant, request));
    },
  );

  app.patch(
    '/supervisions/:id',
    {
      config,
      schema: {
        summary: 'Take part otherwise: listen, whisper or barge',
        params,
        body: closed({ mode: ModeForm }),
        response: { 200: SupervisionJson },
      },
    },
    async (request) => {
      const tenant = await change(api, request, request.body.mode);
      return jsonOf(tenant, await found(api, tenant, request));
    },
  );

  app.delete(
    '/supervisions/:id',
    {
      config,
      schema: {
        summary: 'End a supervision, or stop calling for it; the call goes on',
        params,
        response: { 204: Type.Null({ description: 'it is over' }) },
      },
    },
    async (request, reply) => {
      await change(api, request, 'stop');
      return reply.code(204).send(null);
    },
  );
};
