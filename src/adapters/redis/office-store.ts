import { readTenantId, type TenantId } from '../../domain/names.js';
import type { FoundInstallation, FoundTenant, OfficeChange, OfficeStore, Origin } from '../../flows/office-store.js';
import type { Log } from '../../flows/ports.js';
import type { RedisClient } from './client.js';
import { channels, keys } from './keys.js';
import { readPersonals } from './personals.js';
import type { Subscriptions } from './subscriptions.js';

/** So many companies are read at a time, that no answer waits behind all of them. */
const together = 20;

/** The documents of all companies in Redis. Without subscriptions it tells of no change. */
export const redisOfficeStore = (redis: RedisClient, log: Log, subscriptions?: Subscriptions): OfficeStore => {
  const personal = async (id: TenantId) =>
    readPersonals(await redis.hgetall(keys.personal(id)), (extension) => {
      log.warn({ tenant: id, extension }, 'stored personal settings refused');
    });

  const tenant = async (id: TenantId): Promise<FoundTenant | undefined> => {
    const [fields, said] = await Promise.all([redis.hgetall(keys.office(id)), personal(id)]);
    return fields.version === undefined ? undefined : { id, ...foundIn(fields), personal: said };
  };

  const installation = async (): Promise<FoundInstallation> => {
    const fields = await redis.hgetall(keys.installation);
    return fields.version === undefined ? { version: 0, document: {} } : foundIn(fields);
  };

  const outlineOf = async (id: TenantId) => {
    const [version, said] = await Promise.all([redis.hget(keys.office(id), 'version'), personal(id)]);
    return version === null ? [] : [{ id, version: Number(version), personal: said }];
  };

  const ids = async (): Promise<TenantId[]> =>
    (await redis.smembers(keys.tenants)).flatMap((id) => readTenantId(id) ?? []).sort();

  const save = (key: string, { version, document }: Written, told: Told) =>
    redis.cpSaveOffice(1, key, version, JSON.stringify(document), channels.office, told.news, ...mark(told.origin));

  return {
    load: async () => {
      // Companies first: a brand that one of them names is then surely in what is read after them.
      const tenants = await inBatches(await ids(), async (id) => (await tenant(id)) ?? []);
      return { tenants, installation: await installation() };
    },
    outline: async () => ({
      installation: Number((await redis.hget(keys.installation, 'version')) ?? 0),
      tenants: await inBatches(await ids(), outlineOf),
    }),
    tenant,
    personal,
    installation,
    save: async ({ id, version, document }, origin) => {
      // The list lives in a slot of its own. A name on it without a document is no company, so it is written first.
      await redis.sadd(keys.tenants, id);
      return save(keys.office(id), { version, document }, { news: `tenant ${id}`, origin });
    },
    saveInstallation: (written, origin) => save(keys.installation, written, { news: 'installation', origin }),
    setPersonal: async (id, extension, said) => {
      await redis.cpSetPersonal(
        1,
        keys.personal(id),
        extension,
        JSON.stringify(said),
        channels.office,
        `personal ${id}`,
      );
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

const foundIn = ({ version, document = '', seed, imported }: Record<string, string>) => ({
  version: Number(version),
  document: parsed(document),
  ...(seed !== undefined && { seed }),
  ...(imported !== undefined && { imported }),
});

/** Text that is no JSON is no document of any shape: whoever looks at it finds that it must be an object. */
const parsed = (json: string): unknown => {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
};

const inBatches = async <T>(ids: readonly TenantId[], read: (id: TenantId) => Promise<T | T[]>): Promise<T[]> => {
  const found: T[] = [];
  for (let i = 0; i < ids.length; i += together) {
    const batch = await Promise.all(ids.slice(i, i + together).map(read));
    found.push(...(batch.flat() as T[]));
  }
  return found;
};

const changeIn = (message: string): OfficeChange => {
  const [what, name = ''] = message.split(' ');
  const tenant = readTenantId(name);
  if (what === 'installation') return 'installation';
  if (!tenant || (what !== 'tenant' && what !== 'personal')) return 'anything';
  return what === 'personal' ? { tenant, personal: true } : { tenant };
};
