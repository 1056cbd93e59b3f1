import { readExtension, type TenantId } from '../../domain/names.js';
import type { ExtensionNews } from '../../flows/news.js';
import type { PhoneChanges } from '../../flows/phone-changes.js';
import type { RedisClient } from './client.js';
import { channels, keys } from './keys.js';

type PhonesChanged = Extract<ExtensionNews, { event: 'phones-changed' }>;

/** Who has changed phones with whom, beside what else people say of themselves: every instance reads it with that. */
export const redisPhoneChanges = (redis: RedisClient): PhoneChanges => {
  const keysOf = (tenant: TenantId) => [keys.personal(tenant), keys.news(tenant)];
  const told = (tenant: TenantId) => [channels.office, `personal ${tenant}`, channels.news(tenant)];
  return {
    change: async (tenant, one, other) => {
      const news: PhonesChanged = { event: 'phones-changed', extension: one, other, became: 'changed' };
      const changing = [one, other, ...told(tenant), JSON.stringify(news)];
      return (await redis.cpChangePhones(2, ...keysOf(tenant), ...changing)) === 'changed';
    },
    changeBack: async (tenant, one) => {
      const news: Omit<PhonesChanged, 'other'> = { event: 'phones-changed', extension: one, became: 'changed-back' };
      const changing = [one, ...told(tenant), JSON.stringify(news)];
      return readExtension(await redis.cpChangePhonesBack(2, ...keysOf(tenant), ...changing));
    },
  };
};
