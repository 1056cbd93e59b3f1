import type { Clock } from '../../sip/clock.js';
import type { Request } from '../../sip/message/message.js';
import type { ClientPlain } from '../../sip/transaction/client-plain.js';
import type { ServerInvite } from '../../sip/transaction/server-invite.js';
import type { ServerPlain } from '../../sip/transaction/server-plain.js';
import type { Path } from '../../sip/transport/path.js';
import type { Transports } from '../../sip/transport/transports.js';
import type { MediaServer } from '../server.js';
import type { Dialog } from './dialog.js';

/** The SIP side of the media server. */
export interface UserAgent {
  readonly server: MediaServer;
  readonly clock: Clock;
  readonly transports: Transports;
  readonly dialogs: Map<string, Dialog>;
  /** Requests from the network, by transaction. */
  readonly incoming: Map<string, Incoming>;
  /** Requests of ours, by transaction. */
  readonly outgoing: Map<string, ClientPlain>;
}

/** A request from the network. */
export interface Incoming {
  readonly request: Request;
  readonly path: Path;
  readonly transaction: ServerInvite | ServerPlain;
  /** The tag of our answers: that of the dialog, or a new one. */
  readonly toTag: string;
}
