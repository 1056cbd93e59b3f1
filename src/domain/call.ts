/**
 * The life of a call, as one table: in this state, on this event, go to that state. An event with no entry is
 * refused. The `claimed` row is the race: once a picker holds the call, the callee's own answer comes too late.
 * The scripts of adapters/redis hold the same table; a contract test compares them.
 */
const table = {
  trying: { rang: 'ringing', answered: 'connected', ended: 'ended' },
  ringing: { rang: 'ringing', claimed: 'claimed', answered: 'connected', ended: 'ended' },
  claimed: { released: 'ringing', picked: 'connected', ended: 'ended' },
  connected: { ended: 'ended' },
  ended: {},
} as const;

/** What a call is at the moment. */
export type CallState = keyof typeof table;

/** What can happen to a call. */
export type CallEvent = 'rang' | 'claimed' | 'released' | 'picked' | 'answered' | 'ended';

/** Every state, for tables in tests and metrics. */
export const callStates = Object.keys(table) as CallState[];

/** The state after the event, or undefined if the call cannot take that event now. */
export const after = (state: CallState, event: CallEvent): CallState | undefined => {
  const row: Partial<Record<CallEvent, CallState>> = table[state];
  return row[event];
};
