import type { CallState } from '../../domain/call.js';
import type { CallId, Extension, InstanceId, TenantId } from '../../domain/names.js';
import { type GroupPlace, groupAt } from '../../domain/ring-place.js';
import type { CallDirectory, KnownCall } from '../../flows/call-directory.js';
import type { RedisClient } from './client.js';
import { keys } from './keys.js';

/** So many calls of one tenant are listed. */
const most = 5_000;

/** Our call ids; nothing else becomes part of a key. */
const callForm = /^[0-9a-f-]{36}$/;

/** The calls of a company as they stand in Redis. */
export const redisCallDirectory = (redis: RedisClient): CallDirectory => {
  const read = async (tenant: TenantId, wanted: CallId | ''): Promise<KnownCall[]> => {
    const calls = await redis.cpCalls(1, keys.calls(tenant), keys.prefix(tenant), most, wanted);
    return calls.map((fields) => knownCall(tenant, fields));
  };
  return {
    list: (tenant) => read(tenant, ''),
    find: async (tenant, call) => (callForm.test(call) ? (await read(tenant, call))[0] : undefined),
  };
};

/** Reads a call as the scripts return it: fields and values in turn. */
export const knownCall = (tenant: TenantId, flat: readonly string[]): KnownCall => {
  const fields = new Map<string, string>();
  for (let i = 0; i < flat.length; i += 2) fields.set(flat[i] ?? '', flat[i + 1] ?? '');
  const text = (name: string) => fields.get(name) ?? '';
  const [picker, ringingAt, answeredAt] = [text('picker'), text('ringingAt'), text('answeredAt')];
  const [ringsAt, groups] = text('state') === 'connected' ? ['', ''] : [text('rings'), text('groups')];
  return {
    id: text('id') as CallId,
    tenant,
    owner: text('owner') as InstanceId,
    state: text('state') as CallState,
    ...(text('caller') && { caller: text('caller') as Extension }),
    callerName: text('callerName'),
    callerNumber: text('callerNumber'),
    isAnonymous: text('anonymous') === '1',
    isPrivate: text('private') === '1',
    target: text('target') as Extension,
    ...(text('group') && { group: text('group') as Extension }),
    ...(ringsAt && { ringsAt: ringsAt.split(' ') as Extension[] }),
    ...(groups && { groups: (groups.split(' ') as GroupPlace[]).map(groupAt) }),
    ...(picker && { picker: picker as Extension }),
    startedAt: Number(text('startedAt')),
    ...(ringingAt && { ringingAt: Number(ringingAt) }),
    ...(answeredAt && { answeredAt: Number(answeredAt) }),
  };
};
