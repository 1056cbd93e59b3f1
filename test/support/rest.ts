import { redisTokens } from '../../src/adapters/redis/token-store.js';
import type { Extension, TenantId } from '../../src/domain/names.js';
import type { Role, TokenGrant } from '../../src/domain/token.js';
import type { UserId } from '../../src/domain/user.js';
import { type Asks, asksWith } from './requests.js';
import type { RunningService } from './service.js';

/** What a client's token is good for: OWNER of acme unless said otherwise. */
export interface ClientOptions {
  readonly role?: Role;
  readonly tenant?: string;
  readonly brand?: string;
  readonly extension?: string;
  readonly user?: string;
}

/** A program with a token of its own. */
export interface RestClient {
  readonly token: string;
  readonly ask: Asks;
  /** A request whose answer goes on; abort the signal to end it. */
  open(path: string, options: { signal: AbortSignal; headers?: Readonly<Record<string, string>> }): Promise<Response>;
}

/** Gives a program a token of the running service. */
export const restClient = async (service: RunningService, options: ClientOptions = {}): Promise<RestClient> => {
  const { text: token } = await redisTokens(service.redis).issue(grantOf(options));
  const authorization = `Bearer ${token}`;
  return {
    token,
    ask: asksWith(service.http, authorization),
    open: (path, { signal, headers = {} }) =>
      fetch(`${service.http}${path}`, { headers: { authorization, ...headers }, signal }),
  };
};

const grantOf = ({ role = 'OWNER', tenant = 'acme', brand, extension, user }: ClientOptions): TokenGrant => ({
  role,
  name: 'a test',
  ...(role !== 'RESELLER' && role !== 'ADMIN' && { tenant: tenant as TenantId }),
  ...(brand !== undefined && { brand }),
  ...(extension !== undefined && { extension: extension as Extension }),
  ...(user !== undefined && { user: user as UserId }),
});
