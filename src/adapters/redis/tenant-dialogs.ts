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
import { messageNumbers } from './message-numbers.js';
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

/** Listens to the tenant's channel from now on. */
export const tenantDialogs = ({ redis, subscriptions, log }: WatchParts, tenant: TenantId): TenantDialogs => {
  const followed = new Map<Extension, Followed>();
  const numbers = messageNumbers();
  const channel = channels.dialogs(tenant);
  /** The number of the last message by the check before. */
  let due = 0;

  const ask = async (extension: Extension): Promise<void> => {
    await subscriptions.ready(channel);
    const one = followed.get(extension);
    if (!one) return;
    const take = one.copy.asks();
    const own = [keys.dialogs(tenant, extension), keys.dialogNumber(tenant)];
    const [number, ...dialogs] = await redis.cpDialogs(2, ...own, keys.prefix(tenant));
    if (followed.get(extension) !== one) return;
    numbers.begin(Number(number));
    take(Number(number), dialogs.map(readDialog));
  };
  const failed = (error: unknown) => log.warn({ tenant, error: String(error) }, 'dialogs not read');
  const asking = makeAsking({ ask, failed });
  const askAll = () => {
    for (const extension of followed.keys()) asking.want(extension);
  };
  const missed = () => {
    numbers.forget();
    askAll();
  };
  const stopListening = subscriptions.listen(channel, (text) => {
    try {
      const message = readDialogMessage(text);
      if (numbers.isGapBefore(message.number)) askAll();
      for (const [extension, dialogs] of followedIn(message, followed)) {
        followed.get(extension)?.copy.told(message.number, dialogs);
      }
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
      const isNew = !followed.has(extension);
      followed.set(extension, one);
      const leave = one.followers.add(listener);
      if (isNew) asking.want(extension);
      else queueMicrotask(one.copy.tellNew);
      return () => {
        leave();
        if (one.followers.size === 0 && followed.get(extension) === one) followed.delete(extension);
      };
    },
    missed,
    check: async () => {
      for (const [extension, { copy }] of followed) if (copy.isBusy) asking.want(extension);
      const heard = numbers.last ?? 0;
      const number = await redis.get(keys.dialogNumber(tenant)).then(Number, () => undefined);
      if (number === undefined) return;
      if (due > heard || number < heard) missed();
      due = number;
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

const followedIn = ({ changes }: DialogMessage, followed: ReadonlyMap<Extension, unknown>) => {
  const found = new Map<Extension, Dialog[]>();
  for (const [extension, json] of changes) {
    if (followed.has(extension)) found.set(extension, [...(found.get(extension) ?? []), readDialog(json)]);
  }
  return found;
};
