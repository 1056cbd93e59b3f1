import { Message } from './phone-message.js';
import type { Logged } from './phone-wire.js';

/** Which messages a ladder shows. */
export interface LadderOptions {
  /** One call only. */
  readonly callId?: string;
  /** Registrations and probes too. */
  readonly all?: boolean;
}

const isAside = ({ method }: Message): boolean => method === 'REGISTER' || method === 'OPTIONS';

const rung = (direction: 'in' | 'out', { status, method }: Message): string => {
  const what = status > 0 ? `${status}` : method;
  return direction === 'out' ? `${what} →` : `← ${what}`;
};

/** A log as a ladder in words, seen from the phone that kept it. What was lost or only repeated is left out. */
export const ladderOf = (log: readonly Logged[], { callId, all = false }: LadderOptions = {}): string[] => {
  const seen = new Set<string>();
  return log.flatMap(({ direction, text, lost }) => {
    const message = new Message(text);
    const isRepeated = seen.has(`${direction} ${text}`);
    if (lost || isRepeated || (callId && message.callId !== callId) || (!all && isAside(message))) return [];
    seen.add(`${direction} ${text}`);
    return [rung(direction, message)];
  });
};
