import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { systemClock } from '../sip/clock.js';
import { makeGuard } from '../sip/guard.js';
import { printHostPort } from '../sip/message/uri.js';
import type { Path } from '../sip/transport/path.js';
import { openTransports } from '../sip/transport/transports.js';
import { everyFrame } from './audio/clock.js';
import { hangUp } from './channel/hang-up.js';
import { playOn } from './conference/sounds.js';
import { makeEvents } from './event-socket/events.js';
import { beat } from './event-socket/heartbeat.js';
import { openInbound } from './event-socket/inbound.js';
import type { Flags } from './flags.js';
import { tick } from './hearing/tick.js';
import type { MediaServer } from './server.js';
import { takeMessage } from './sip/intake.js';
import type { UserAgent } from './sip/user-agent.js';

/** A running media server. */
export interface Running {
  /** The address of the event socket as bound, `host:port`. */
  readonly esl: string;
  /** Those of SIP, `udp/host:port` and `tcp/host:port`. */
  readonly sip: readonly string[];
  stop(): void;
}

const guard = makeGuard('media server');

function makeServer(flags: Flags, sip: string): MediaServer {
  return {
    clock: { ...systemClock, after: (ms, task) => systemClock.after(ms, () => guard(task)) },
    core: { id: randomUUID(), host: hostname(), address: flags.rtp, started: Date.now() },
    events: makeEvents(),
    channels: new Map(),
    rooms: new Map(),
    globals: new Map(),
    sip,
    rtpHost: flags.rtp,
    mostSessions: flags.mostSessions,
    counts: { total: 0, peak: 0, opening: 0 },
  };
}

/** Twenty milliseconds: what is played in conferences goes on, then all speak and hear. */
function frame(server: MediaServer): void {
  for (const room of server.rooms.values()) playOn({ server, room });
  tick([...server.channels.values()]);
}

/** Opens all addresses and begins to serve. Rejects when one cannot be opened. */
export async function start(flags: Flags): Promise<Running> {
  const receive = (text: string, path: Path): void => guard(() => takeMessage(ua, text, path));
  const transports = await openTransports({ addresses: [flags.sip], clock: systemClock, receive, lost: () => {} });
  const [bound = flags.sip] = transports.endpoints;
  const sip = printHostPort(bound.host, bound.port);
  const server = makeServer(flags, sip);
  const { clock } = server;
  const ua: UserAgent = { server, clock, transports, dialogs: new Map(), incoming: new Map(), outgoing: new Map() };
  const inbound = await openInbound(() => server, { ...flags.esl, secret: flags.secret });
  const stops = [everyFrame(() => guard(() => frame(server))), beat(server)];
  return {
    esl: printHostPort(flags.esl.host, inbound.port),
    sip: [`udp/${sip}`, `tcp/${sip}`],
    stop: () => {
      for (const channel of [...server.channels.values()]) hangUp(server, channel, { cause: 'MANAGER_REQUEST' });
      for (const stop of stops) stop();
      inbound.close();
      transports.close();
    },
  };
}
