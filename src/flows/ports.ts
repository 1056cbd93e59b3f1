import type { DialogChange, DialogIds } from '../domain/dialog.js';
import type { CallId, ClaimToken, Extension, InstanceId, TenantId } from '../domain/names.js';
import type { Tenant } from '../domain/office.js';
import type { PickupKind, Refusal } from '../domain/outcome.js';
import type { RingPlace } from '../domain/ring-place.js';
import type { Wanted } from '../domain/selection.js';
import type { ActRequest } from './act-request.js';
import type { CallRecord, EndedCall, HeldCall } from './call-record.js';
import type { AttachListener, EndReason, JoinListener, Joint, Leg, Offer, Party } from './leg.js';
import type { CallResult } from './meter.js';

/** Calls as the store knows them. */
export type { CallRecord, EndedCall, HeldCall } from './call-record.js';
/** Established legs, and what can be done with them. */
export type { AttachListener, Changed, EndReason, JoinListener, Joint, Leg, Offer, OwnOffer, Party } from './leg.js';
/** What is counted. */
export type { CallResult, Meter, SupervisionAct } from './meter.js';

/** One registered contact of an extension: where a leg can be sent. */
export interface Binding {
  readonly id: string;
  readonly contact: string;
  /** The Path of its REGISTER (RFC 3327), first hop first; empty without an edge. */
  readonly path: readonly string[];
}

/** A binding as the registrar keeps it: with what the next REGISTER is compared with. */
export interface StoredBinding extends Binding {
  /** SIP Call-ID and CSeq of the REGISTER that made it (RFC 3261 section 10.3 step 7). */
  readonly callId: string;
  readonly cseq: number;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  readonly userAgent?: string;
  /** Of a phone that a push wakes: the same at whatever address it is. Two bindings of it would be two legs to one phone. */
  readonly push?: string;
}

/** What one REGISTER asks for. */
export interface Registration {
  readonly tenant: TenantId;
  readonly extension: Extension;
  readonly callId: string;
  readonly cseq: number;
  /** `all` is `Contact: *` with Expires 0; otherwise each contact, with no binding where it is to go. */
  readonly change: 'all' | readonly { id: string; binding: StoredBinding | undefined }[];
}

/** The bindings after the change, or why there was none. */
export type Registered = { ok: true; bindings: StoredBinding[] } | { ok: false; refusal: 'stale' | 'full' };

/** Which phone is where: the bindings of every extension, so that every instance knows them. */
export interface Registrar {
  /** One round trip a REGISTER; all of it happens or nothing. Rejects if the store cannot be reached. */
  register(registration: Registration): Promise<Registered>;
  /** The phones that register by this number. Rejects if the store cannot be reached. */
  phones(tenant: TenantId, number: Extension): Promise<Binding[]>;
}

/** The early dialog of one callee leg, as RFC 4235 sees it from the phone: what a Replaces will name. */
export interface EarlyDialog extends DialogIds {
  readonly leg: string;
  readonly contact: string;
  /** Milliseconds since 1970, when the leg began to ring. */
  readonly since: number;
  readonly state: 'proceeding' | 'early';
}

/** The sole right to take one call, won by one picker. */
export interface Claim {
  readonly call: CallId;
  readonly owner: InstanceId;
  readonly target: Extension;
  readonly token: ClaimToken;
  /** Milliseconds since 1970 when the call began to ring. */
  readonly ringingSince: number;
}

/** What a claim came to. */
export type ClaimResult = { ok: true; claim: Claim } | { ok: false; refusal: Refusal };

/**
 * Where calls are kept, for all instances. Every method is one round trip and rejects if the store cannot be reached.
 * What becomes of the call's dialogs is noted, and told to whoever watches, in the same step as what becomes of the call.
 */
