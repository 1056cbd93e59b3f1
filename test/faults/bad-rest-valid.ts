import { callControl, ids, serviceId } from './bad-rest-office.js';
import type { Role } from './bad-rest-stage.js';

/** What is known of the running office only. */
export interface Known {
  /** The call that rings. */
  readonly call: string;
  /** IvozProvider's ids of two who are in a group. */
  readonly relations: readonly [string, string];
}

/** A request that is as it should be: who asks, with what, and what the answer is. */
export interface Valid {
  readonly as: Role;
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly status: number;
}

type Table = Readonly<Record<string, Valid>>;

/** A valid request for every operation that the service tells of. */
export const validRequests = (known: Known): Table => ({
  ...ofUis(),
  ...ofIvoz('', { as: 'owner', path: {} }, known.relations[0]),
  ...ofIvoz('/companies/{company}', { as: 'reseller', path: { company: 'acme' } }, known.relations[1]),
  ...codesOf('/ivoz/brand_services', { as: 'reseller', path: {} }, { made: 'whisper', kept: 'preview', code: '73' }),
  ...codesOf(
    '/ivoz/brands/{brand}/brand_services',
    { as: 'admin', path: { brand: 'nordic' } },
    { made: 'barge', kept: 'phone-replace', code: '74' },
  ),
  ...ofTelecomx(),
  ...ofVoipnow(known),
  ...ofV1(known),
});

const ofUis = (): Table => {
  const path = { client_id: 'acme' };
  const key = '/client/{client_id}/call_control_group/';
  return {
    [`GET ${key}`]: { as: 'viewer', path, status: 200 },
    [`PUT ${key}`]: { as: 'owner', path, body: callControl, status: 200 },
  };
};

interface Level {
  readonly as: Role;
  readonly path: Readonly<Record<string, string>>;
}

const pages = { _page: '1', _itemsPerPage: '10', _pagination: 'true' };

const ofIvoz = (base: string, { as, path }: Level, relation: string): Table => {
  const own = base === '';
  const at = `/ivoz${base}`;
  const group = { ...path, id: own ? '2' : '3' };
  const user = { ...path, id: own ? '13' : '14' };
  const name = own ? 'made' : 'made too';
  return {
    [`GET ${at}/pick_up_groups`]: { as, path, query: pages, status: 200 },
    [`POST ${at}/pick_up_groups`]: { as, path, body: { name, userIds: [13] }, status: 201 },
    [`GET ${at}/pick_up_groups/{id}`]: { as, path: group, status: 200 },
    [`PUT ${at}/pick_up_groups/{id}`]: {
      as,
      path: group,
      body: { name: `${name} of old`, userIds: [14] },
      status: 200,
    },
    [`DELETE ${at}/pick_up_groups/{id}`]: { as, path: group, status: 204 },
    [`GET ${at}/pick_up_rel_users`]: { as, path, query: pages, status: 200 },
    [`POST ${at}/pick_up_rel_users`]: { as, path, body: { pickUpGroup: 1, user: own ? 14 : 104 }, status: 201 },
    [`GET ${at}/pick_up_rel_users/{id}`]: { as, path: { ...path, id: relation }, status: 200 },
    [`DELETE ${at}/pick_up_rel_users/{id}`]: { as, path: { ...path, id: relation }, status: 204 },
    [`GET ${at}/users`]: { as, path, query: pages, status: 200 },
    [`GET ${at}/users/{id}`]: { as, path: user, status: 200 },
    [`PUT ${at}/users/{id}`]: { as, path: user, body: { pickupGroupIds: [1] }, status: 200 },
    [`GET ${at}/services`]: { as, path, status: 200 },
    [`GET ${at}/services/unassigned`]: { as, path, query: { _includeId: '1' }, status: 200 },
    [`GET ${at}/services/{id}`]: { as, path: { ...path, id: '2' }, status: 200 },
    ...codesOf(
      `${at}/company_services`,
      { as, path },
      own
        ? { made: 'steal', kept: 'pickup-deny', code: '71' }
        : { made: 'eavesdrop', kept: 'pickup-allow', code: '72' },
    ),
  };
};

