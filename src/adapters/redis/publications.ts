import type { Publications } from '../../flows/publish-presence.js';
import type { RedisClient } from './client.js';
import { personalKeys, presenceTold } from './presence-news.js';

/** So many phones may say something of one extension. */
const most = 10;

/** What phones say of their extensions for a time, beside what else people say: every instance reads it with that. */
export const redisPublications = (redis: RedisClient): Publications => ({
  put: (tenant, extension, { tag = '', newTag, presence = '', seconds, saying }) => {
    const said = [extension, tag, newTag, presence, seconds, most];
    return redis.cpPublish(2, ...personalKeys(tenant), ...said, ...presenceTold(tenant, extension, saying));
  },
});
