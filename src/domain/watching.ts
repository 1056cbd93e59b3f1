import type { Extension } from './names.js';
import type { Tenant } from './office.js';
import { grantOf } from './rules/grant.js';
import type { Act, Grant } from './rules/rule.js';

/**
 * How much a watcher sees of an extension's calls: all; the other party only as long as the call rings; how to take or
 * enter them, but never the other party; or that there are some.
 */
export type Sees = 'all' | 'callers' | 'calls' | 'state';

/** What a watcher may see of an extension, or why nothing. */
export type Watching = { sees: Sees } | { sees: 'nothing'; refusal: 'unknown-extension' | 'not-allowed' };

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
  const sees = seenBy(tenant, watcher, extension);
  if (sees === undefined) return { sees: 'nothing', refusal: 'not-allowed' };
  return { sees: entry.refusesPickup ? 'state' : sees };
};

/**
 * TelecomX has a right of its own for seeing whom a member talks to, so that its other rights do not show it; but whoever
 * may pick up a call may know whose it is. In the other models whoever may take or enter calls sees them whole.
 */
const seenBy = (tenant: Tenant, picker: Extension, number: Extension): Sees | undefined => {
  const target = { kind: 'extension', number } as const;
  const granted = (act: Act, suits?: (grant: Grant) => boolean) =>
    grantOf({ tenant, picker, act, target, by: 'number' }, suits) ??
    (act === 'pickup' ? grantOf({ tenant, picker, act, target, by: 'group' }, suits) : undefined);
  const isOfOthers = ({ model }: Grant): boolean => model !== 'group';
  if (granted('view-other-party') || actsThatShow.some((act) => granted(act, isOfOthers))) return 'all';
  if (granted('pickup')) return 'callers';
  return actsThatShow.some((act) => granted(act)) ? 'calls' : undefined;
};
