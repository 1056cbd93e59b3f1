import type { Answer, Leg } from './phone-leg.js';
import type { Fields } from './phone-message.js';
import type { MediaSettings } from './phone-sdp.js';
import type { Peer } from './phone-transport.js';

/** A phone as it is bought and set up. */
export interface PhoneOptions {
  readonly number: string;
  /** The address to live on; 127.0.0.1 if nothing else is said. */
  readonly host?: string;
  readonly port?: number;
  readonly transport?: 'udp' | 'tcp';
  /** Its registrar and proxy. Without one it calls addresses straight. */
  readonly server?: Peer;
  /** The domain of its own and other numbers; the address of the server if nothing else is said. */
  readonly domain?: string;
  readonly password?: string;
  /** What it hears and says. */
  readonly media?: MediaSettings;
  /** Says 100 to an INVITE at once; true if nothing else is said. */
  readonly trying?: boolean;
  /** Rings, or answers, by itself: for load. */
  readonly autoRing?: boolean;
  readonly autoAnswer?: boolean | Answer;
  /** Sees each incoming call first. */
  readonly onCall?: (leg: Leg) => void;
  /** Keeps neither a log nor calls that nobody asked for: for load. */
  readonly isForgetful?: boolean;
}

/** What a REGISTER says. */
export interface Registering {
  /** Seconds; 0 unregisters. */
  readonly expires?: number;
  readonly headers?: Fields;
  /** Contact values instead of the phone's own. */
  readonly contacts?: readonly string[];
}
