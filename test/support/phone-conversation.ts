import { nextHop } from './phone-client-transactions.js';
import { type Fields, type Message, uriIn, writeMessage } from './phone-message.js';
import { Line, Moment, unhurried } from './phone-moment.js';
import { answerSdp, type Direction, isAudioRefused, type Own, offerSdp } from './phone-sdp.js';
import type { ServerTransaction } from './phone-server-transactions.js';
import { newMasterKey } from './phone-srtp.js';
import type { Station } from './phone-station.js';
import { type Stream, streamsOfCall } from './phone-stream.js';

/** What a phone says to a changed session: a status, and a description unless it is its usual one. */
export interface Reply {
  readonly status?: number;
  /** A provisional response that is said before. */
  readonly first?: number;
  /** What the final response waits for; it may never come. */
  readonly when?: Promise<unknown>;
  readonly sdp?: string;
  readonly headers?: Fields;
}

/** Decides about a re-INVITE or an UPDATE. */
export type ReinviteHandler = (request: Message) => Reply | undefined;

/** A body and more fields for a request; the type is application/sdp unless a field says otherwise. */
export interface Saying {
  readonly body?: string;
  readonly headers?: Fields;
}

/** How a key is pressed. */
export interface Pressing {
  readonly by?: 'rtp' | 'info';
  readonly milliseconds?: number;
}

/** The values of a list header that may have been joined by commas. */
const listed = (values: readonly string[]): string[] => values.flatMap((value) => value.split(/,\s*(?=<)/));

/** One end of one dialog, whoever began it (RFC 3261 section 12). */
export abstract class Conversation {
  readonly callId: string;
  readonly localTag: string;
  state: 'early' | 'confirmed' | 'ended' = 'early';
  remoteTag: string | undefined;
  /** The last descriptions that each side gave. */
  localSdp: string | undefined;
  remoteSdp: string | undefined;
  protected readonly station: Station;
  protected localParty = '';
  protected remoteParty = '';
  protected remoteTarget = '';
  protected route: readonly string[] = [];
  protected sequence = 1;
  #version = 0;
  #isReinviting = false;
  #reinviteHandler: ReinviteHandler = () => undefined;
  readonly #streams = streamsOfCall();
  readonly #key = newMasterKey();
  readonly #acks = new Map<number, string>();
  readonly #ended = new Moment<Message>();
  readonly #received = new Map<string, Line<Message>>();
  readonly #awaitingAck = new Map<number, { transaction: ServerTransaction; acknowledged: Moment<Message> }>();

  protected constructor(station: Station, { callId, localTag }: { callId: string; localTag: string }) {
    this.station = station;
    this.callId = callId;
    this.localTag = localTag;
  }

  /** The messages of this call alone, as this phone saw them. */
  get log() {
    return this.station.wire.log.filter(({ text }) => text.includes(this.callId));
  }

  /** Sends BYE; resolves with its answer. The call has ended for this phone at once. */
  hangsUp(headers: Fields = {}): Promise<Message> {
    this.end();
    return unhurried(this.sends('BYE', { headers }));
  }

  /** Resolves with the BYE of the other side, already answered. */
  isHungUp(deadline?: number): Promise<Message> {
    return this.#ended.wait(() => `${this.who} was not hung up`, deadline);
  }

