import type { Extension } from './names.js';
import type { Tenant } from './office.js';
import { grantOf } from './rules/grant.js';
import type { Act } from './rules/rule.js';

/**
 * What a watcher may see of an extension: all of it; only its state, without ids and without the other party; or
 * nothing, and why.
 */
export type Watching = { sees: 'all' | 'state' } | { sees: 'nothing'; refusal: 'unknown-extension' | 'not-allowed' };

/** Who may do one of these to the calls of an extension may see that it has one. */
const actsThatShow: readonly Act[] = ['pickup', 'view-other-party', 'steal', 'eavesdrop', 'whisper', 'barge'];

/**
 * Whether this extension may watch that one (RFC 4235 section 3.6): its own always, others where one of the models lets
 * it take or enter their calls. An extension that has opted out of being picked shows that it rings and no more, so
 * that no key offers a pickup that would be refused. Private calls are kept from watchers call by call.
 */
export const watching = (tenant: Tenant, watcher: Extension, extension: Extension): Watching => {
  const entry = tenant.extensions.get(extension);
  if (!entry || !tenant.extensions.has(watcher)) return { sees: 'nothing', refusal: 'unknown-extension' };
  if (watcher === extension) return { sees: 'all' };
  if (!mayEnter(tenant, watcher, extension)) return { sees: 'nothing', refusal: 'not-allowed' };
  return { sees: entry.refusesPickup ? 'state' : 'all' };
};

const mayEnter = (tenant: Tenant, picker: Extension, number: Extension): boolean => {
  const target = { kind: 'extension', number } as const;
  const granted = (act: Act, by: 'number' | 'group') => grantOf({ tenant, picker, act, target, by }) !== undefined;
  return granted('pickup', 'group') || actsThatShow.some((act) => granted(act, 'number'));
};
