import { readTenantId } from '../../domain/names.js';
import type { OfficeChange, OfficeStore, Origin } from '../../flows/office-store.js';
import type { Log } from '../../flows/ports.js';
import type { RedisClient } from './client.js';
import { channels, keys } from './keys.js';
import { redisOfficeReader } from './office-reader.js';
import { personalKeys, presenceTold } from './presence-news.js';
import type { Subscriptions } from './subscriptions.js';

/** The documents of all companies in Redis. Without subscriptions it tells of no change. */
export const redisOfficeStore = (redis: RedisClient, log: Log, subscriptions?: Subscriptions): OfficeStore => {
  const save = (key: string, { version, document }: Written, { news, origin }: Told) =>
    redis.cpSaveOffice(1, key, version, JSON.stringify(document), channels.office, news, ...mark(origin));

  return {
    ...redisOfficeReader(redis, log),
    save: async ({ id, version, document }, origin) => {
      // The list lives in a slot of its own. A name on it without a document is no company, so it is written first.
      await redis.sadd(keys.tenants, id);
      return save(keys.office(id), { version, document }, { news: `tenant ${id}`, origin });
    },
    saveInstallation: (written, origin) => save(keys.installation, written, { news: 'installation', origin }),
    setPersonal: async (id, extension, { saying, ...said }) => {
      const noted = [extension, JSON.stringify(said), ...presenceTold(id, extension, saying)];
      await redis.cpSetPersonal(2, ...personalKeys(id), ...noted);
    },
    lapse: async (id, extension, { at, otherwise }) => {
      const told = presenceTold(id, extension, { how: 'lapse', otherwise });
      return (await redis.cpLapse(2, ...personalKeys(id), extension, at, ...told)) === 'lapsed';
    },
    forgetPersonal: async (id, extensions) => {
      await redis.hdel(keys.personal(id), ...extensions);
    },
    onChange: (listener) => {
      subscriptions?.listen(channels.office, (message) => listener(changeIn(message)));
      subscriptions?.onResumed(() => listener('anything'));
    },
  };
};

interface Written {
  readonly version: number;
  readonly document: object;
}

interface Told {
  readonly news: string;
  readonly origin: Origin | undefined;
}

const mark = ({ seed, imported }: Origin = {}): [string, string] => {
  if (seed !== undefined) return ['seed', seed];
  return imported !== undefined ? ['imported', imported] : ['', ''];
};

const changeIn = (message: string): OfficeChange => {
  const [what, name = ''] = message.split(' ');
  const tenant = readTenantId(name);
  if (what === 'installation') return 'installation';
  if (!tenant || (what !== 'tenant' && what !== 'personal')) return 'anything';
  return what === 'personal' ? { tenant, personal: true } : { tenant };
};