export interface CallStore {
  /** Notes a call that begins, and returns the phones that register by its target, or by this number, in the same step. */
  begin(call: CallRecord, dialogs: readonly DialogChange[], number?: Extension): Promise<Binding[]>;
  /** A leg of the call rings since this millisecond: the call can be picked up from now on, a group's where its record says. */
  ring(call: CallRecord, since: number, dialogs: readonly DialogChange[]): Promise<void>;
  /** A group's call is not to be found at these places any more. */
  left(call: CallRecord, places: readonly RingPlace[]): Promise<void>;
  /** Only dialogs have changed, not the call. */
  note(call: CallRecord, dialogs: readonly DialogChange[]): Promise<void>;
  /** Gives one picker the best call that rings at one of these extensions and that is not the picker's own. */
  claim(ask: ClaimAsk): Promise<ClaimResult>;
  /** Takes back a claim whose outcome was never heard: it may have been won all the same. */
  withdraw(ask: ClaimAsk): Promise<void>;
  /** The callee's own answer takes the same claim: false if a picker was quicker. Of a group's call it says whose. */
  answer(call: CallRecord, by?: Extension): Promise<boolean>;
  /** The claimed call is connected to its picker. */
  confirm(call: CallRecord, by: Confirmed, dialogs: readonly DialogChange[]): Promise<void>;
  /** Another phone has taken the place of one in a connected call. */
  stolen(call: CallRecord, by: Stolen, dialogs: readonly DialogChange[]): Promise<void>;
  /** The claim is given back, the phones ring on. */
  release(tenant: TenantId, call: CallId, token: ClaimToken): Promise<void>;
  /**
   * The call has rung for longer than a group wants to wait: whoever listens is told. False, and nobody is, if it rings no
   * more.
   */
  waits(call: CallRecord, notice: { group: string; seconds: number }): Promise<boolean>;
  /** The call is over: nothing of it stays but the news, and for a minute that its dialogs were there. */
  end(call: EndedCall, result: CallResult, dialogs: readonly DialogChange[]): Promise<void>;
  /** Keeps the calls of this instance from lapsing. */
  renew(calls: readonly HeldCall[]): Promise<void>;
}

/** One question to the store for a claim. */
export interface ClaimAsk extends Wanted {
  readonly tenant: TenantId;
  readonly picker: Extension;
  /** Only this call will do. */
  readonly call?: CallId;
  readonly token: ClaimToken;
}

/** Who took a call, and how it was asked for. */
export interface PickedUp {
  readonly picker: Extension;
  readonly method: PickupKind;
  /** Whose phone had the call; whom the call was for where it is not said. */
  readonly from?: Extension;
}

/** By whom a connected call was stolen. */
export interface Stolen extends PickedUp {
  /** Who called has been replaced, and the record names the new caller; otherwise who was called, or had picked up. */
  readonly isCaller?: boolean;
}

/** By whom a call was taken, with which claim. */
export interface Confirmed extends PickedUp {
  readonly token: ClaimToken;
}

/** What a leg that was asked for came to. */
export type Answer = { ok: true; leg: Leg } | { ok: false; refusal: Refusal };

/** A caller's or picker's leg that we have not answered yet. */
export interface IncomingLeg {
  readonly sipCallId: string;
  /** As far as they are known: our tag is said with the first response. */
  readonly ids: DialogIds;
  readonly offer: Offer;
  /** The phone is in a call already and is moved to another party: its dialog is confirmed all the while. */
  readonly isEstablished?: true;
  /** It has had its final response. */
  readonly isFinal?: boolean;
  /** Where the phone is in a call already: its leg, and how to answer it where nothing of its session is to change. */
  readonly moved?: { readonly leg: Leg; stays(): Answer };
  /** The phone cancelled. */
  readonly gone: boolean;
  /** Called once when the phone cancels, with its own Reason header if it sent one. */
  onGone(listener: (reason?: string) => void): void;
  /**
   * Sends 180 Ringing (or 183), once, or once more when there is something to hear: with `early` the phone hears what the media
   * server plays to it, and what answers its offer then must be repeated by the 200 (RFC 3261 section 13.3.1.4).
   */
  ringing(early?: Early): void;
  /**
   * Sends 200 with this SDP, asserting who the phone talks to. `picker-gone` or `error` if it could not be sent. As a focus
   * we are the middle of a conference, and say so (RFC 4579 section 4.1).
   */
  answer(body: string, talksTo: Party, as?: 'focus'): Promise<Answer>;
  /** Sends 200 with this SDP as an offer and waits for the answer in the ACK (RFC 3261 section 13.2.1). */
  answerWithOffer(body: string, talksTo: Party, as?: 'focus'): Promise<Answer & { sdp?: string }>;
  /** Sends the final no. */
  refuse(status: number, phrase?: string, headers?: Record<string, string>): void;
}

