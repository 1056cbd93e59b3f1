import type { Test } from 'tap';
import type { Dialog, DialogState } from '../../src/domain/dialog.js';
import type { CallId, Extension, TenantId } from '../../src/domain/names.js';
import type { Office, Tenant } from '../../src/domain/office.js';
import { presenceOf } from '../../src/domain/presence.js';
import type { Clock } from '../../src/flows/watch/clock.js';
import type { DialogView } from '../../src/flows/watch/document.js';
import type { Subscriber } from '../../src/flows/watch/subscriber.js';
import type { Subscription } from '../../src/flows/watch/subscription.js';
import type { Heard, Notice, WatcherPhone } from '../../src/flows/watch/watcher-phone.js';
import type { Room } from '../../src/flows/watch/watchers.js';
import { makeWatchExtension } from '../../src/flows/watch-extension.js';
import type { DialogListener, WatchedDialogs } from '../../src/flows/watched-dialogs.js';
import { acme, bob, carol } from '../domain/acme.js';
import { noting } from './stage.js';

/** Lets promises that are settled be heard. */
export const breath = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Time that passes when the test says so. */
export const fakeClock = () => {
  let now = 1_000;
  const timers = new Set<{ at: number; act: () => void }>();
  const next = (until: number) => [...timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
  const clock: Clock = {
    now: () => now,
    after: (milliseconds, act) => {
      const timer = { at: now + milliseconds, act };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
  };
  const passes = async (milliseconds: number) => {
    const until = now + milliseconds;
    await breath();
    for (let timer = next(until); timer; timer = next(until)) {
      timers.delete(timer);
      now = timer.at;
      timer.act();
      await breath();
    }
    now = until;
  };
  return { clock, passes, timers };
};

/** A dialog of Bob's phone, rung by Alice; ids after its name. */
export const dialog = (id: string, state: DialogState, more: Partial<Dialog> = {}): Dialog => ({
  ...{
    id,
    state,
    call: `call of ${id}` as CallId,
    sipCallId: `${id}@here`,
    localTag: `${id}-phone`,
    remoteTag: `${id}-us`,
  },
  ...{ direction: 'recipient', isHeld: false, isPrivate: false, since: 0 },
  remote: { name: 'Alice', number: '100', domain: 'acme.example', isAnonymous: false },
  ...more,
});

/** The dialogs of one extension, which the test changes; the store may be away. */
export const fakeDialogs = () => {
  const listeners = new Map<DialogListener, string>();
  const now = new Map<string, Dialog>();
  let isAway = false;
  const port: WatchedDialogs = {
    follow: (tenant, extension, listener) => {
      listeners.set(listener, `${tenant}/${extension}`);
      queueMicrotask(() => !isAway && listeners.has(listener) && listener.known([...now.values()]));
      return () => void listeners.delete(listener);
    },
  };
  const changes = (...dialogs: Dialog[]) => {
    for (const each of dialogs) {
      if (each.state === 'terminated') now.delete(each.id);
      else now.set(each.id, each);
    }
    for (const listener of [...listeners.keys()]) listener.changed(dialogs);
  };
  return {
    ...{ port, listeners, now, changes },
    /** What was told meanwhile was missed. */
    knows: (...dialogs: Dialog[]) => {
      now.clear();
      for (const each of dialogs) now.set(each.id, each);
      for (const listener of [...listeners.keys()]) listener.known(dialogs);
    },
    goesAway: () => {
      isAway = true;
    },
  };
};

/** A document of the tests: what is shown, in short. */
const write = ({ event, tenant, extension, sees, isOwn, dialogs, profile }: DialogView) => {
  if (event === 'presence') return () => `${extension} ${presenceOf(tenant, extension)}, ${dialogs.length} dialogs`;
  const shown = (profile.oneDialog ? dialogs.slice(0, 1) : dialogs)
    .map(({ id, state, event }) => `${id}:${state}${event ? `(${event})` : ''}`)
    .join(' ');
  const how = [sees === 'state' && 'state only', isOwn && 'own', profile.oneDialog && 'one'].filter(Boolean).join(', ');
  return (version: number) => `${version} ${shown || 'idle'}${how && ` [${how}]`}`;
};

/** A phone that answers as the test says: `taken` at once, if it says nothing. */
export const fakePhone = (answers: (Heard | 'mute')[] = []) => {
  const notices: Notice[] = [];
  const open: ((heard: Heard) => void)[] = [];
  let most = 0;
  const phone: WatcherPhone = {
    notify: async (notice) => {
      notices.push(notice);
      const answer = answers.shift() ?? { kind: 'taken' };
      if (answer !== 'mute') return answer;
      return new Promise((resolve) => {
        open.push(resolve);
        most = Math.max(most, open.length);
      });
    },
  };
  return {
    ...{ phone, notices, answers },
    /** How many waited for an answer at the same time. */
    get mostOpen() {
      return most;
    },
    /** The oldest notice that has none gets its answer. */
    answersNow: async (heard: Heard = { kind: 'taken' }) => {
      open.shift()?.(heard);
      await breath();
    },
    get last() {
      return notices.at(-1);
    },
    /** The documents so far. */
    get documents() {
      return notices.map(({ document }) => document);
    },
  };
};

/** What a test says of the stage. */
export interface StageOptions {
  readonly tenant?: Tenant;
  readonly room?: Room;
  readonly dialogs?: readonly Dialog[];
}

/** Bob, who is watched, by phones of Carol if nothing else is said. */
export const watchStage = (t: Test, { tenant = acme, room, dialogs = [] }: StageOptions = {}) => {
  const { clock, passes, timers } = fakeClock();
  const bobs = fakeDialogs();
  bobs.knows(...dialogs);
  const said: string[] = [];
  const counted = { watchers: 0, sent: 0, failed: 0, dropped: 0, delays: [] as number[] };
  const state = { office: officeOf(tenant), isDraining: false };
  const watching = makeWatchExtension({
    ...{ clock, dialogs: bobs.port, write, log: noting(said), ...(room && { room }) },
    office: () => state.office,
    isDraining: () => state.isDraining,
    meter: {
      watcher: (change) => {
        counted.watchers += change;
      },
      notified: (outcome) => {
        counted[outcome] += 1;
      },
      toldAfter: (seconds) => void counted.delays.push(seconds),
    },
  });
  t.teardown(watching.stop);
  const watches = async (who: Partial<Subscriber> = {}): Promise<Subscription> => {
    const watched = await watching.watch(subscriber(who));
    if (!watched.ok) throw new Error(watched.refusal);
    return watched.subscription;
  };
  return {
    ...{ bobs, passes, timers, clock, said, counted, state, watching, watches },
    officeIs: (changed: Tenant | undefined) => {
      state.office = changed ? officeOf(changed) : { tenants: new Map(), defaultTenant: undefined };
    },
    /** A subscription of an hour, begun. */
    begins: async (answers: (Heard | 'mute')[] = [], who: Partial<Subscriber> = {}, seconds = 3600) => {
      const [subscription, phone] = [await watches(who), fakePhone(answers)];
      subscription.begin(phone.phone, seconds);
      await breath();
      return { subscription, phone };
    },
  };
};

const officeOf = (tenant: Tenant): Office => ({ tenants: new Map([[tenant.id, tenant]]), defaultTenant: tenant });

/** Carol's phone watches Bob. */
export const subscriber = (who: Partial<Subscriber> = {}): Subscriber => ({
  ...{ event: 'dialog', tenant: 'acme' as TenantId },
  ...{ watcher: carol as Extension, extension: bob as Extension, entity: 'sip:101@acme.example' },
  ...{ userAgent: 'A Phone', contact: 'sip:102@192.0.2.3' },
  ...who,
});
