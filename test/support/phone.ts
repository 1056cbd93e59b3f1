import { type LadderOptions, ladderOf } from './ladder.js';
import { Call, type Calling, type Call as CallOfPhone } from './phone-call.js';
import { Leg } from './phone-leg.js';
import { type Fields, type Message, tagOf } from './phone-message.js';
import { Line, patience } from './phone-moment.js';
import type { PhoneOptions, Registering } from './phone-options.js';
import type { MediaSettings } from './phone-sdp.js';
import type { ServerTransaction } from './phone-server-transactions.js';
import { newWord, Station } from './phone-station.js';
import type { Peer } from './phone-transport.js';
import { type Logged, type Received, type Which, Wire } from './phone-wire.js';
import { Watcher, type Watching } from './watcher.js';

export type { Calling } from './phone-call.js';
export type { Answer, Leg } from './phone-leg.js';
export type { Message } from './phone-message.js';
export type { PhoneOptions, Registering } from './phone-options.js';
export type { MediaSettings } from './phone-sdp.js';
export type { Logged } from './phone-wire.js';
export type { ShownDialog, ShownDocument, Watcher, Watching } from './watcher.js';
export type { CallOfPhone as Call };

/** Who ends a phone when the test is over; tap's `t` is one. */
export interface Stage {
  teardown(last: () => Promise<void>): unknown;
}

/** A softphone for tests: a person's view of SIP. */
export class Phone {
  readonly number: string;
  readonly #options: PhoneOptions;
  readonly #station: Station;
  readonly #wire: Wire;
  readonly #legs = new Line<Leg>();
  readonly #requests = new Line<Message>();
  readonly #legOf = new WeakMap<ServerTransaction, Leg>();
  readonly #registration = { callId: newWord(), tag: newWord(), sequence: 0 };

  private constructor(options: PhoneOptions, wire: Wire) {
    const { number, server, password } = options;
    const { host, port } = server ?? wire.transport;
    const domain = options.domain ?? `${host.includes(':') ? `[${host}]` : host}:${port}`;
    this.number = number;
    this.#options = options;
    this.#wire = wire;
    this.#station = new Station({ number, server, password, domain }, wire);
    this.sets(options.media ?? {});
  }

  /** Plugs a phone in. */
  static async plugIn(options: PhoneOptions): Promise<Phone> {
    const { host = '127.0.0.1', port = 0, transport: kind = 'udp', isForgetful = false } = options;
    const wire = await Wire.open({ kind, host, port, remembers: !isForgetful }, (received) => phone.#hear(received));
    const phone = new Phone(options, wire);
    return phone;
  }

  /** Where it listens. */
  get address(): Peer {
    return { host: this.#wire.transport.host, port: this.#wire.transport.port };
  }

  /** Its address of record. */
  get aor(): string {
    return this.#station.aor;
  }

  /** Where it is reached itself, as a URI: its Contact. */
  get uri(): string {
    return this.#station.contact.slice(1, -1);
  }

  /** Everything that it sent and received. */
  get log(): readonly Logged[] {
    return this.#wire.log;
  }

  /** Its ear and mouth. */
  get rtp() {
    return this.#station.rtp;
  }

  /** Registers, or refreshes; a challenge is answered if there is a password. Resolves with the final response. */
  registers({ expires = 3600, headers = {}, contacts }: Registering = {}): Promise<Message> {
    const registration = this.#registration;
    registration.sequence += 2;
    const { aor, contact } = this.#station;
    return this.#station.ask({
      method: 'REGISTER',
      uri: `sip:${aor.slice(aor.indexOf('@') + 1)}`,
      to: `<${aor}>`,
      callId: registration.callId,
      fromTag: registration.tag,
      sequence: registration.sequence,
      headers: { Contact: contacts ?? contact, Expires: `${expires}`, ...headers },
    });
  }

  /** Takes its own registration back. */
  unregisters(): Promise<Message> {
    return this.registers({ expires: 0 });
  }