/** What a phone is told and played before its call is answered. */
export interface Early {
  /** The answer to its offer. */
  readonly sdp?: string;
  /** Nobody rings yet: 183 instead of 180. */
  readonly isProgress?: true;
  /** Who calls or is called, as it may be shown (RFC 3325). */
  readonly talksTo?: Party;
}

/** How a callee leg ended without our doing. */
export type DialResult =
  /** The phone answered; `sdp` is its answer, or its offer where ours was delayed (then `acknowledge` is given). */
  | { kind: 'answered'; leg: Leg; sdp: string; talksTo?: Party }
  | {
      kind: 'offered';
      ids: DialogIds;
      sdp: string;
      talksTo?: Party;
      acknowledge(answer: string): Promise<Leg>;
      abandon(): Promise<void>;
    }
  | { kind: 'failed'; status: number; reason?: string };

/** A callee leg: an INVITE of ours to one phone. */
export interface OutgoingLeg {
  readonly id: string;
  /** As far as they are known from the beginning: the phone has not said its tag. */
  readonly ids: DialogIds;
  readonly result: Promise<DialResult>;
  /** CANCELs, or BYEs a late 200. Safe at any moment and more than once. */
  stop(reason: EndReason): void;
}

/** What a callee leg is to be. */
export interface DialRequest {
  readonly call: CallId;
  readonly uri: string;
  readonly path: readonly string[];
  readonly caller: Party;
  readonly callee: { readonly number: string; readonly domain: string };
  readonly offer: Offer;
  /** Headers of the caller's INVITE that the phone should see too. */
  readonly passed: Readonly<Record<string, string>>;
  /** The other side is an instance of ours: whom its 200 asserts is believed, and told with the result. */
  readonly isOurs?: boolean;
  onRinging(dialog: EarlyDialog): void;
}

/** A claimed call that is to be taken by the instance that holds it, for a picker who came here. */
export interface ForwardRequest {
  /** The owner's SIP URI. */
  readonly owner: string;
  readonly tenant: Tenant;
  readonly claim: Claim;
  readonly by: PickedUp;
  readonly pickerParty: Party;
  /** The dialog of the picker's phone with this instance: what watchers of the picker are to be shown. */
  readonly pickerIds: DialogIds;
  readonly offer: Offer;
}

/** The instances that hold calls. */
export interface Owners {
  /** The SIP URI of an instance, or undefined if it has not been heard of lately. Rejects if the store is away. */
  find(owner: InstanceId): Promise<string | undefined>;
}

/** What can be done with legs. */
export interface Legs {
  dial(request: DialRequest): OutgoingLeg;
  /** Hands a claimed call's picker to the owner of the call. */
  forward(request: ForwardRequest): OutgoingLeg;
  /** Hands somebody who acts on an answered call to its owner, whose no is named by its phrase. */
  forwardAct(request: ActRequest): OutgoingLeg;
  /** Joins two established legs: re-INVITE, INFO and BYE of one reach the other. */
  join(a: Leg, b: Leg, listener: JoinListener): Joint;
  /** Has a phone know that it talks with the middle of a conference, or does so no more (RFC 4579 section 4.1). */
  focus(leg: Leg, isFocus: boolean): Promise<void>;
  /** Lets one established leg talk with the media server alone: its changes, keys and end are told. */
  attach(leg: Leg, listener: AttachListener): Joint;
}

/** Where events go. Messages are fixed texts, facts stand beside them. */
export interface Log {
  info(facts: object, event: string): void;
  warn(facts: object, event: string): void;
  error(facts: object, event: string): void;
  child(facts: object): Log;
}
