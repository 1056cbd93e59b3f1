import type { RtpSession } from '../audio/rtp.js';
import type { Agreed } from '../audio/sdp.js';
import type { Doing, Insert } from '../hearing/ear.js';
import type { Hearer } from '../hearing/tick.js';
import type { Tune } from '../hearing/tune.js';

/** Where a channel is in its life, in FreeSWITCH's words. */
export type ChannelState = 'CS_EXECUTE' | 'CS_SOFT_EXECUTE' | 'CS_PARK' | 'CS_ROUTING' | 'CS_HANGUP';

/** The numbers of {@link ChannelState} in events. */
export const stateNumbers: Readonly<Record<ChannelState, number>> = {
  CS_ROUTING: 2,
  CS_SOFT_EXECUTE: 3,
  CS_EXECUTE: 4,
  CS_PARK: 6,
  CS_HANGUP: 10,
};

/** An application that is asked for, with the id by which its end is told. */
export interface Order {
  readonly app: string;
  readonly data: string;
  readonly id: string;
}

/** Why an application is broken off. */
export type Stop = 'break' | 'moved' | 'ended';

/** An application that takes its time. */
export interface Run {
  readonly order: Order;
  readonly doing: Doing;
  /** True if other applications may run inside it; else they wait until it is over. */
  readonly letsIn: boolean;
  /** Goes on by one frame. */
  advance?(): void;
  /** True if keys of the phone are commands to it; false if it keeps them to itself. Undefined: they mean nothing to it. */
  readonly hasKeys?: boolean;
  /** Takes a command (`eavesdrop-command`). */
  command?(key: string): void;
  /** Ends it; the result says how it went, if it says anything. */
  stop(why: Stop): void;
}

/** The connection on which the application in charge of a channel speaks to us. */
export interface Control {
  /** Says goodbye and closes. */
  end(): void;
}

/** The SIP side of a channel. */
export interface Leg {
  /** Ends the dialog with a cause of Q.850 (RFC 3326). */
  bye(cause: string): void;
  /** The channel is over: the dialog is forgotten. */
  forget(): void;
}

/** Who listens to a channel, and how it is told that this one is gone. */
export interface Eavesdropper {
  readonly ear: Channel;
  /** Its turn among all that came to that channel. */
  readonly turn: number;
  targetGone(): void;
}

/** A sound laid over a channel by `uuid_displace`, known by its file. */
export interface Displacement extends Insert {
  readonly file: string;
  readonly tune: Tune;
}

/** One phone's channel. */
export interface Channel extends Hearer {
  readonly id: string;
  /** Microseconds since the epoch. */
  readonly created: number;
  readonly name: string;
  readonly user: string;
  readonly address: string;
  readonly variables: Map<string, string>;
  readonly rtp: RtpSession;
  agreed: Agreed;
  readonly leg: Leg;
  control: Control | undefined;
  state: ChannelState;
  callState: 'ACTIVE' | 'RINGING' | 'HANGUP';
  /** What runs when nothing else does: `socket` or `park`; nothing beneath a bridge. */
  base: Order | undefined;
  /** What runs, one inside the other. */
  readonly runs: Run[];
  readonly waiting: Order[];
  partner: Channel | undefined;
  readonly eavesdroppers: Eavesdropper[];
  readonly inserts: Displacement[];
  isMuted: boolean;
  isDeafened: boolean;
  /** What keys of the phone run in place of being told. */
  keyAction: Order | undefined;
  /** How the last application went. */
  response: string;
  /** Why it is over; undefined while it lives. */
  cause: string | undefined;
}
