import type { Clock } from '../sip/clock.js';
import type { Channel } from './channel/channel.js';
import type { Rooms } from './conference/room.js';
import type { Core } from './event-socket/event.js';
import type { Events } from './event-socket/events.js';

/** Everything that the parts of the media server share. */
export interface MediaServer {
  readonly clock: Clock;
  readonly core: Core;
  readonly events: Events;
  readonly channels: Map<string, Channel>;
  readonly rooms: Rooms;
  /** Variables of the server itself, for the applications to keep something in. */
  readonly globals: Map<string, string>;
  /** The SIP address, `host:port`, as `sofia status` shows it. */
  readonly sip: string;
  /** The address that phones send RTP to. */
  readonly rtpHost: string;
  readonly mostSessions: number;
  /** How many there were since the start, and at most at a time; and how many are being opened. */
  readonly counts: { total: number; peak: number; opening: number };
}
