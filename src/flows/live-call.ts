import type { DialogIds } from '../domain/dialog.js';
import type { ClaimToken } from '../domain/names.js';
import type { Tenant } from '../domain/office.js';
import { type CallDialogs, callDialogs } from './call-dialogs.js';
import { localClaim } from './local-claim.js';
import type { Endpoint } from './media.js';
import type { CallRecord, EarlyDialog, EndReason, IncomingLeg, Leg, Log, Offer, OutgoingLeg, Party } from './ports.js';

/** How the ringing of a call ends. */
export type RingEnd =
  | { kind: 'answered'; by: OutgoingLeg; leg: Leg; sdp: string }
  | {
      kind: 'offered';
      by: OutgoingLeg;
      ids: DialogIds;
      sdp: string;
      acknowledge(answer: string): Promise<Leg>;
      abandon(): Promise<void>;
    }
  | { kind: 'picked' }
  | { kind: 'abandoned'; reason?: string }
  | { kind: 'failed'; status: number; reason?: string }
  | { kind: 'unanswered' }
  | { kind: 'lost'; text: string };

/** A call whose legs this instance holds. */
export interface LiveCall {
  /** As the store knows it; another one when somebody takes the caller's place. */
  record: CallRecord;
  readonly tenant: Tenant;
  readonly caller: IncomingLeg;
  readonly callerParty: Party;
  readonly log: Log;
  /** The legs that ring or are about to, by their id. */
  readonly ringing: ReadonlyMap<string, OutgoingLeg>;
  /** The legs that have rung. */
  readonly noted: ReadonlyMap<string, EarlyDialog>;
  /** What phones are offered: the caller's own offer, or none where they are to talk through the media server. */
  readonly toPhones: Offer;
  /** What the caller hears before the call is answered, once that was asked for; undefined if it came to nothing. */
  early?: Promise<Endpoint | undefined>;
  /** What it hears is the ringing tone. */
  hearsRinging?: boolean;
  /** What watchers are shown of the call. */
  readonly dialogs: CallDialogs;
  /** Settles once, when the ringing is over. */
  readonly over: Promise<RingEnd>;
  readonly isOver: boolean;
  /** Somebody has the call: it is connected, or about to be. */
  readonly isTaken: boolean;
  /** What a phone is told whose answer came too late: a missed call, unless somebody else has the call. */
  readonly toLosers: EndReason;
  dialled(leg: OutgoingLeg): void;
  rang(dialog: EarlyDialog): void;
  legGone(leg: OutgoingLeg): void;
  /**
   * The local half of the claim: true for exactly one picker, and never after the ringing ended. Redis decides who
   * tries, this decides finally (reliability.md F9).
   */
  take(token: ClaimToken): boolean;
  /** Whether a picker comes for the call, or it ends, in this time. */
  takenWithin(milliseconds: number): Promise<boolean>;
  /** Settles as soon as no picker holds the call, or its ringing is over. */
  free(): Promise<void>;
  /** The pickup failed after all: the phones ring on, and what was put off meanwhile happens now. */
  giveBack(token: ClaimToken): void;
  /** Ends the ringing. What a pickup in progress may still prevent is put off until that has failed. */
  settle(end: RingEnd): boolean;
}

/** What a live call is made of. */
export interface LiveCallParts {
  readonly record: CallRecord;
  readonly tenant: Tenant;
  readonly caller: IncomingLeg;
  readonly callerParty: Party;
  readonly log: Log;
  /** The caller's own offer unless it is said. */
  readonly toPhones?: Offer;
}

/** Ends that wait until a pickup in progress has failed; the others come true at once, or not at all. */
const waits: ReadonlySet<RingEnd['kind']> = new Set(['failed', 'unanswered']);

/** Ends after which somebody has the call. */
const taken: ReadonlySet<RingEnd['kind']> = new Set(['answered', 'offered', 'picked']);

/** A callee's answer that comes while a picker holds the call has lost, whatever becomes of the pickup. */
const loses: ReadonlySet<RingEnd['kind']> = new Set(['answered', 'offered']);

/** A call in this instance's memory, from its INVITE until its ringing ends. */
export const liveCall = (parts: LiveCallParts): LiveCall => {
  const ringing = new Map<string, OutgoingLeg>();
  const noted = new Map<string, EarlyDialog>();
  let resolve: (end: RingEnd) => void = () => undefined;
  const over = new Promise<RingEnd>((settled) => {
    resolve = settled;
  });
  const claim = localClaim();
  let putOff: RingEnd | undefined;
  let how: RingEnd | undefined;

  const settle = (end: RingEnd): boolean => {
    if (how) return false;
    if (claim.isHeld && loses.has(end.kind)) return false;
    if (claim.isHeld && waits.has(end.kind)) {
      putOff = end;
      return false;
    }
    how = end;
    claim.wake();
    resolve(end);
    return true;
  };

  return {
    toPhones: parts.caller.offer,
    ...parts,
    ringing,
    noted,
    dialogs: callDialogs(),
    over,
    get isOver() {
      return how !== undefined;
    },
    get isTaken() {
      return how !== undefined && taken.has(how.kind);
    },
    get toLosers(): EndReason {
      if (!how || taken.has(how.kind)) return { kind: 'elsewhere' };
      const reason = how.kind === 'abandoned' ? how.reason : undefined;
      return { kind: 'other-party', ...(reason !== undefined && { reason }) };
    },
    dialled: (leg) => void ringing.set(leg.id, leg),
    rang: (dialog) => void noted.set(dialog.leg, dialog),
    legGone: (leg) => void ringing.delete(leg.id),
    take: (token) => !how && claim.take(token),
    giveBack: (token) => {
      if (claim.giveBack(token) && putOff) settle(putOff);
    },
    free: async () => (how ? undefined : claim.free()),
    takenWithin: async (milliseconds) => {
      if (!how && !claim.isHeld) await claim.change(milliseconds);
      return how !== undefined || claim.isHeld;
    },
    settle,
  };
};
