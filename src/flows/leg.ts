import type { DialogIds } from '../domain/dialog.js';

/** Who a party is, as it is shown to the other party. */
export interface Party {
  readonly name: string;
  /** The number, or the user part of an outside caller's URI; empty if unknown. */
  readonly number: string;
  readonly domain: string;
  /** The party asked for privacy (RFC 3323): neither name nor number may be shown. */
  readonly private: boolean;
}

/** The media a party offered with its INVITE. */
export type Offer =
  | { kind: 'sdp'; body: string }
  /** No SDP in the INVITE (RFC 3261 section 13.2.1): our 200 makes the offer. */
  | { kind: 'delayed' };

/** What a leg is told when we end it. */
export type EndReason =
  /** Somebody else has the call now: the phone must not show a missed call. */
  | { kind: 'elsewhere' }
  /** The other party hung up or gave up; with the party's own Reason header where there was one. */
  | { kind: 'other-party'; reason?: string }
  /** Something failed; the text goes to the phone. */
  | { kind: 'failure'; text: string };

/** An established leg: a confirmed dialog with one phone. */
export interface Leg {
  readonly dialogId: string;
  readonly ids: DialogIds;
  /** Settles once when the leg has ended; with the phone's own Reason header, if any, where its BYE ended it. */
  readonly ended: Promise<{ readonly reason?: string } | undefined>;
  /** Sends BYE. Settles when the phone has answered it, or gave no answer; never rejects. */
  end(reason: EndReason): Promise<void>;
  /**
   * Asks the phone to change the session by re-INVITE (RFC 3261 section 14): with an offer of ours it answers; without
   * one it makes the offer, and `acknowledge` takes our answer to it. One at a time, and again after a while if the
   * phone was changing it itself. With `talksTo` it is told who is at the other end from now on. A failure leaves the
   * session as it was, but 408 and 481 end the leg. Never rejects.
   */
  change(offer?: OwnOffer, talksTo?: Party): Promise<Changed>;
}

/** An offer of ours; one that may be another when its turn comes, after a hold say, is asked for then. */
export type OwnOffer = string | (() => string);

/** What a change of the session came to. */
export type Changed =
  | {
      ok: true;
      /** The phone's answer to our offer, or its own offer. */
      sdp: string;
      /** Answers the phone's own offer; without an answer, the session stays as it was. Nothing is left to say to an answer. */
      acknowledge(answer?: string): void;
    }
  | { ok: false; status: number };

/** Who is told what becomes of two joined legs. */
export interface JoinListener {
  /** Both are gone; with the one whose phone hung up first, or nothing if we ended both. */
  ended(first: Leg | undefined): void;
  /** The phone of this leg has put the other on hold, or taken it back. */
  held?(leg: Leg, isHeld: boolean): void;
  /** One of them is an instance of ours, and the other phone is told whether that is the middle of a conference. */
  readonly carriesFocus?: true;
  /**
   * Answers a change of the session that a phone asks for, where the two do not talk to each other directly: the answer to
   * its offer, undefined to refuse it (488). Without this, changes are passed on to the other phone.
   */
  changes?(leg: Leg, offer: string): Promise<string | undefined>;
}

/** Who is told what a phone does that talks with the media server alone. */
export interface AttachListener {
  /** The phone has hung up, or the leg was ended. */
  ended(): void;
  /** As with two joined legs. */
  changes(offer: string): Promise<string | undefined>;
  /** A key was pressed, told by INFO (application/dtmf-relay, application/dtmf). */
  digit(digit: string): void;
}

/** What joins two legs. */
export interface Joint {
  /**
   * Nothing is passed on any more, no BYE either, and the listener is told of no end: each of the legs can be joined anew. Until
   * then changes of its session are answered 491.
   */
  part(): void;
}
