import type { Dialog } from '../../domain/dialog.js';
import type { Extension, TenantId } from '../../domain/names.js';
import type { Log } from '../../flows/ports.js';
import type { DialogListener } from '../../flows/watched-dialogs.js';
import { makeAsking } from './asking.js';
import type { RedisClient } from './client.js';
import { type DialogCopy, dialogCopy } from './dialog-copy.js';
import { type DialogFollowers, dialogFollowers } from './dialog-followers.js';
import { type DialogMessage, readDialog, readDialogMessage } from './dialog-message.js';
import { channels, keys } from './keys.js';
import { type MessageNumbers, messageNumbers } from './message-numbers.js';
import type { Subscriptions } from './subscriptions.js';

/** What following dialogs needs. */
export interface WatchParts {
  readonly redis: RedisClient;
  readonly subscriptions: Subscriptions;
  readonly log: Log;
}

/** The followed extensions of one tenant. */
export interface TenantDialogs {
  readonly isFollowed: boolean;
  follow(extension: Extension, listener: DialogListener): () => void;
  /** Messages may have been missed: every extension is asked about again. */
  missed(): void;
  /**
   * Asks about the extensions that have dialogs, whose instances may have died; and about all of them if messages have
   * been missed without anybody noticing. Never rejects.
   */
  check(): Promise<void>;
  stop(): void;
}

interface Followed {
  readonly copy: DialogCopy;
  readonly followers: DialogFollowers;
}

/** What is known of a tenant here. */
interface Book {
  readonly tenant: TenantId;
  readonly followed: Map<Extension, Followed>;
  readonly numbers: MessageNumbers;
}

/** Listens to the tenant's channel from now on. */
export const tenantDialogs = (parts: WatchParts, tenant: TenantId): TenantDialogs => {
  const { subscriptions, log } = parts;
  const book: Book = { tenant, followed: new Map(), numbers: messageNumbers() };
  const { followed, numbers } = book;
  const asking = makeAsking<Extension>({
    ask: (extension) => read(parts, book, extension),
    failed: (error) => log.warn({ tenant, error: String(error) }, 'dialogs not read'),
  });
  const askAll = () => {
    for (const extension of followed.keys()) asking.want(extension);
  };
  const missed = () => {
    numbers.forget();
    askAll();
  };
  const hasMissed = missing(parts.redis, book);
  const stopListening = subscriptions.listen(channels.dialogs(tenant), (text) => {
    try {
      if (hear(book, readDialogMessage(text))) askAll();
    } catch (error) {
      log.error({ tenant, error: String(error) }, 'message of dialogs not understood');
      missed();
    }
  });

  return {
    get isFollowed() {
      return followed.size > 0;
    },
    follow: (extension, listener) => {
      const one = followed.get(extension) ?? newFollowed(log);
      const leave = one.followers.add(listener);
      if (followed.has(extension)) queueMicrotask(one.copy.tellNew);
      else asking.want(extension);
      followed.set(extension, one);
      return () => {
        leave();
        if (one.followers.size === 0 && followed.get(extension) === one) followed.delete(extension);
      };
    },
    missed,
    check: async () => {
      for (const [extension, { copy }] of followed) if (copy.isBusy) asking.want(extension);
      if (await hasMissed()) missed();
    },
    stop: () => {
      stopListening();
      asking.stop();
      followed.clear();
    },
  };
};

const newFollowed = (log: Log): Followed => {
  const failed = (error: unknown) => log.error({ error: String(error) }, 'follower of dialogs failed');
  const followers = dialogFollowers(failed);
  return { copy: dialogCopy(followers), followers };
};

/** Reads what an extension has now, when nothing that is told from then on can be missed. */
const read = async ({ redis, subscriptions }: WatchParts, book: Book, extension: Extension): Promise<void> => {
  const { tenant, followed, numbers } = book;
  await subscriptions.ready(channels.dialogs(tenant));
  const one = followed.get(extension);
  if (!one) return;
  const take = one.copy.asks();
  const own = [keys.dialogs(tenant, extension), keys.dialogNumber(tenant)];
  const [number, ...dialogs] = await redis.cpDialogs(2, ...own, keys.prefix(tenant));
  if (followed.get(extension) !== one) return;
  numbers.begin(Number(number));
  take(Number(number), dialogs.map(readDialog));
};

/** Hands a message to who follows; true if messages are missing before it. */
const hear = ({ followed, numbers }: Book, { number, changes }: DialogMessage): boolean => {
  const isGap = numbers.isGapBefore(number);
  const told = new Map<Followed, Dialog[]>();
  for (const [extension, json] of changes) {
    const one = followed.get(extension);
    if (one) told.set(one, [...(told.get(one) ?? []), readDialog(json)]);
  }
  for (const [{ copy }, dialogs] of told) copy.told(number, dialogs);
  return isGap;
};

/**
 * Whether messages were missed that no later one tells of: one that the store had counted at the question before has
 * not come until now, or the store counts anew. False if the store does not answer. Never rejects.
 */
const missing = (redis: RedisClient, { tenant, numbers }: Book) => {
  let due = 0;
  return async (): Promise<boolean> => {
    const heard = numbers.last ?? 0;
    const number = await redis.get(keys.dialogNumber(tenant)).then(Number, () => undefined);
    if (number === undefined) return false;
    const isMissing = due > heard || number < heard;
    due = number;
    return isMissing;
  };
};
