import type { SoundName } from '../domain/sound.js';
import type { LiveCall } from './live-call.js';
import type { Endpoint } from './media.js';
import { playBriefly } from './play-briefly.js';

/** So many digits of a number are told: its end is what tells callers apart, and a caller waits meanwhile. */
const mostDigits = 5;

/** Longest announcement, in milliseconds: a file of the operator's may be longer than our tones. */
const longest = 3_000;

/**
 * Has who picks up hear whose call it is, before hearing the caller: the number that calls and the one that was called.
 * Settles when it is over, after three seconds, or when the phone is gone; never rejects.
 */
export const announceCall = (endpoint: Endpoint, call: Pick<LiveCall, 'record'>): Promise<void> =>
  playBriefly(endpoint, longest, announcement(call));

/** What is played, in order. */
export const announcement = ({ record }: Pick<LiveCall, 'record'>): SoundName[] => [
  'call-from',
  ...(record.isAnonymous ? ['anonymous' as const] : spoken(record.callerNumber)),
  'call-to',
  ...spoken(record.target),
];

/** A caller from outside may have a name in the place of a number. */
const spoken = (number: string): SoundName[] => {
  const told = /^\+?\d+$/.test(number) ? number.replace('+', '').slice(-mostDigits) : '';
  return told === '' ? ['anonymous'] : [...told].map((digit) => `digit-${digit}` as SoundName);
};
