import type { TenantId } from '../../domain/names.js';
import type { NewsStream, NumberedNews } from '../../flows/news.js';
import type { RedisClient } from './client.js';
import { channels, keys } from './keys.js';
import { readNews } from './news-text.js';
import type { Subscriptions } from './subscriptions.js';

/** So many are read at once by who comes back. */
const most = 10_000;

/** An id of the stream; each of its numbers fits into 64 bits, or Redis would refuse the question. */
const idForm = /^\d{1,19}(-\d{1,19})?$/;

/** The news of each company: a stream for who comes back, a channel for who listens. */
export const redisNews = (redis: RedisClient, subscriptions: Subscriptions): NewsStream => {
  const since = async (tenant: TenantId, id: string): Promise<NumberedNews[]> => {
    if (!idForm.test(id)) return [];
    const entries = await redis.xrange(keys.news(tenant), `(${id}`, '+', 'COUNT', most);
    return entries.map(([entry, fields]) => readNews(entry, fields[1] ?? '{}'));
  };
  return {
    since,
    listen: (tenant, listener) =>
      subscriptions.listen(channels.news(tenant), (message) => {
        const end = message.indexOf(' ');
        listener(readNews(message.slice(0, end), message.slice(end + 1)));
      }),
  };
};
