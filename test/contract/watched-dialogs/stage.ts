import type { Test } from 'tap';
import type { RedisClient } from '../../../src/adapters/redis/client.js';
import { makeSubscriptions } from '../../../src/adapters/redis/subscriptions.js';
import { type RedisWatchedDialogs, watchDialogs } from '../../../src/adapters/redis/watched-dialogs.js';
import { type Dialog, dialogStates } from '../../../src/domain/dialog.js';
import type { Extension, TenantId } from '../../../src/domain/names.js';
import type { Log } from '../../../src/flows/ports.js';
import { acme, bob } from '../../domain/acme.js';
import { redis, silent } from '../call-store/office.js';

/** Longer than any test. */
export const never = 3_600_000;

/** A log that keeps what went wrong. */
export const keeping = (said: string[]): Log => {
  const note = (_facts: object, event: string) => void said.push(event);
  return { ...silent, warn: note, error: note };
};

/** What an instance follows, over a subscription of its own; gone with the test. */
export const instance = (t: Test, { client = redis, between = never, log = silent } = {}): RedisWatchedDialogs => {
  const subscriptions = makeSubscriptions(client as RedisClient, log);
  const watched = watchDialogs({ redis: client as RedisClient, subscriptions, log, between });
  t.teardown(() => {
    watched.stop();
    subscriptions.stop();
  });
  return watched;
};

/** Somebody who follows, and remembers what was told. */
export interface Follower {
  /** `known leg-c1 early` or `changed leg-c1 early`, one line each time. */
  readonly told: string[];
  /** What was told that may not be: a dialog that goes backward, changes after it is over, or before anything is known. */
  readonly faults: string[];
  /** What is not over, as far as was told. */
  readonly open: ReadonlyMap<string, Dialog>;
  leave(): void;
}

/** Follows an extension from now on. */
export const follow = (
  watched: RedisWatchedDialogs,
  { tenant = acme.id, extension = bob }: { tenant?: TenantId; extension?: Extension } = {},
): Follower => {
  const [told, faults]: [string[], string[]] = [[], []];
  const [open, over] = [new Map<string, Dialog>(), new Set<string>()];
  let [isKnown, hasLeft, hasReturned] = [false, false, false];

  const hear = (how: string, dialogs: readonly Dialog[]) => {
    told.push([how, ...dialogs.map(({ id, state }) => `${id} ${state}`)].join(' '));
    if (hasLeft) faults.push(`${how} after it has left`);
    if (!hasReturned) faults.push(`${how} before follow has returned`);
    for (const dialog of dialogs) {
      const { id, state } = dialog;
      const before = open.get(id)?.state ?? 'trying';
      if (over.has(id)) faults.push(`${id} is ${state} and was over`);
      if (dialogStates.indexOf(state) < dialogStates.indexOf(before)) faults.push(`${id} is ${state} after ${before}`);
      if (state === 'terminated') {
        open.delete(id);
        over.add(id);
      } else open.set(id, dialog);
    }
  };
  const leave = watched.follow(tenant, extension, {
    known: (dialogs) => {
      isKnown = true;
      const gone = [...open.keys()].filter((id) => !dialogs.some((dialog) => dialog.id === id));
      for (const id of gone) open.delete(id);
      hear('known', dialogs);
    },
    changed: (dialogs) => {
      if (!isKnown) faults.push('changed before anything was known');
      hear('changed', dialogs);
    },
  });
  hasReturned = true;
  return {
    told,
    faults,
    open,
    leave: () => {
      leave();
      hasLeft = true;
    },
  };
};

/** Waits until it is so. */
export const until = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 2));
};