  /** Dials a number, or a whole SIP URI. */
  calls(target: string, calling: Calling = {}): Call {
    return new Call(this.#station, this.#uriOf(target), calling);
  }

  /** Watches the dialogs of a number, or of a whole SIP URI. */
  watches(target: string, watching: Watching = {}): Watcher {
    return new Watcher(this.#station, this.#uriOf(target), watching);
  }

  /** Sends a request outside any dialog; resolves with its final response. */
  sends(method: string, target: string, { body, headers }: { body?: string; headers?: Fields } = {}): Promise<Message> {
    const ids = { callId: newWord(), fromTag: newWord(), sequence: 1 };
    return this.#station.ask({
      method,
      uri: this.#uriOf(target),
      ...ids,
      headers: { Contact: this.#station.contact, ...headers },
      body,
    });
  }

  /** Sends any text as it is, to its server or to an address. */
  sendsRaw(text: string, to: Peer | undefined = this.#options.server): void {
    if (!to) throw new Error('nobody to send it to');
    this.#wire.send(text, to);
  }

  /** The next call that comes in, or came in and was not asked for yet. */
  isCalled(deadline = patience): Promise<Leg> {
    return this.#legs.next(() => `nobody called ${this.number}`, deadline);
  }

  /** The next request outside a dialog that is no call (answered 200 already). */
  receives(deadline = patience): Promise<Message> {
    return this.#requests.next(() => `${this.number} was asked nothing`, deadline);
  }

  /** Says a tone in Hz (or several, or silence) to everyone that it is connected with. */
  async talks({ tone }: { tone: number | readonly number[] }): Promise<void> {
    await this.rtp.open();
    this.rtp.talk(...[tone].flat());
  }

  /** Is set up otherwise: counts for every description that it writes from now on. */
  sets(media: MediaSettings): void {
    this.#station.media = media;
  }

  /** The share that each tone (Hz) has in what it heard last. */
  shares(tones: readonly number[]): number[] {
    return this.rtp.shares(tones);
  }

  /** Resolves when it hears a tone. */
  hears(hz: number, deadline?: number): Promise<void> {
    return this.rtp.hears(hz, deadline);
  }

  /** Resolves when it does not hear a tone any more. */
  hearsNoMore(hz: number, deadline?: number): Promise<void> {
    return this.rtp.hearsNoMore(hz, deadline);
  }

  /** The next messages that it sends get lost on the way. */
  loses(count: number, which?: Which): void {
    this.#wire.loses('out', count, which);
  }

  /** The next messages that it is sent get lost on the way. */
  misses(count: number, which?: Which): void {
    this.#wire.loses('in', count, which);
  }

  /** Everything that it says from now on is late by so many milliseconds. */
  isSlow(milliseconds: number): void {
    this.#wire.slowness = milliseconds;
  }

  /** Tells each message as it comes or goes. */
  watch(watcher: (logged: Logged) => void): void {
    this.#wire.watch(watcher);
  }

  /** Its calls as a ladder in words: `INVITE →`, `← 180`. */
  ladder(options?: LadderOptions): string[] {
    return ladderOf(this.log, options);
  }

  /** Calls and transactions that have not ended. */
  unfinished(): string[] {
    return this.#station.unfinished();
  }

  /** Pulls the plug. */
  close(): Promise<void> {
    return this.#station.close();
  }

  #uriOf(target: string): string {
    return /^(sips?|tel|urn|\w+):/i.test(target) ? target : `sip:${target}@${this.aor.split('@')[1]}`;
  }

  #hear(received: Received): void {
    const { message } = received;
    if (message.status > 0) this.#station.clients.hear(message);
    else if (message.method === 'ACK') this.#hearAck(message);
    else this.#hearRequest(this.#station.servers.hear(received));
  }

  #hearRequest(transaction: ServerTransaction | undefined): void {
    // A repetition was answered already.
    if (!transaction) return;
    const message = transaction.request;
    if (message.method === 'CANCEL') this.#hearCancel(transaction);
    else if (message.toTag) this.#hearInDialog(transaction);
    else if (message.method === 'INVITE') this.#hearInvite(transaction);
    else this.#hearOther(transaction);
  }

  #hearAck(ack: Message): void {
    const invite = this.#station.servers.inviteOf(ack);
    if (invite) {
      const leg = this.#legOf.get(invite);
      if (leg) leg.hearAck(ack);
      else invite.acknowledged();
    } else this.#station.conversationOf(ack)?.hearAck(ack);
  }

  #hearCancel(cancel: ServerTransaction): void {
    const invite = this.#station.servers.inviteOf(cancel.request);
    const leg = invite && this.#legOf.get(invite);
    if (leg) leg.hearCancel(cancel);
    else cancel.respond(481);
  }

  #hearInDialog(transaction: ServerTransaction): void {
    const conversation = this.#station.conversationOf(transaction.request);
    if (conversation) conversation.hear(transaction);
    else transaction.respond(481);
  }

  #hearInvite(transaction: ServerTransaction): void {
    const { trying = true, autoRing, autoAnswer, onCall, isForgetful } = this.#options;
    const leg = new Leg(this.#station, transaction);
    this.#legOf.set(transaction, leg);
    if (trying) transaction.respond(100);
    if (autoRing) leg.rings();
    onCall?.(leg);
    if (autoAnswer) void leg.answers(autoAnswer === true ? {} : autoAnswer);
    if (!isForgetful || this.#legs.isAwaited) this.#legs.push(leg);
  }

  #hearOther(transaction: ServerTransaction): void {
    transaction.respond(200);
    if (!this.#options.isForgetful) this.#requests.push(transaction.request);
  }
}

/** Plugs a phone in; whoever does it pulls the plug (`close`). */
export const newPhone = (options: PhoneOptions): Promise<Phone> => Phone.plugIn(options);

/** Plugs a phone in for one test, which pulls the plug when it is over. */
export const phone = async (t: Stage | undefined, options: PhoneOptions): Promise<Phone> => {
  const made = await newPhone(options);
  t?.teardown(() => made.close());
  return made;
};

/** The tag inside a From or To value; for tests that build Replaces. */
export { tagOf };
