import type { TenantId } from '../../domain/names.js';
import type { Log } from '../../flows/ports.js';
import type { WatchedDialogs } from '../../flows/watched-dialogs.js';
import type { RedisClient } from './client.js';
import type { Subscriptions } from './subscriptions.js';
import { type TenantDialogs, tenantDialogs, type WatchParts } from './tenant-dialogs.js';

/** The dialogs of extensions as Redis knows them, for everybody of this instance who follows some. */
export type RedisWatchedDialogs = WatchedDialogs & { stop(): void };

/** How often an extension that has dialogs is asked about again, in milliseconds: instances that die say nothing. */
const between = 20_000;

/** One subscription a tenant and one copy an extension, however many follow it here. */
export const redisWatchedDialogs = (redis: RedisClient, subscriptions: Subscriptions, log: Log): RedisWatchedDialogs =>
  watchDialogs({ redis, subscriptions, log, between });

/** The same, asking again as often as is said, in milliseconds. */
export const watchDialogs = ({ between: pause, ...parts }: WatchParts & { between: number }): RedisWatchedDialogs => {
  const tenants = new Map<TenantId, TenantDialogs>();
  let isStopped = false;
  const ofTenant = (tenant: TenantId): TenantDialogs => {
    const known = tenants.get(tenant) ?? tenantDialogs(parts, tenant);
    tenants.set(tenant, known);
    return known;
  };
  const timer = setInterval(() => {
    for (const each of tenants.values()) void each.check();
  }, pause).unref();
  parts.subscriptions.onResumed(() => {
    for (const each of tenants.values()) each.missed();
  });

  return {
    follow: (tenant, extension, listener) => {
      if (isStopped) return () => undefined;
      const own = ofTenant(tenant);
      const leave = own.follow(extension, listener);
      return () => {
        leave();
        if (own.isFollowed || tenants.get(tenant) !== own) return;
        tenants.delete(tenant);
        own.stop();
      };
    },
    stop: () => {
      isStopped = true;
      clearInterval(timer);
      for (const each of tenants.values()) each.stop();
      tenants.clear();
    },
  };
};
