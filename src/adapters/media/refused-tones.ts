import type { Refusal } from '../../domain/outcome.js';
import type { ReplaceRefusal } from '../../domain/replace-refusal.js';

/** Whatever a phone may be refused for. */
export type Refused = Refusal | ReplaceRefusal;

/**
 * What each refusal sounds like: first its family, which everybody can tell apart, then as many pips as its place in the
 * family has, for who wants to know it exactly.
 */
const families = {
  /** One long low tone: there is no call of that kind. */
  nobody: '%(400,300,425)',
  /** Down two steps: there may be a call, but not for this picker. */
  'not-allowed': '%(200,0,620)%(300,300,440)',
  /** Three quick steps up: there was a call. */
  'too-late': '%(110,0,520)%(110,0,660)%(110,300,830)',
  /** The tones of a network that cannot (ITU-T E.180): it would have been allowed. */
  technical: '%(330,0,950)%(330,0,1400)%(330,300,1800)',
} as const;

const places: Readonly<Record<Refused, readonly [family: keyof typeof families, pips: number]>> = {
  'no-call': ['nobody', 1],
  'unknown-extension': ['nobody', 2],
  'unknown-group': ['nobody', 3],
  'number-too-short': ['nobody', 4],
  'no-such-dialog': ['nobody', 5],
  'not-registered': ['nobody', 6],
  'no-answer': ['nobody', 7],
  declined: ['nobody', 8],
  'not-changed': ['nobody', 9],
  'not-allowed': ['not-allowed', 1],
  'no-group': ['not-allowed', 2],
  'own-call': ['not-allowed', 3],
  'opted-out': ['not-allowed', 4],
  'private-call': ['not-allowed', 5],
  'wrong-pin': ['not-allowed', 6],
  locked: ['not-allowed', 7],
  'changed-already': ['not-allowed', 8],
  'lost-race': ['too-late', 1],
  'already-answered': ['too-late', 2],
  'caller-gone': ['too-late', 3],
  'dialog-ended': ['too-late', 4],
  'picker-gone': ['too-late', 5],
  'media-mismatch': ['technical', 1],
  'media-unavailable': ['technical', 2],
  'owner-unreachable': ['technical', 3],
  'store-unreachable': ['technical', 4],
  'not-available': ['technical', 5],
  draining: ['technical', 6],
  error: ['technical', 7],
};

const pip = '%(70,110,1050)';

const toneOf = ([family, pips]: (typeof places)[Refused]): string => families[family] + pip.repeat(pips);

/** The tone of each refusal, in FreeSWITCH's TGML. A new refusal does not compile until it has a place here. */
export const refusedTones = Object.fromEntries(
  Object.entries(places).map(([refusal, place]) => [refusal, toneOf(place)]),
) as Readonly<Record<Refused, string>>;
