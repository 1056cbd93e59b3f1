import type { Dialog } from '../dialog/dialog.js';
import { tagOf } from '../message/address.js';
import { headerOf, type Request } from '../message/message.js';
import type { ServerInvite } from '../transaction/server-invite.js';
import type { ServerPlain } from '../transaction/server-plain.js';
import type { Path } from '../transport/path.js';
import type { Client } from '../wire/client.js';

/** A request from the network, from its arrival to the end of its transaction. */
export interface Incoming {
  /** drachtio's transaction id. */
  readonly id: string;
  readonly key: string;
  /** With the source stamped into its Via. */
  readonly request: Request;
  readonly path: Path;
  /** Bytes as received. */
  readonly bytes: number;
  readonly transaction: ServerInvite | ServerPlain;
  /** Ours, the same in every response (RFC 3261 section 8.2.6.2). */
  toTag: string;
  tagIsFixed: boolean;
  client: Client | undefined;
  /** The dialog that it belongs to or makes. */
  dialog: Dialog | undefined;
  readonly isInDialog: boolean;
  /** True when a response of the application went out. */
  provisionalSent: boolean;
  lastRseq: number;
  /** Stops the branches of a request that is being proxied. */
  stopSearch: () => void;
  /** Stops the 408 for an application that says nothing. */
  stopPatience: () => void;
}

/** All requests from the network whose transaction lives. */
export interface IncomingTable {
  add(incoming: Incoming): void;
  /** The application has no more say in it; retransmissions are still absorbed. */
  finish(incoming: Incoming): void;
  /** Its transaction has ended. */
  remove(incoming: Incoming): void;
  byKey(key: string): Incoming | undefined;
  /** Those that the application may still answer. */
  byId(id: string): Incoming | undefined;
  /** An INVITE like this that came another way (RFC 3261 section 8.2.2.2). */
  merged(request: Request): Incoming | undefined;
  /** Those that wait for that application. */
  of(client: Client): Incoming[];
  readonly size: number;
}

/** What a copy of an INVITE by another way has in common with it. */
function mergeKey(request: Request): string {
  const from = tagOf(headerOf(request, 'from')) ?? '';
  return `${headerOf(request, 'call-id')} ${from} ${headerOf(request, 'cseq')} ${tagOf(headerOf(request, 'to')) ?? ''}`;
}

/** An empty table. */
export function makeIncomingTable(): IncomingTable {
  const keys = new Map<string, Incoming>();
  const ids = new Map<string, Incoming>();
  const invites = new Map<string, Incoming>();
  return {
    add: (incoming) => {
      keys.set(incoming.key, incoming);
      ids.set(incoming.id, incoming);
      if (incoming.request.method === 'INVITE') invites.set(mergeKey(incoming.request), incoming);
    },
    finish: (incoming) => {
      ids.delete(incoming.id);
      incoming.stopPatience();
      incoming.dialog?.unpracked?.stop();
    },
    remove: (incoming) => {
      keys.delete(incoming.key);
      ids.delete(incoming.id);
      incoming.stopPatience();
      const merge = mergeKey(incoming.request);
      if (invites.get(merge) === incoming) invites.delete(merge);
    },
    byKey: (key) => keys.get(key),
    byId: (id) => ids.get(id),
    merged: (request) => invites.get(mergeKey(request)),
    of: (client) => [...ids.values()].filter((incoming) => incoming.client === client),
    get size() {
      return keys.size;
    },
  };
}
