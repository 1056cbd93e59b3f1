import { randomBytes } from 'node:crypto';
import { t1 } from './phone-client-transactions.js';
import { addressIn, type Fields, type Message, writeMessage } from './phone-message.js';
import type { Peer } from './phone-transport.js';
import type { Received, Wire } from './phone-wire.js';

const t2 = 4000;
const lifetime = 64 * t1;

const phrases: Readonly<Record<number, string>> = {
  100: 'Trying',
  180: 'Ringing',
  183: 'Session Progress',
  200: 'OK',
  404: 'Not Found',
  480: 'Temporarily Unavailable',
  481: 'Call/Transaction Does Not Exist',
  486: 'Busy Here',
  487: 'Request Terminated',
  488: 'Not Acceptable Here',
  491: 'Request Pending',
  500: 'Server Internal Error',
  501: 'Not Implemented',
  603: 'Decline',
};

/** What a response carries besides its status. */
export interface Answering {
  readonly body?: string;
  readonly headers?: Fields;
  readonly phrase?: string;
}

const keyOf = (message: Message, method: string): string =>
  `${message.branch} ${/^\S+\s+([^;\s]+)/.exec(message.get('via') ?? '')?.[1] ?? ''} ${method}`;

// RFC 3581 section 4: a sender behind an address that it does not know asks to be told.
const viasFor = ({ message, from }: Received): string[] => {
  const [first = '', ...others] = message.all('via');
  return [first.replace(/;rport(?=[;,]|$)/i, `;received=${from.host};rport=${from.port}`), ...others];
};

const wayBack = ({ message, from }: Received): Peer => {
  const via = message.get('via') ?? '';
  if (/;rport/i.test(via)) return from;
  const said = addressIn(/^\S+\s+([^;,\s]+)/.exec(via)?.[1] ?? '');
  return { host: from.host, port: said?.port ?? 5060 };
};

/** One request that this phone must answer (RFC 3261 section 17.2, RFC 6026). */
export class ServerTransaction {
  readonly request: Message;
  /** The tag that this phone puts into To. */
  readonly localTag: string;
  /** The last response, as sent. */
  last: string | undefined;
  isFinal = false;
  isAcknowledged = false;
  endedAt = 0;
  readonly #wire: Wire;
  readonly #received: Received;
  #timer: NodeJS.Timeout | undefined;

  constructor(wire: Wire, received: Received) {
    this.request = received.message;
    this.localTag = this.request.toTag || randomBytes(6).toString('hex');
    this.#wire = wire;
    this.#received = received;
  }

  /** Answers. A final answer to an INVITE is repeated until the ACK comes. Nothing follows a final answer. */
  respond(status: number, { body, headers = {}, phrase = phrases[status] ?? 'Said So' }: Answering = {}): void {
    if (this.isFinal) return;
    const { request } = this;
    const to = request.get('to') ?? '';
    const tagged = request.toTag || status === 100 ? to : `${to};tag=${this.localTag}`;
    const fields = {
      Via: viasFor(this.#received),
      'Record-Route': status > 100 && status < 300 ? request.all('record-route') : undefined,
      From: request.get('from'),
      To: tagged,
      'Call-ID': request.callId,
      CSeq: request.get('cseq'),
    };
    this.isFinal = status >= 200;
    if (this.isFinal) this.endedAt = Date.now();
    this.last = writeMessage(`SIP/2.0 ${status} ${phrase}`, fields, { body: body ?? '', extra: headers });
    this.replay();
    if (this.isFinal && request.method === 'INVITE') this.#repeat(t1, 0, status);
  }

  /** Says the last response again. */
  replay(): void {
    if (this.last) this.#wire.send(this.last, wayBack(this.#received), this.#received.back);
  }

  /** The ACK has come: nothing is repeated any more. */
  acknowledged(): void {
    this.isAcknowledged = true;
    clearTimeout(this.#timer);
  }

  /** Stops repeating, unacknowledged. */
  close(): void {
    clearTimeout(this.#timer);
  }

  // A 2xx is repeated over TCP too, since it goes from end to end (RFC 3261 section 13.3.1.4).
  #repeat(interval: number, waited: number, status: number): void {
    if (waited >= lifetime || (this.#wire.transport.kind === 'tcp' && status >= 300)) return;
    this.#timer = setTimeout(() => {
      this.replay();
      this.#repeat(Math.min(interval * 2, t2), waited + interval, status);
    }, interval);
    this.#timer.unref();
  }
}

/** The requests that a phone was sent: each is heard once, whoever repeats it. */
export class ServerTransactions {
  readonly #wire: Wire;
  readonly #known = new Map<string, ServerTransaction>();

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  /** A new transaction, or undefined if the request is a repetition: then the last response is repeated. */
  hear(received: Received): ServerTransaction | undefined {
    const { message } = received;
    const key = keyOf(message, message.method);
    const known = this.#known.get(key);
    if (known) {
      known.replay();
      return undefined;
    }
    const transaction = new ServerTransaction(this.#wire, received);
    this.#sweep();
    this.#known.set(key, transaction);
    return transaction;
  }

  /** The INVITE that a CANCEL or the ACK of a refusal belongs to: it has the same branch. */
  inviteOf(message: Message): ServerTransaction | undefined {
    return this.#known.get(keyOf(message, 'INVITE'));
  }

  /** The requests that are not answered, and the final answers to INVITEs that were not acknowledged. */
  unfinished(): string[] {
    return [...this.#known.values()].flatMap(({ request, isFinal, isAcknowledged, last }) => {
      if (!isFinal) return [`${request.startLine} is not answered`];
      if (request.method !== 'INVITE' || isAcknowledged) return [];
      return [`${last?.split('\r\n', 1)[0]} to ${request.startLine} is not acknowledged`];
    });
  }

  /** Forgets everything. */
  close(): void {
    for (const transaction of this.#known.values()) transaction.close();
    this.#known.clear();
  }

  #sweep(): void {
    const now = Date.now();
    for (const [key, transaction] of this.#known) {
      const isOver = transaction.isFinal && (transaction.isAcknowledged || transaction.request.method !== 'INVITE');
      if (isOver && now - transaction.endedAt < lifetime) break;
      if (isOver) this.#known.delete(key);
    }
  }
}