type Service = Parameters<typeof serviceId>[0];

const codesOf = (
  at: string,
  { as, path }: Level,
  { made, kept, code }: { made: Service; kept: Service; code: string },
): Table => {
  const one = { ...path, id: serviceId(kept) };
  return {
    [`GET ${at}`]: { as, path, query: pages, status: 200 },
    [`POST ${at}`]: { as, path, body: { service: Number(serviceId(made)), code, codes: [`*${code}`] }, status: 201 },
    [`GET ${at}/{id}`]: { as, path: one, status: 200 },
    [`PUT ${at}/{id}`]: { as, path: one, body: { codes: [`*${code}9`] }, status: 200 },
    [`DELETE ${at}/{id}`]: { as, path: one, status: 204 },
  };
};

const group = {
  name: 'Made',
  customer: ids.acme,
  number: '850',
  notes: 'of a test',
  members: [ids.bob],
  controllers: [ids.carol],
  pickup: true,
  strategy: 'ALL',
  ringTime: 20,
  timeoutGoto: ids.outside,
  redirect: '102',
};

const ofTelecomx = (): Table => {
  const query = { customer: ids.acme };
  const at = '/pbx/group';
  const path = { groupId: ids.spare };
  const one = `${at}/{groupId}`;
  const change = { as: 'manager', path, body: { ...group, number: '801' }, status: 200 } as const;
  return {
    [`GET ${at}`]: { as: 'viewer', query: { ...query, offset: '0', limit: '10', full: 'true' }, status: 200 },
    [`POST ${at}`]: { as: 'manager', query, body: group, status: 201 },
    [`GET ${one}`]: { as: 'viewer', path, query: { ...query, expandExtension: 'true' }, status: 200 },
    [`POST ${one}`]: change,
    [`PUT ${one}`]: change,
    [`PATCH ${one}`]: change,
    [`DELETE ${one}`]: { as: 'manager', path, query, status: 200 },
    [`POST ${one}/sms`]: { as: 'manager', path: { groupId: ids.support }, query, body: { text: 'Hello' }, status: 200 },
    [`POST ${one}/pickup`]: {
      ...{ as: 'nobody', path: { groupId: ids.support }, query, body: {}, status: 202 },
    },
    ...membersOfTelecomx(`${one}/member/{extensionId}`),
    'GET /pbx/extension': { as: 'viewer', query: { ...query, offset: '0', limit: '10', filter: '1' }, status: 200 },
    'GET /pbx/extension/{extensionId}': { as: 'viewer', path: { extensionId: ids.carol }, query, status: 200 },
  } as Table;
};

const membersOfTelecomx = (at: string): Table => {
  const path = { groupId: ids.support, extensionId: ids.carol };
  const query = { customer: ids.acme };
  return {
    [`GET ${at}`]: { as: 'viewer', path, query, status: 200 },
    [`PUT ${at}`]: { as: 'manager', path, query, status: 200 },
    [`DELETE ${at}`]: { as: 'manager', path, query, status: 200 },
    [`PUT ${at}/presence`]: { as: 'manager', path, query, body: { presence: 'away' }, status: 200 },
    [`GET ${at}/calls`]: { as: 'manager', path, query, status: 200 },
    [`POST ${at}/pickup`]: { as: 'nobody', path: { ...path, extensionId: ids.bob }, query, body: {}, status: 202 },
  };
};

const ofVoipnow = ({ call }: Known): Table => {
  const at = '/uapi/phoneCalls/{userId}/{extension}';
  const path = { userId: '12', extension: '0003*101' };
  const one = { ...path, phoneCallId: call.replaceAll('-', '') };
  const query = {
    count: '5',
    startIndex: '0',
    filterBy: 'published',
    filterOp: 'greaterThan',
    filterValue: '2020-01-01T00:00:00Z',
    fields: 'id',
  };
  const action = {
    ...{ action: 'PickUp', sendCallTo: '0003*106', callerId: 'John Doe <+3334444>' },
    ...{ waitForPickup: 20, phoneCallViewId: '01' },
  };
  return {
    [`GET ${at}`]: { as: 'manager', path, query: { ...query, sortOrder: 'descending' }, status: 200 },
    [`GET ${at}/{phoneCallId}`]: { as: 'manager', path: one, query: { fields: 'id,published' }, status: 200 },
    [`PUT ${at}/{phoneCallId}`]: { as: 'manager', path: one, body: action, status: 202 },
  };
};

