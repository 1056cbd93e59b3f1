import { startRedis } from './redis.js';
import { type RunningService, type ServiceOptions, service } from './service.js';

/** Who ends the instances when the test is over; tap's `t` is one. */
interface Stage {
  teardown(last: () => Promise<void>): unknown;
}

/**
 * Two instances over one Redis that know of each other, each on an embedded SIP engine of its own: one real
 * drachtio-server would share its calls between them.
 */
export const twoInstances = async (
  t: Stage,
  { office, env = {} }: ServiceOptions = {},
): Promise<[one: RunningService, other: RunningService]> => {
  const shared = await startRedis('shared');
  t.teardown(() => shared.stop());
  const own = { REDIS_URL: `redis://127.0.0.1:${shared.port}`, DRACHTIO_HOST: '' };
  const instance = (INSTANCE_ID: string) =>
    service(t, { ...(office !== undefined && { office }), env: { ...own, ...env, INSTANCE_ID } });
  const both = await Promise.all([instance('one'), instance('other')]);
  // The first heartbeats.
  while ((await both[0].redis.keys('cp:instance:*')).length < 2)
    await new Promise((resolve) => setTimeout(resolve, 20));
  return both;
};
