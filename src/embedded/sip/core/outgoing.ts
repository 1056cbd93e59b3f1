import { randomUUID } from 'node:crypto';
import type { Dialog } from '../dialog/dialog.js';
import type { Request } from '../message/message.js';
import type { ClientInvite } from '../transaction/client-invite.js';
import type { ClientPlain } from '../transaction/client-plain.js';
import type { Path } from '../transport/path.js';
import type { Client } from '../wire/client.js';

/** A request that we sent, from its sending to the end of its transaction. */
export interface Outgoing {
  /** drachtio's transaction id. */
  readonly id: string;
  readonly branch: string;
  readonly request: Request;
  /** Where it went; once answered, where the answer came from. */
  path: Path;
  /** Who asked for it; undefined for a request of the engine's own. */
  readonly client: Client | undefined;
  readonly dialog: Dialog | undefined;
  /** True when the dialog was there before it. */
  readonly isInDialog: boolean;
  transaction: ClientInvite | ClientPlain | undefined;
  provisionalSeen: boolean;
  finalSeen: boolean;
  /** The CANCEL that waits for a provisional (RFC 3261 section 9.1). */
  heldCancel: string | undefined;
  cancelled: boolean;
  /** The RSeq last passed on of each fork. */
  readonly reliableSeen: Map<string, number>;
}

/** A request about to be sent, its transaction not begun. */
export function makeOutgoing(
  about: Pick<Outgoing, 'branch' | 'request' | 'path'> & Partial<Pick<Outgoing, 'client' | 'dialog' | 'isInDialog'>>,
): Outgoing {
  return {
    client: undefined,
    dialog: undefined,
    isInDialog: false,
    ...about,
    id: randomUUID(),
    transaction: undefined,
    provisionalSeen: false,
    finalSeen: false,
    heldCancel: undefined,
    cancelled: false,
    reliableSeen: new Map(),
  };
}

/** All requests of ours whose transaction lives. */
export interface OutgoingTable {
  add(outgoing: Outgoing): void;
  remove(outgoing: Outgoing): void;
  /** By the branch and method of a response. */
  ofResponse(branch: string, method: string): Outgoing | undefined;
  byId(id: string): Outgoing | undefined;
  /** Those that application sent. */
  of(client: Client): Outgoing[];
  /** Our INVITE in that dialog that has no final response yet. */
  openInvite(dialog: Dialog): Outgoing | undefined;
  /** The CANCEL of an INVITE shares its branch (RFC 3261 section 9.1). */
  addCancel(invite: Outgoing, cancel: ClientPlain): void;
  removeCancel(invite: Outgoing): void;
  cancelOf(branch: string): ClientPlain | undefined;
  readonly size: number;
}

/** An empty table. */
export function makeOutgoingTable(): OutgoingTable {
  const branches = new Map<string, Outgoing>();
  const ids = new Map<string, Outgoing>();
  const invites = new Map<Dialog, Outgoing>();
  const cancels = new Map<string, ClientPlain>();
  return {
    add: (outgoing) => {
      branches.set(outgoing.branch, outgoing);
      ids.set(outgoing.id, outgoing);
      if (outgoing.request.method === 'INVITE' && outgoing.dialog) invites.set(outgoing.dialog, outgoing);
    },
    remove: (outgoing) => {
      branches.delete(outgoing.branch);
      ids.delete(outgoing.id);
      if (outgoing.dialog && invites.get(outgoing.dialog) === outgoing) invites.delete(outgoing.dialog);
    },
    ofResponse: (branch, method) => {
      const outgoing = branches.get(branch);
      return outgoing?.request.method === method ? outgoing : undefined;
    },
    byId: (id) => ids.get(id),
    of: (client) => [...ids.values()].filter((outgoing) => outgoing.client === client),
    openInvite: (dialog) => {
      const outgoing = invites.get(dialog);
      return outgoing?.finalSeen ? undefined : outgoing;
    },
    addCancel: (invite, cancel) => cancels.set(invite.branch, cancel),
    removeCancel: (invite) => cancels.delete(invite.branch),
    cancelOf: (branch) => cancels.get(branch),
    get size() {
      return ids.size;
    },
  };
}
