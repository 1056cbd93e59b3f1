import type { Fault, TenantDocument } from '../tenant-document.js';

/** Rules for watchers that can never count, because every phone that they are for fits an earlier one. */
export const watcherFaults = ({ watchers = [] }: TenantDocument): Fault[] => {
  const agents = watchers.map(({ userAgent }) => userAgent.toLowerCase());
  return agents.flatMap((agent, index) => {
    const earlier = agents.slice(0, index).findIndex((other) => agent.includes(other));
    if (earlier < 0) return [];
    const path = ['watchers', String(index), 'userAgent'];
    return [{ path, why: `never counts: whoever says it fits watchers.${earlier} already` }];
  });
};
