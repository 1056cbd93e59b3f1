import type { Registrar } from '../../flows/ports.js';
import { liveBindings, readBinding } from './binding.js';
import type { RedisClient } from './client.js';
import { channels, keys } from './keys.js';

/** An extension rings on at most so many phones; a mistake or an attack stops here. */
const mostBindings = 10;

/** The registrar over register.lua: one round trip a REGISTER. */
export const redisRegistrar = (redis: RedisClient): Registrar => ({
  async register({ tenant, extension, callId, cseq, change }) {
    const pairs =
      change === 'all' ? [] : change.flatMap(({ id, binding }) => [id, binding ? JSON.stringify(binding) : '']);
    const all = change === 'all' ? '*' : '';
    const key = keys.bindings(tenant, extension);
    const args = [callId, cseq, Date.now(), mostBindings, all, channels.woken, `${tenant} ${extension}`];
    const [verdict, ...jsons] = await redis.cpRegister(1, key, ...args, ...pairs);
    return verdict === 'ok' ? { ok: true, bindings: jsons.map(readBinding) } : { ok: false, refusal: verdict };
  },

  async phones(tenant, extension) {
    return liveBindings(await redis.hvals(keys.bindings(tenant, extension)));
  },
});
