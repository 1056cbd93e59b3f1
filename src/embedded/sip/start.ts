import { systemClock } from './clock.js';
import { makeBindings } from './core/bindings.js';
import type { Engine } from './core/engine.js';
import { makeIncomingTable } from './core/incoming.js';
import { takeLost, takeMessage } from './core/intake.js';
import { applicationLeft } from './core/left.js';
import { obeySip } from './core/obey.js';
import { makeOutgoingTable } from './core/outgoing.js';
import { makeDialogs } from './dialog/dialogs.js';
import { makeGuard } from './guard.js';
import { printHostPort } from './message/uri.js';
import { obeyProxy } from './proxy/order.js';
import type { Endpoint, Path } from './transport/path.js';
import { openTransports, type Transports } from './transport/transports.js';
import { type Admin, openAdmin } from './wire/admin.js';
import { makeClients } from './wire/clients.js';

/** What drachtio-srf takes for drachtio-server's version. */
const version = 'v0.9.10-callpickup';

/** Where to listen, and the secret that applications must show. */
export interface StartOptions {
  readonly admin: Endpoint;
  readonly sip: readonly Endpoint[];
  readonly secret: string;
}

/** A running engine. */
export interface Running {
  /** The addresses as bound, `host:port`. */
  readonly admin: string;
  readonly sip: readonly string[];
  stop(): void;
}

const guard = makeGuard('SIP engine');

function greetingOf(transports: Transports): string {
  const places = transports.endpoints.flatMap(({ host, port }) =>
    ['tcp', 'udp'].map((proto) => `${proto}/${printHostPort(host, port)}`),
  );
  return `${places.join(',')}|${version}|${places.join(',')}`;
}

/** Opens all addresses and begins to serve. Rejects when one cannot be opened. */
export async function start(options: StartOptions): Promise<Running> {
  const clock = { ...systemClock, after: (ms: number, task: () => void) => systemClock.after(ms, () => guard(task)) };
  const receive = (text: string, path: Path): void => guard(() => takeMessage(engine, text, path));
  const lost = (text: string, path: Path): void => guard(() => takeLost(text, path));
  const transports = await openTransports({ addresses: options.sip, clock, receive, lost });
  const engine: Engine = {
    clock,
    transports,
    clients: makeClients(),
    incoming: makeIncomingTable(),
    outgoing: makeOutgoingTable(),
    dialogs: makeDialogs(),
    bindings: makeBindings(clock),
  };
  const admin: Admin = await openAdmin({
    address: options.admin,
    secret: options.secret,
    clients: engine.clients,
    greeting: () => greetingOf(transports),
    sip: (client, order) => obeySip(engine, client, order),
    proxy: (client, order) => obeyProxy(engine, client, order),
    left: (client) => applicationLeft(engine, client),
    guard,
  });
  return {
    admin: printHostPort(options.admin.host, admin.port),
    sip: transports.endpoints.map(({ host, port }) => printHostPort(host, port)),
    stop: () => {
      admin.close();
      transports.close();
    },
  };
}