  /** Sends any request inside the dialog; resolves with its final response. */
  sends(method: string, { body, headers = {} }: Saying = {}): Promise<Message> {
    this.sequence += 1;
    return unhurried(this.#ask(this.write(method, this.sequence, { body: body ?? '', headers })));
  }

  /** Resolves with the next request of this method from the other side, already answered 200. */
  receives(method: string, deadline?: number): Promise<Message> {
    return this.#inbox(method).next(() => `${this.who} got no ${method}`, deadline);
  }

  /** Changes the session: a description, or none at all (null: then the answer goes into the ACK). */
  async reinvites(sdp?: string | null, headers: Fields = {}): Promise<Message> {
    const offer = sdp === undefined ? this.offer() : sdp;
    this.sequence += 1;
    const saying = { body: offer ?? '', headers: { ...this.station.capabilities, ...headers } };
    const text = this.write('INVITE', this.sequence, saying);
    this.#isReinviting = true;
    try {
      return await this.#ask(text, (response) => {
        this.localSdp = offer ?? this.answer(response.body);
        this.acknowledges(response, offer === null ? this.localSdp : undefined);
      });
    } finally {
      this.#isReinviting = false;
    }
  }

  /** Puts the other side on hold. */
  holds(): Promise<Message> {
    return this.reinvites(this.offer('sendonly'));
  }

  /** Takes the other side off hold. */
  resumes(): Promise<Message> {
    return this.reinvites(this.offer());
  }

  /** Presses a key, in the audio (RFC 4733) or by INFO; settles when it is released. */
  async presses(key: string, { by = 'rtp', milliseconds = 100 }: Pressing = {}): Promise<void> {
    if (by === 'rtp') return await this.station.rtp.press(key, () => this.stream, milliseconds);
    const body = `Signal=${key}\r\nDuration=${milliseconds}\r\n`;
    await this.sends('INFO', { body, headers: { 'Content-Type': 'application/dtmf-relay' } });
  }

  /** Its audio as it is agreed on now. */
  get stream(): Stream | undefined {
    return this.#streams(this.localSdp, this.remoteSdp);
  }

  /** Decides about changes that the other side wants; without one, the phone agrees. */
  onReinvite(handler: ReinviteHandler): void {
    this.#reinviteHandler = handler;
  }

  /** The phone's own offer, one version on; its RTP port must be open. */
  offer(direction: Direction = 'sendrecv'): string {
    return offerSdp({ ...this.#own(), direction });
  }

  /** The phone's own answer. */
  protected answer(offer: string): string {
    return answerSdp(offer, this.#own());
  }

  /** A request inside the dialog, as text. */
  protected write(method: string, sequence: number, { body = '', headers = {} }: Saying = {}): string {
    const fields = {
      Via: this.station.via(),
      'Max-Forwards': '70',
      Route: this.route,
      From: this.localParty,
      To: this.remoteParty,
      'Call-ID': this.callId,
      CSeq: `${sequence} ${method}`,
    };
    return writeMessage(`${method} ${this.remoteTarget} SIP/2.0`, fields, { body, extra: headers });
  }

  /** Learns from a message of the other side who and where it is. */
  protected meets(message: Message, route: readonly string[]): void {
    const party = message.get(message.status > 0 ? 'to' : 'from');
    this.remoteParty = party ?? '';
    this.remoteTag = message.status > 0 ? message.toTag : message.fromTag;
    this.remoteTarget = uriIn(message.get('contact')) || uriIn(party);
    this.route = listed(route);
  }

  /** Acknowledges a 2xx; an offer in it is answered (RFC 3261 section 13.2.2.4). */
  protected acknowledges(response: Message, own?: string): void {
    const isOffer = response.body !== '' && own !== undefined;
    if (response.body) this.remoteSdp = response.body;
    const target = uriIn(response.get('contact'));
    if (target) this.remoteTarget = target;
    // A repeated 2xx is told the same again.
    const known = this.#acks.get(response.sequence);
    const ack = known ?? this.write('ACK', response.sequence, { body: isOffer ? own : '' });
    this.#acks.set(response.sequence, ack);
    this.transmit(ack);
  }

  /** Sends a request that has no answer. */
  protected transmit(text: string): void {
    this.station.wire.send(text, this.hop());
  }

  /** Where requests inside the dialog go first. */
  protected hop() {
    return nextHop(this.route[0], this.remoteTarget, this.station.identity.server);
  }

  /** Whether a request with this From tag is of this dialog. */
  knows(tag: string): boolean {
    return this.remoteTag === tag;
  }

  /** It is over. */
  end(): void {
    this.state = 'ended';
    this.station.forget(this);
  }

  /** A request of the other side inside the dialog. */
  hear(transaction: ServerTransaction): void {
    const { request } = transaction;
    if (request.method === 'BYE') {
      transaction.respond(200);
      this.end();
      this.#ended.happens(request);
    } else if (request.method === 'INVITE' || request.method === 'UPDATE') this.#change(transaction);
    else transaction.respond(200);
    this.#inbox(request.method).push(request);
  }

  /** An ACK of the other side. */
  hearAck(ack: Message): void {
    const waiting = this.#awaitingAck.get(ack.sequence);
    if (!waiting) return;
    if (ack.body) this.remoteSdp = ack.body;
    waiting.transaction.acknowledged();
    waiting.acknowledged.happens(ack);
  }

  /** Resolves with the ACK of a final answer given in this transaction. */
  protected ackOf(transaction: ServerTransaction): Moment<Message> {
    const acknowledged = new Moment<Message>();
    this.#awaitingAck.set(transaction.request.sequence, { transaction, acknowledged });
    return acknowledged;
  }

  /** For messages about what did not happen. */
  protected get who(): string {
    return `the call ${this.callId} of ${this.station.identity.number}`;
  }

  #own(): Own {
    const { host } = this.station.wire.transport;
    this.#version += 1;
    const { media, rtp } = this.station;
    return { host, port: rtp.port ?? 9, version: this.#version, media, key: this.#key };
  }

  #inbox(method: string): Line<Message> {
    const inbox = this.#received.get(method) ?? new Line<Message>();
    this.#received.set(method, inbox);
    return inbox;
  }

  #change(transaction: ServerTransaction): void {
    const { request } = transaction;
    if (request.method === 'INVITE') this.ackOf(transaction);
    // RFC 3261 section 14.2: two changes at once.
    const reply = this.#isReinviting ? { status: 491 } : (this.#reinviteHandler(request) ?? {});
    if (reply.first) transaction.respond(reply.first);
    if (reply.when) void reply.when.then(() => this.#says(transaction, reply));
    else this.#says(transaction, reply);
  }

  #says(transaction: ServerTransaction, reply: Reply): void {
    const { status = 200, headers = {} } = reply;
    if (status < 300) this.#agrees(transaction, reply);
    else transaction.respond(status, { headers });
  }

  #agrees(transaction: ServerTransaction, { status = 200, headers = {}, sdp }: Reply): void {
    const { request } = transaction;
    const usual = request.body ? this.answer(request.body) : request.method === 'INVITE' ? this.offer() : undefined;
    const own = sdp ?? usual;
    // RFC 3261 section 14.2: the session stays as it was.
    if (isAudioRefused(request.body, own)) {
      transaction.respond(488);
      return;
    }
    const target = uriIn(request.get('contact'));
    if (target) this.remoteTarget = target;
    if (request.body) this.remoteSdp = request.body;
    if (own) this.localSdp = own;
    transaction.respond(status, { body: own ?? '', headers: { ...this.station.capabilities, ...headers } });
  }

  #ask(text: string, accepted: (response: Message) => void = () => undefined): Promise<Message> {
    return new Promise((resolve, reject) => {
      const request = this.station.clients.start(text, this.hop(), (response) => {
        if (!response) {
          reject(new Error(`${this.who}: ${request.method} was not answered`));
          return;
        }
        if (response.status >= 200 && response.status < 300) accepted(response);
        // RFC 3261 section 12.2.1.2: who does not know the dialog has none.
        if (response.status === 481 || response.status === 408) this.end();
        if (response.status >= 200) resolve(response);
      });
    });
  }
}
