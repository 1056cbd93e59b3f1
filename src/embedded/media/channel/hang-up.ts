import type { MediaServer } from '../server.js';
import type { Channel } from './channel.js';
import { tellCallState } from './tell.js';
import { leavePartner, vacate } from './vacate.js';

/** What ends a channel beside its application: the phone's own BYE needs no answer of ours. */
export interface Ending {
  readonly cause: string;
  /** False when the dialog is over already. */
  readonly saysBye?: boolean;
}

/** A cause goes into headers of SIP: it is one of those words, or the usual one. */
const knownForm = /^[A-Z_]{2,40}$/;

/** Ends a channel: whoever listened to it is told, and whoever talked to it stays parked. */
export function hangUp(server: MediaServer, channel: Channel, ending: Ending): void {
  if (channel.cause !== undefined) return;
  const cause = knownForm.test(ending.cause) ? ending.cause : 'NORMAL_CLEARING';
  channel.cause = cause;
  if (ending.saysBye !== false) channel.leg.bye(cause);
  channel.leg.forget();
  server.channels.delete(channel.id);
  vacate(server, channel, 'ended');
  leavePartner(channel);
  channel.state = 'CS_HANGUP';
  channel.callState = 'HANGUP';
  tellCallState(server, channel, 'ACTIVE');
  for (const eavesdropper of [...channel.eavesdroppers]) eavesdropper.targetGone();
  server.events.flush();
  channel.control?.end();
  void channel.rtp.close();
}
