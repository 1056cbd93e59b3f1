import type { Path } from '../transport/path.js';
import type { Client } from '../wire/client.js';

/** A dialog (RFC 3261 section 12), early ones and those that are only hoped for included. */
export interface Dialog {
  /** As drachtio-server names it: the Call-ID and the From tag of who sent the first request. */
  readonly id: string;
  readonly callId: string;
  readonly localTag: string;
  /** Undefined until the peer has shown one; of several early dialogs of one INVITE the latest. */
  remoteTag: string | undefined;
  readonly method: string;
  /** True when we sent the first request. */
  readonly isCaller: boolean;
  /** From and To of our requests; the peer's without its tag. */
  readonly localAddress: string;
  readonly remoteAddress: string;
  /** The CSeq number of our last request in it. */
  localSeq: number;
  /** The peer's Contact. */
  target: string;
  routes: readonly string[];
  /** The way its last message came: without routes our requests go back there, whatever Contact says (NAT). */
  path: Path;
  owner: Client | undefined;
  confirmed: boolean;
  /** The CSeq number of our last INVITE in it: the one an ACK is for. */
  inviteSeq: number;
  /** ACKs that were sent, by CSeq number, for a 2xx that comes again. */
  readonly acks: Map<number, { readonly text: string; readonly path: Path }>;
  /** The RSeq and CSeq of the last reliable provisional, for the next PRACK (RFC 3262). */
  rack: string | undefined;
  /** Our reliable provisional that waits for its PRACK: what that must say, and an end to the repetitions (RFC 3262). */
  unpracked: { readonly rack: string; stop(): void } | undefined;
  /** True when the application cancelled the INVITE that a 2xx then answered. */
  cancelled: boolean;
  /** Stops the repetition of each 2xx of ours that has no ACK yet, by CSeq number. */
  readonly unacked: Map<
    number,
    { readonly transactionId: string; readonly initial: boolean; readonly stop: () => void }
  >;
  /** Ends a subscription that nobody refreshed. */
  stopExpiring: () => void;
}

/** Keeps an ACK for a 2xx that comes again; older INVITEs than the last few are done with. */
export function keepAck(dialog: Dialog, ack: { readonly text: string; readonly path: Path }): void {
  const [oldest] = dialog.acks.keys();
  if (oldest !== undefined && dialog.acks.size >= 4) dialog.acks.delete(oldest);
  dialog.acks.set(dialog.inviteSeq, ack);
}

/** The dialog id of drachtio's protocol. */
export function dialogIdOf(callId: string, callerTag: string): string {
  return `${callId};from-tag=${callerTag}`;
}
