import type { Event } from './event.js';

/** What one connection wants to hear of. */
export interface Subscription {
  format: 'json' | 'plain';
  /** Names of events; `ALL` for all. */
  readonly names: Set<string>;
  /** Subclasses of CUSTOM; an empty set hears of all of them if CUSTOM is in `names`. */
  readonly subclasses: Set<string>;
  /** If there are any, one of them must fit: header, then the values that fit. */
  readonly filters: Map<string, Set<string>>;
}

/** One that hears nothing. */
export function noSubscription(): Subscription {
  return { format: 'plain', names: new Set(), subclasses: new Set(), filters: new Map() };
}

/** The events that this server tells, by the names that may be asked for. */
const known = new Map<string, string>(
  [
    ...['HEARTBEAT', 'CHANNEL_EXECUTE', 'CHANNEL_EXECUTE_COMPLETE', 'CHANNEL_PROGRESS_MEDIA', 'CHANNEL_CALLSTATE'],
    ...['CHANNEL_ANSWER', 'DTMF', 'DETECTED_TONE', 'PLAYBACK_START', 'PLAYBACK_STOP', 'CUSTOM', 'BACKGROUND_JOB'],
    ...['CHANNEL_HANGUP', 'CHANNEL_HANGUP_COMPLETE', 'CHANNEL_CREATE', 'CHANNEL_DESTROY', 'CHANNEL_PARK', 'NOTIFY'],
    ...['CHANNEL_BRIDGE', 'CHANNEL_UNBRIDGE', 'CHANNEL_STATE', 'SHUTDOWN', 'ALL'],
  ].map((name) => [name, name]),
);
known.set('SWITCH_EVENT_PLAYBACK_START', 'PLAYBACK_START');
known.set('SWITCH_EVENT_PLAYBACK_STOP', 'PLAYBACK_STOP');

/** Adds or takes away the names of an `event` or `nixevent` command; false if none of them is known. */
export function changeNames(subscription: Subscription, words: readonly string[], isAdded: boolean): boolean {
  let isCustom = false;
  let found = false;
  for (const word of words) {
    const name: string | undefined = isCustom ? undefined : known.get(word.toUpperCase());
    const set = name ? subscription.names : subscription.subclasses;
    if (!name && !isCustom) continue;
    if (isAdded) set.add(name ?? word);
    else set.delete(name ?? word);
    isCustom ||= name === 'CUSTOM';
    found = true;
  }
  return found;
}

/** True if that event is wanted. */
export function wants({ names, subclasses, filters }: Subscription, event: Event): boolean {
  const name = event['Event-Name'] ?? '';
  if (!names.has(name) && !names.has('ALL')) return false;
  if (name === 'CUSTOM' && subclasses.size > 0 && !subclasses.has(event['Event-Subclass'] ?? '')) return false;
  if (filters.size === 0) return true;
  return [...filters].some(([header, values]) => values.has(event[header] ?? ''));
}
