import type { CallId } from '../domain/names.js';
import type { Sound, SoundName } from '../domain/sound.js';

/** How somebody takes part in a call of others: hears it; is heard by one of the two; is heard by both. */
export const listenModes = ['listen', 'whisper', 'barge'] as const;

/** One of {@link listenModes}. */
export type ListenMode = (typeof listenModes)[number];

/** The media servers. Nothing here ever rejects: what fails says so, within a few seconds. */
export interface MediaServers {
  /** At least one takes new endpoints. */
  readonly isUp: boolean;
  /** An endpoint for a phone that made this offer; undefined where no server is there, or it can make nothing of the offer. */
  open(request: EndpointRequest): Promise<Endpoint | undefined>;
}

/** What endpoint is wanted. */
export interface EndpointRequest {
  /**
   * The phone's offer. Without one the endpoint makes it: its `sdp` is an offer then, for a 200 or an INVITE, and the phone's
   * answer goes to `change`.
   */
  readonly offer?: string;
  readonly call: CallId;
  /** The endpoint with which it is to be brought together: only those of one server can be. */
  readonly beside?: Endpoint;
}

/** One phone's place on a media server: what it says goes there, and what it hears comes from there. */
export interface Endpoint {
  readonly id: string;
  /** The name of its server. */
  readonly server: string;
  /** What the phone is told: the answer to its offer, or an offer to it. */
  readonly sdp: string;
  /** Settles when it is there no more: released, ended by the server, or lost with it. */
  readonly gone: Promise<void>;
  readonly isGone: boolean;
  /** The phone makes another offer (hold, another address or codec), or answers ours: the answer to it, undefined if it is refused. */
  change(offer: string): Promise<string | undefined>;
  /** Has two phones hear each other; each leaves whom it heard before, who hears nothing then. */
  bridge(other: Endpoint): Promise<boolean>;
  /** It hears nobody any more, nor does the one it was bridged with; what it listened to is left alone. */
  park(): Promise<void>;
  /** Plays sounds to a phone that hears nobody; settles when they are over, or broken off by `hush`, `bridge` or the end. */
  play(...sounds: Sound[]): Promise<void>;
  /** Breaks off what is played. */
  hush(): Promise<void>;
  /** Plays a sound into the ear of a phone that talks, over what it hears; nobody else hears it. */
  overlay(sound: SoundName): Promise<void>;
  /**
   * Has this phone hear another one and whomever that one talks to, now and later; undefined if that cannot be. Whispering
   * goes to the phone of `other` alone.
   */
  listenTo(other: Endpoint, mode: ListenMode): Promise<Listening | undefined>;
  /** Hears the keys that are pressed on the phone, by RTP (RFC 4733); returns how to stop. */
  onDigit(listener: (digit: string) => void): () => void;
  /** Ends it. Safe at any moment and more than once. */
  release(): Promise<void>;
}

/** Somebody's listening to another endpoint. */
export interface Listening {
  /** Settles when it is over: stopped, or one of the two endpoints is gone. */
  readonly over: Promise<void>;
  /** Changes how the listener takes part; false if that could not be. */
  setMode(mode: ListenMode): Promise<boolean>;
  /** Leaves; the endpoint stays, and hears nothing. */
  stop(): Promise<void>;
}
