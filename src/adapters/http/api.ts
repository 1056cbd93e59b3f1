import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance, FastifyPluginAsync, FastifyRequest, RawServerDefault } from 'fastify';
import type { TSchema } from 'typebox';
import type { Right, Token } from '../../domain/token.js';
import type { Acts } from '../../flows/act-by-program.js';
import type { CallDirectory } from '../../flows/call-directory.js';
import type { NewsStream } from '../../flows/news.js';
import type { Offices } from '../../flows/offices.js';
import type { Log } from '../../flows/ports.js';
import type { ReplacePhone } from '../../flows/replace-phone.js';
import type { SendCall } from '../../flows/send-call.js';
import type { SupervisionDirectory } from '../../flows/supervision-directory.js';
import type { Messages } from '../../flows/texts/messages.js';
import type { Tokens } from '../../flows/tokens.js';
import type { Problem } from './problem.js';
import type { Streams } from './streams.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the route's token must carry; GET needs `read` unless said otherwise. */
    right?: Right;
  }
  interface FastifyRequest {
    /** Whose request it is; set on every route of a dialect. */
    token: Token;
    /** The version of the document that the request has made, for the log. */
    madeVersion: number | undefined;
  }
}

/** A log that may also take what is of interest in a search for a mistake only. */
export interface HttpLog extends Log {
  debug?(facts: object, event: string): void;
}

/** What the dialects stand on; where a port rejects because the store is away, the answer is 503 by itself. */
export interface Ports {
  readonly offices: Offices;
  readonly calls: CallDirectory;
  readonly sendCall: SendCall;
  readonly acts: Acts;
  readonly news: NewsStream;
  readonly supervisions: SupervisionDirectory;
  readonly messages: Messages;
  readonly tokens: Tokens;
  /** Never rejects. */
  readonly replacePhone: ReplacePhone;
  /** Makes of a PIN what documents keep of it. */
  readonly hashPin: (pin: string) => Promise<string>;
}

/** What each dialect gets. */
export interface Api extends Ports {
  readonly log: HttpLog;
  /** Answers that go on: each must end when the service stops. */
  readonly streams: Streams;
}

/** The instance that a dialect adds its routes to: bodies, queries and paths have the types of their schemas. */
export type Routes = FastifyInstance<
  RawServerDefault,
  import('node:http').IncomingMessage,
  import('node:http').ServerResponse,
  import('fastify').FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** A problem in a dialect's words. */
export interface ErrorAnswer {
  /** The content type; the dialect's `errorType` if absent. */
  readonly type?: string;
  readonly body: unknown;
}

/** One system's API: everything below its prefix, its errors included. */
export interface Dialect {
  /** The tag of its routes in the OpenAPI document. */
  readonly name: string;
  readonly description: string;
  /** What its URLs begin with: `/pbx`. */
  readonly prefix: string;
  /** What its errors look like, for the OpenAPI document. */
  readonly errorSchema: TSchema;
  /** The content type of its errors; `application/json` if absent. */
  readonly errorType?: string;
  errorAnswer(problem: Problem, request: FastifyRequest): ErrorAnswer;
  routes(api: Api): FastifyPluginAsync<Record<never, never>, RawServerDefault, TypeBoxTypeProvider>;
}
