/** A transport protocol that this engine speaks. */
export type Proto = 'udp' | 'tcp';

/** One of our own addresses: UDP and TCP on the same port. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** A way to one peer: where a message came from, and where an answer goes. */
export interface Path {
  readonly proto: Proto;
  readonly local: Endpoint;
  readonly address: string;
  readonly port: number;
  /** False when a connection is gone; a UDP path is always open. */
  readonly open: boolean;
  /** Sends latin1 text; what cannot be sent is lost, and told to those who listen for failure. */
  send(text: string): void;
  /** Calls `listener` when the peer turns out to be unreachable (ICMP, refused or lost connection); the result stops that. */
  onFailure(listener: () => void): () => void;
}

/** What the transports hand up: one message as latin1 text, and the way back. */
export type Receive = (text: string, path: Path) => void;

/** A next hop as routing sees it; a host name is resolved by the transports. */
export interface Hop {
  readonly proto: Proto;
  readonly host: string;
  readonly port: number | undefined;
}
