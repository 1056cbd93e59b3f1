import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { TenantId } from '../../../domain/names.js';
import { entersTenant, type TokenId } from '../../../domain/token.js';
import type { NumberedNews } from '../../../flows/news.js';
import type { Api, Routes } from '../api.js';
import { companyOf } from '../company.js';
import { refuse } from '../problem.js';
import { eventText, mayHear } from './event-json.js';
import { type EventStream, openStream, type StreamOptions } from './event-stream.js';
import { viewerOf } from './sight.js';

const Headers = Type.Object({
  'last-event-id': Type.Optional(
    Type.String({ pattern: '^[\\x21-\\x7e]{1,64}$', description: 'the id of the last event that was heard' }),
  ),
});

/** How many streams each token has open. */
type Book = Map<TokenId, number>;

/** Counts a stream; throws if the token has as many as it may have. Returns how to count it out. */
const enter = (book: Book, id: TokenId, most: number): (() => void) => {
  const open = book.get(id) ?? 0;
  if (open >= most) {
    throw refuse(429, `a token may have ${most} streams open`, { headers: { 'retry-after': '10' } });
  }
  book.set(id, open + 1);
  return () => {
    const left = (book.get(id) ?? 1) - 1;
    if (left > 0) book.set(id, left);
    else book.delete(id);
  };
};

/** Tells the reader what it may hear, by the rules as they are at that moment. */
const makeTeller = (api: Api, { token }: FastifyRequest, tenantId: TenantId) => {
  return (stream: EventStream, news: NumberedNews): void => {
    const tenant = api.offices.current.tenants.get(tenantId);
    if (!tenant || !entersTenant(token, tenant)) stream.end();
    else if (mayHear(viewerOf(tenant, token), news.news)) stream.write(eventText(tenant, news));
  };
};

/** A token that was revoked hears nothing more. */
const demandAgain = async (api: Api, { headers }: FastifyRequest, stream: EventStream): Promise<void> => {
  const text = headers.authorization?.replace(/^Bearer +/i, '') ?? '';
  const isRevoked = await api.tokens.find(text).then(
    (token) => token === undefined,
    () => false,
  );
  if (isRevoked) stream.end();
};

/**
 * What happens while the past is still being told waits; then each is told once, and in order. What was read as past
 * may still come as present, even when all of the past is told. The past is told no faster than it is read: an hour of
 * it is more than may wait for a reader.
 */
const makeQueue = (tell: (news: NumberedNews) => void) => {
  let waiting: NumberedNews[] | undefined = [];
  const past = new Set<string>();
  const tellOnce = (news: NumberedNews): void => {
    if (!past.delete(news.id)) tell(news);
  };
  return {
    hear: (news: NumberedNews): void => {
      if (waiting) waiting.push(news);
      else tellOnce(news);
    },
    opens: async (told: readonly NumberedNews[], { drained }: Pick<EventStream, 'drained'>): Promise<void> => {
      for (const news of told) {
        past.add(news.id);
        tell(news);
        await drained();
      }
      const missed = waiting ?? [];
      waiting = undefined;
      for (const news of missed) tellOnce(news);
    },
  };
};

/** Everything that a stream leaves behind, done once. */
const makeEnd = (...lasts: (() => void)[]) => {
  const left = [...lasts];
  return {
    add: (last: () => void): void => void left.push(last),
    now: (): void => {
      for (const last of left.splice(0)) last();
    },
  };
};

/** Opens a stream: it listens first and reads the past then, so that nothing falls in between. */
const makeOpen = (api: Api, options: StreamOptions) => {
  const book: Book = new Map();
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (api.streams.areClosed) throw refuse(503, 'this instance is stopping', { headers: { 'retry-after': '1' } });
    const { id: tenantId } = companyOf(api, request);
    const end = makeEnd(enter(book, request.token.id, options.mostStreams));
    let stream: EventStream | undefined;
    const teller = makeTeller(api, request, tenantId);
    const queue = makeQueue((news) => stream && teller(stream, news));
    end.add(api.news.listen(tenantId, queue.hear));
    const past = await pastOf(api, request, tenantId).catch((error) => {
      end.now();
      throw error;
    });
    reply.hijack();
    // A reader who has gone meanwhile is not heard to go again.
    if (reply.raw.closed) return end.now();
    const begun = openStream(reply.raw, reply.getHeaders(), {
      ...options,
      beat: () => void demandAgain(api, request, begun),
      ended: (wasSlow) => {
        end.now();
        if (wasSlow) api.log.info({ token: request.token.id, tenant: tenantId }, 'slow reader of events dropped');
      },
    });
    stream = begun;
    end.add(api.streams.add(begun.end));
    await queue.opens(past, begun);
  };
};

const pastOf = async (api: Api, { headers }: FastifyRequest, tenantId: TenantId): Promise<NumberedNews[]> => {
  const last = headers['last-event-id'];
  return typeof last === 'string' ? api.news.since(tenantId, last) : [];
};

/** What happens to calls, as it happens: ringing, picked-up, answered, ended. */
export const addEvents = (app: Routes, api: Api, options: StreamOptions): void => {
  const open = makeOpen(api, options);
  app.get(
    '/events',
    {
      // A HEAD would open a stream that says nothing.
      exposeHeadRoute: false,
      schema: {
        summary: 'What happens to calls, as it happens (text/event-stream)',
        description:
          'Events: ringing, waiting (group, seconds), picked-up (by, whose, how), answered, ended (result, began, ' +
          'ringSeconds, talkSeconds, originalTarget, group, answeredBy, pickup, moves), each of a group’s call with ' +
          'ringsAt; supervision-began, supervision-changed, supervision-ended (supervision, supervisor, colleague, mode). Last-Event-ID resumes ' +
          'after that event, as far back as an hour. A token sees the calls that it may see or pick up; a reader who is ' +
          'too slow is dropped.',
        headers: Headers,
        response: { 200: { description: 'events', content: { 'text/event-stream': { schema: Type.String() } } } },
      },
    },
    open,
  );
};
