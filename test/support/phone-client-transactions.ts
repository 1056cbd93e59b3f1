import { addressIn, Message, uriIn, writeMessage } from './phone-message.js';
import type { Peer } from './phone-transport.js';
import type { Wire } from './phone-wire.js';

/** RFC 3261 section 17.1.1.1, in milliseconds. */
export const t1 = 500;
const t2 = 4000;
const lifetime = 64 * t1;

/** Hears the responses to one request; undefined says that none came in time. */
export type Listener = (response: Message | undefined) => void;

interface Pending {
  readonly request: Message;
  readonly to: Peer;
  readonly listener: Listener;
  timer: NodeJS.Timeout | undefined;
  isProceeding: boolean;
  /** The ACK of a final refusal, to be said again when that is said again. */
  ack: string | undefined;
  endedAt: number;
}

const keyOf = (branch: string, method: string): string => `${branch} ${method}`;

/** The ACK of a refusal: same branch, the To of the response (RFC 3261 section 17.1.1.3). */
export const ackOf = (request: Message, response: Message): string =>
  writeMessage(`ACK ${request.uri} SIP/2.0`, {
    Via: request.get('via'),
    'Max-Forwards': '70',
    Route: request.all('route'),
    From: request.get('from'),
    To: response.get('to'),
    'Call-ID': request.callId,
    CSeq: `${request.sequence} ACK`,
  });

/** The requests of a phone that wait for their answer, or whose answer may be repeated (RFC 3261 section 17.1). */
export class ClientTransactions {
  readonly #wire: Wire;
  readonly #pending = new Map<string, Pending>();
  readonly #ended = new Map<string, Pending>();

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  /** Sends a request and tells its responses, until the last one. Over UDP it is repeated until one comes. */
  start(text: string, to: Peer, listener: Listener): Message {
    const request = new Message(text);
    const pending: Pending = {
      request,
      to,
      listener,
      timer: undefined,
      isProceeding: false,
      ack: undefined,
      endedAt: 0,
    };
    this.#pending.set(keyOf(request.branch, request.method), pending);
    this.#wire.send(text, to);
    this.#wait(pending, t1, 0);
    return request;
  }

  /** A response came: to the one who asked, or nowhere. */
  hear(response: Message): void {
    const key = keyOf(response.branch, response.method);
    const pending = this.#pending.get(key);
    if (pending) this.#hearFirst(key, pending, response);
    else this.#hearAgain(this.#ended.get(key), response);
  }

  /** The requests that have no final response yet. */
  unfinished(): string[] {
    return [...this.#pending.values()].map(({ request }) => `${request.startLine} has no final response`);
  }

  /** Forgets everything. */
  close(): void {
    for (const { timer } of this.#pending.values()) clearTimeout(timer);
    this.#pending.clear();
    this.#ended.clear();
  }

  #wait(pending: Pending, interval: number, waited: number): void {
    const isInvite = pending.request.method === 'INVITE';
    const isRepeated = this.#wire.transport.kind === 'udp' && !(isInvite && pending.isProceeding);
    const next = isRepeated ? Math.min(interval, lifetime - waited) : lifetime - waited;
    pending.timer = setTimeout(() => {
      if (waited + next >= lifetime) this.#giveUp(pending);
      else {
        this.#wire.send(pending.request.text, pending.to);
        this.#wait(pending, isInvite ? interval * 2 : Math.min(interval * 2, t2), waited + next);
      }
    }, next);
    // The socket keeps a process alive, and when that is closed nothing should.
    pending.timer.unref();
  }

  #giveUp(pending: Pending): void {
    this.#pending.delete(keyOf(pending.request.branch, pending.request.method));
    pending.listener(undefined);
  }

  #hearFirst(key: string, pending: Pending, response: Message): void {
    if (response.status < 200) {
      pending.isProceeding = true;
      // A ringing phone may ring for ever (RFC 3261 section 17.1.1.2): only who asked may end it.
      if (response.method === 'INVITE') clearTimeout(pending.timer);
    } else {
      clearTimeout(pending.timer);
      this.#pending.delete(key);
      this.#keep(key, pending);
      if (response.method === 'INVITE' && response.status >= 300) this.#acknowledge(pending, response);
    }
    pending.listener(response);
  }

  #hearAgain(ended: Pending | undefined, response: Message): void {
    if (!ended || response.method !== 'INVITE' || response.status < 200) return;
    if (response.status < 300) ended.listener(response);
    else if (ended.ack) this.#wire.send(ended.ack, ended.to);
  }

  #acknowledge(pending: Pending, response: Message): void {
    pending.ack = ackOf(pending.request, response);
    this.#wire.send(pending.ack, pending.to);
  }

  // Kept as long as an answer may be repeated; swept when the next one comes, so that no timer is needed.
  #keep(key: string, pending: Pending): void {
    const now = Date.now();
    pending.endedAt = now;
    this.#ended.set(key, pending);
    for (const [old, { endedAt }] of this.#ended) {
      if (now - endedAt < lifetime) break;
      this.#ended.delete(old);
    }
  }
}

/** Where a request goes first: its topmost Route, else its target, else the server. */
export const nextHop = (route: string | undefined, target: string, server: Peer | undefined): Peer => {
  const peer = addressIn(route ? uriIn(route) : target) ?? server;
  if (!peer) throw new Error(`nobody knows the way to ${route ?? target}`);
  return peer;
};
