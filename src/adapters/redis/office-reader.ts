import { readTenantId, type TenantId } from '../../domain/names.js';
import type { FoundInstallation, FoundTenant, OfficeStore } from '../../flows/office-store.js';
import type { Log } from '../../flows/ports.js';
import type { RedisClient } from './client.js';
import { keys } from './keys.js';
import { readPersonals } from './personals.js';

/** So many companies are read at a time, that no answer waits behind all of them. */
const together = 20;

/** The part of the store that only reads. */
export type OfficeReader = Pick<OfficeStore, 'load' | 'outline' | 'tenant' | 'personal' | 'installation'>;

/** Reads the documents of all companies from Redis. */
export const redisOfficeReader = (redis: RedisClient, log: Log): OfficeReader => {
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
    return version === null ? undefined : { id, version: Number(version), personal: said };
  };

  const ids = async (): Promise<TenantId[]> =>
    (await redis.smembers(keys.tenants)).flatMap((id) => readTenantId(id) ?? []).sort();

  return {
    tenant,
    personal,
    installation,
    load: async () => {
      // Companies first: a brand that one of them names is then surely in what is read after them.
      const tenants = await inBatches(await ids(), tenant);
      return { tenants, installation: await installation() };
    },
    outline: async () => ({
      installation: Number((await redis.hget(keys.installation, 'version')) ?? 0),
      tenants: await inBatches(await ids(), outlineOf),
    }),
  };
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

/** What there is of these companies; a name on the list that has no document is no company. */
const inBatches = async <T>(ids: readonly TenantId[], read: (id: TenantId) => Promise<T | undefined>): Promise<T[]> => {
  const found: T[] = [];
  for (let i = 0; i < ids.length; i += together) {
    const batch = await Promise.all(ids.slice(i, i + together).map(read));
    for (const each of batch) if (each !== undefined) found.push(each);
  }
  return found;
};
