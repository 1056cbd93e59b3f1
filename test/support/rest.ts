import { redisTokens } from '../../src/adapters/redis/token-store.js';
import type { Extension, TenantId } from '../../src/domain/names.js';
import type { Role, TokenGrant } from '../../src/domain/token.js';
import type { UserId } from '../../src/domain/user.js';
import type { RunningService } from './service.js';

/** What a client's token is good for: OWNER of acme unless said otherwise. */
export interface ClientOptions {
  readonly role?: Role;
  readonly tenant?: string;
  readonly brand?: string;
  readonly extension?: string;
  readonly user?: string;
}

/** An answer, read to its end. */
export interface RestAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body, where it is JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly json: any;
}

/** A program with a token of its own. */
export interface RestClient {
  readonly token: string;
  /** One request: `PUT /client/acme/call_control_group/`. A text is sent as it is, anything else as JSON. */
  ask(line: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<RestAnswer>;
  /** A request whose answer goes on; abort the signal to end it. */
  open(path: string, options: { signal: AbortSignal; headers?: Readonly<Record<string, string>> }): Promise<Response>;
}

/** Gives a program a token of the running service. */
export const restClient = async (service: RunningService, options: ClientOptions = {}): Promise<RestClient> => {
  const { text: token } = await redisTokens(service.redis).issue(grantOf(options));
  const authorization = `Bearer ${token}`;
  return {
    token,
    ask: async (line, body, headers = {}) => {
      const [method = 'GET', path = '/'] = line.split(' ');
      const answer = await fetch(`${service.http}${path}`, {
        method,
        headers: { authorization, ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await answer.text();
      const isJson = /\bjson\b/.test(answer.headers.get('content-type') ?? '') && text !== '';
      return { status: answer.status, headers: answer.headers, text, json: isJson ? JSON.parse(text) : undefined };
    },
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
