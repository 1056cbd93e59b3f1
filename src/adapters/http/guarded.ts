import type { Ports } from './api.js';
import { storeAway, thrown } from './problem.js';

/** The ports with every rejection told as 503: they reject for no other reason than that the store is away. */
export const guarded = ({ calls, news, sendCall, acts, supervisions, messages, tokens, ...others }: Ports): Ports => ({
  ...others,
  calls: {
    list: (tenant) => reached(() => calls.list(tenant)),
    find: (tenant, call) => reached(() => calls.find(tenant, call)),
  },
  news: {
    since: (tenant, id) => reached(() => news.since(tenant, id)),
    listen: (tenant, listener) => news.listen(tenant, listener),
  },
  sendCall: {
    ...sendCall,
    repeated: (...asked) => reached(() => sendCall.repeated(...asked)),
    find: (tenant, id) => reached(() => sendCall.find(tenant, id)),
  },
  acts: { ...acts, find: (tenant, id) => reached(() => acts.find(tenant, id)) },
  supervisions: {
    list: (tenant) => reached(() => supervisions.list(tenant)),
    find: (tenant, id) => reached(() => supervisions.find(tenant, id)),
  },
  messages: { send: (tenant, to, message) => reached(() => messages.send(tenant, to, message)) },
  tokens: { find: (text) => reached(() => tokens.find(text)) },
});

const reached = async <T>(ask: () => Promise<T>): Promise<T> => {
  try {
    return await ask();
  } catch (cause) {
    throw Object.assign(thrown(storeAway), { cause });
  }
};
