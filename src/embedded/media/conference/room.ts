import type { Channel, Order } from '../channel/channel.js';
import type { Tune } from '../hearing/tune.js';

/** A sound that is played in a conference, to all or to one, known by its file. */
export interface Sound {
  readonly file: string;
  readonly tune: Tune;
}

/** What stands between a member and another, in addition to what holds for all. */
export interface Relation {
  /** The other one does not hear this member. */
  readonly speaks: boolean;
  /** This member does not hear the other one. */
  readonly hears: boolean;
}

/** A channel in a conference. */
export interface Member {
  readonly id: number;
  readonly channel: Channel;
  /** The order that brought it here. */
  readonly order: Order;
  readonly isModerator: boolean;
  /** When it leaves, the conference is over. */
  readonly endsRoom: boolean;
  canHear: boolean;
  canSpeak: boolean;
  /** By the id of the other member. */
  readonly relations: Map<number, Relation>;
  /** Played to it alone, one after another. */
  readonly sounds: Sound[];
  /** Takes it out; its channel goes on with what it did before. */
  leave(): void;
}

/** A conference: its members hear each other. */
export interface Room {
  readonly name: string;
  readonly id: string;
  readonly profile: string;
  /** What a member has to know to come in; empty for nothing. */
  readonly pin: string;
  /** Milliseconds since the epoch. */
  readonly started: number;
  /** In the order in which they came. */
  readonly members: Member[];
  /** Played to all, one after another. */
  readonly sounds: Sound[];
  isLocked: boolean;
  /** How many may be in it; 0 for no limit. */
  mostMembers: number;
}

/** The conferences by name. */
export type Rooms = Map<string, Room>;
