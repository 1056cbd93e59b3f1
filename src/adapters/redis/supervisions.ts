import type { NewsOf } from '../../flows/call-news.js';
import type { CallRecord } from '../../flows/ports.js';
import type { Supervision, SupervisionNews } from '../../flows/supervision.js';
import type { KnownSupervision, SupervisionDirectory } from '../../flows/supervision-directory.js';
import { knownCall } from './call-directory.js';
import { keysOf, tellingOf } from './call-keys.js';
import { defaultHolds } from './call-store.js';
import type { Holds } from './claims.js';
import type { RedisClient } from './client.js';
import { keys } from './keys.js';

/** Our ids of supervisions; no other is looked for. */
const idForm = /^[A-Za-z0-9-]{1,64}$/;

/** Who takes part in calls of others, as Redis keeps and tells it. */
export interface RedisSupervisions extends SupervisionNews, SupervisionDirectory {
  /** Whatever could not be noted is left at that. */
  stop(): void;
}

/**
 * Who takes part in calls of others, in Redis: noted and told in one step, for as long as the call is there. What cannot be
 * noted while Redis is away is noted when it is back; it is not told any more, as the calls' own news are not.
 */
export const redisSupervisions = (
  redis: RedisClient,
  holds: Pick<Holds, 'lease'> = defaultHolds,
): RedisSupervisions => {
  const late = lateNotes();
  const note = async (call: CallRecord, { id }: Supervision, [text, ...told]: readonly [string, string, string]) => {
    const { record, news } = keysOf(call);
    await redis.cpSupervise(3, keys.supervisions(call.tenant), record, news, id, text, holds.lease, ...told);
  };
  const list = async (tenant: CallRecord['tenant'], id = ''): Promise<KnownSupervision[]> => {
    const found = await redis.cpSupervisions(1, keys.supervisions(tenant), keys.prefix(tenant), id);
    return found.map(([text, call]) => ({ ...(JSON.parse(text) as Supervision), of: knownCall(tenant, call) }));
  };
  return {
    tell: async (call, what, supervision) => {
      const text = what === 'ended' ? '' : textOf(supervision);
      late.forget(supervision.id);
      try {
        await note(call, supervision, [text, ...tellingOf(call, newsOf(what, supervision))]);
      } catch (error) {
        late.note(supervision.id, () => note(call, supervision, [text, '', '']));
        throw error;
      }
    },
    list: async (tenant) => (await list(tenant)).sort((a, b) => a.since - b.since),
    find: async (tenant, id) => (idForm.test(id) ? (await list(tenant, id))[0] : undefined),
    stop: late.stop,
  };
};

const textOf = ({ id, call, supervisor, colleague, mode, since }: Supervision): string =>
  JSON.stringify({ id, call, supervisor, colleague, mode, since });

const newsOf = (what: 'began' | 'changed' | 'ended', { id, supervisor, colleague, mode }: Supervision): NewsOf => ({
  ...{ event: `supervision-${what}`, supervision: id, supervisor, colleague, mode },
});

/** Milliseconds between two tries. */
const pause = 1_000;

/** The last word of each supervision that could not be noted, tried again until it is. */
const lateNotes = () => {
  const words = new Map<string, () => Promise<void>>();
  let timer: NodeJS.Timeout | undefined;
  const tryAll = async (): Promise<void> => {
    for (const [id, word] of words) {
      const isNoted = await word().then(
        () => true,
        () => false,
      );
      if (isNoted && words.get(id) === word) words.delete(id);
    }
    timer = undefined;
    plan();
  };
  const plan = (): void => {
    if (words.size > 0) timer ??= setTimeout(tryAll, pause).unref();
  };
  return {
    note: (id: string, word: () => Promise<void>): void => {
      words.set(id, word);
      plan();
    },
    forget: (id: string): void => void words.delete(id),
    stop: (): void => {
      words.clear();
      clearTimeout(timer);
    },
  };
};