const ofV1 = ({ call }: Known): Table => {
  const since = '2020-01-01T00:00:00Z';
  return {
    'GET /v1/calls': {
      ...{ as: 'viewer', status: 200 },
      query: { state: 'ringing', target: '101', caller: '100', since, limit: '10' },
    },
    'GET /v1/calls/{id}': { as: 'viewer', path: { id: call }, status: 200 },
    'GET /v1/pickup/candidates': { as: 'manager', query: { extension: '102' }, status: 200 },
    'POST /v1/pickup': {
      ...{ as: 'nobody', status: 202 },
      body: { call, sendTo: '106', callerId: 'John Doe <+3334444>', waitSeconds: 20 },
    },
    'GET /v1/pickup/{id}': { as: 'manager', path: { id: 'ab-12' }, status: 404 },
    'POST /v1/explain': {
      ...{ as: 'manager', status: 200 },
      body: { picker: '102', act: 'pickup', target: '101', by: 'number' },
    },
    'GET /v1/supervisions': {
      ...{ as: 'viewer', status: 200 },
      query: { call, supervisor: '102', colleague: '101', mode: 'listen' },
    },
    'POST /v1/supervisions': {
      ...{ as: 'manager', status: 404 },
      body: { colleague: '100', mode: 'listen', supervisor: '101', call, waitSeconds: 20 },
    },
    'GET /v1/supervisions/{id}': { as: 'manager', path: { id: 'ab-12' }, status: 404 },
    'PATCH /v1/supervisions/{id}': { as: 'manager', path: { id: 'ab-12' }, body: { mode: 'barge' }, status: 404 },
    'DELETE /v1/supervisions/{id}': { as: 'manager', path: { id: 'ab-12' }, status: 404 },
    'POST /v1/steal': {
      ...{ as: 'manager', status: 404 },
      body: { extension: '101', picker: '101', call, waitSeconds: 20 },
    },
    'GET /v1/steal/{id}': { as: 'manager', path: { id: 'ab-12' }, status: 404 },
    'GET /v1/events': { as: 'viewer', status: 200 },
    'GET /v1/extensions': { as: 'viewer', query: { changed: 'false', limit: '10' }, status: 200 },
    'GET /v1/extensions/{extension}': { as: 'viewer', path: { extension: '102' }, status: 200 },
    'PUT /v1/extensions/{extension}/replace-pin': {
      ...{ as: 'manager', path: { extension: '102' }, body: { pin: '135791' }, status: 204 },
    },
    'DELETE /v1/extensions/{extension}/replace-pin': { as: 'manager', path: { extension: '102' }, status: 204 },
    'DELETE /v1/extensions/{extension}/changed-phones': { as: 'manager', path: { extension: '102' }, status: 204 },
    'GET /v1/outside-numbers': { as: 'viewer', status: 200 },
    'GET /v1/outside-numbers/{id}': { as: 'viewer', path: { id: ids.outside }, status: 200 },
    'PUT /v1/outside-numbers/{id}': {
      ...{ as: 'manager', path: { id: ids.outside }, body: { number: '+4587654321', name: 'Night desk' }, status: 200 },
    },
    'DELETE /v1/outside-numbers/{id}': { as: 'manager', path: { id: 'ab12' }, status: 404 },
    'GET /v1/extensions/{extension}/presence': { as: 'viewer', path: { extension: '102' }, status: 200 },
    'PUT /v1/extensions/{extension}/presence': {
      ...{ as: 'manager', path: { extension: '102' }, body: { presence: 'away' }, status: 200 },
    },
  } as Table;
};
