import type { Clock } from '../clock.js';
import type { Dialogs } from '../dialog/dialogs.js';
import type { Transports } from '../transport/transports.js';
import type { Clients } from '../wire/clients.js';
import type { Bindings } from './bindings.js';
import type { IncomingTable } from './incoming.js';
import type { OutgoingTable } from './outgoing.js';

/** What every story of the engine works on. */
export interface Engine {
  readonly clock: Clock;
  readonly transports: Transports;
  readonly clients: Clients;
  readonly incoming: IncomingTable;
  readonly outgoing: OutgoingTable;
  readonly dialogs: Dialogs;
  readonly bindings: Bindings;
}
