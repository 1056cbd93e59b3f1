import type { Client } from '../wire/client.js';
import { cancelInvite } from './cancel.js';
import type { Engine } from './engine.js';
import { answerAlone } from './open-incoming.js';

/**
 * An application is gone. Callers that wait for it hear 503 at once, and phones that ring for it stop ringing.
 * Its dialogs stay: another application that knows their ids may still end them.
 */
export function applicationLeft(engine: Engine, client: Client): void {
  for (const incoming of engine.incoming.of(client)) {
    if (incoming.request.method === 'INVITE') answerAlone(engine, incoming, 503);
  }
  for (const outgoing of engine.outgoing.of(client)) {
    const rings = outgoing.request.method === 'INVITE' && !outgoing.finalSeen && !outgoing.cancelled;
    if (rings) cancelInvite(engine, outgoing);
  }
}
