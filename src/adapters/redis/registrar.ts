import type { Extension, TenantId } from '../../domain/names.js';
import { readBinding, type StoredBinding } from './binding.js';
import type { RedisClient } from './client.js';
import { keys } from './keys.js';

/** What one REGISTER asks for. */
export interface Registration {
  readonly tenant: TenantId;
  readonly extension: Extension;
  readonly callId: string;
  readonly cseq: number;
  /** `all` is `Contact: *` with Expires 0; otherwise each contact, with no binding where it is to go. */
  readonly change: 'all' | readonly { id: string; binding: StoredBinding | undefined }[];
}

/** The bindings after the change, or why there was none. */
export type Registered = { ok: true; bindings: StoredBinding[] } | { ok: false; refusal: 'stale' | 'full' };

/** An extension rings on at most so many phones; a mistake or an attack stops here. */
const mostBindings = 10;

/** Which phone is where: the bindings of every extension, in Redis, so that every instance knows them. */
export interface Registrar {
  register(registration: Registration): Promise<Registered>;
}

/** The registrar over register.lua: one round trip a REGISTER. */
export const redisRegistrar = (redis: RedisClient): Registrar => ({
  async register({ tenant, extension, callId, cseq, change }) {
    const pairs =
      change === 'all' ? [] : change.flatMap(({ id, binding }) => [id, binding ? JSON.stringify(binding) : '']);
    const all = change === 'all' ? '*' : '';
    const key = keys.bindings(tenant, extension);
    const [verdict, ...jsons] = await redis.cpRegister(1, key, callId, cseq, Date.now(), mostBindings, all, ...pairs);
    return verdict === 'ok' ? { ok: true, bindings: jsons.map(readBinding) } : { ok: false, refusal: verdict };
  },
});
