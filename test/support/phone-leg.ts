import { Conversation } from './phone-conversation.js';
import type { Fields, Message } from './phone-message.js';
import { Moment, unhurried } from './phone-moment.js';
import { isAudioRefused } from './phone-sdp.js';
import type { ServerTransaction } from './phone-server-transactions.js';
import type { Station } from './phone-station.js';

/** What goes with a provisional or a final answer. */
export interface Answer {
  /** A description; null sends none; left out, an answer of the phone's own (to a ringing: none). */
  readonly sdp?: string | null;
  readonly headers?: Fields;
  /** Milliseconds to wait first. */
  readonly after?: number;
}

/** A call that this phone is offered. */
export class Leg extends Conversation {
  readonly request: Message;
  readonly #transaction: ServerTransaction;
  readonly #cancelled = new Moment<Message>();

  constructor(station: Station, transaction: ServerTransaction) {
    const { request, localTag } = transaction;
    super(station, { callId: request.callId, localTag });
    this.request = request;
    this.#transaction = transaction;
    this.localParty = `${request.get('to')};tag=${localTag}`;
    this.meets(request, request.all('record-route'));
    if (request.body) this.remoteSdp = request.body;
    station.adopt(this);
  }

  /** Whether nothing final has been said yet. */
  get isPending(): boolean {
    return !this.#transaction.isFinal;
  }

  /** Says 180, or another provisional response. */
  rings(status = 180, { sdp, headers = {} }: Answer = {}): void {
    if (sdp) this.localSdp = sdp;
    this.#transaction.respond(status, { body: sdp ?? '', headers: { ...this.station.capabilities, ...headers } });
  }

  /** Says 183 with what the phone would answer, as a network does that has something to say before the callee. */
  async ringsWithMedia(): Promise<void> {
    await this.station.rtp.open();
    this.rings(183, { sdp: this.answer(this.request.body) });
  }

  /** Lifts the handset: says 200 and resolves with the ACK. If the call was cancelled before, nothing is said. */
  answers(answer: Answer = {}): Promise<Message> {
    return unhurried(this.#answers(answer));
  }

  /** Refuses; resolves with the ACK. */
  declines(status = 486, headers: Fields = {}): Promise<Message> {
    const acknowledged = this.ackOf(this.#transaction);
    this.#transaction.respond(status, { headers });
    this.end();
    return unhurried(acknowledged.wait(() => `${this.who}: ${status} was not acknowledged`));
  }

  /** Resolves with the CANCEL, already answered 200, and the INVITE 487. */
  stopsRinging(deadline?: number): Promise<Message> {
    return this.#cancelled.wait(() => `${this.who} still rings`, deadline);
  }

  /** A CANCEL came. After a final answer it has no effect (RFC 3261 section 9.2). */
  hearCancel(cancel: ServerTransaction): void {
    cancel.respond(200);
    if (this.isPending) {
      this.#transaction.respond(487);
      this.end();
    }
    this.#cancelled.happens(cancel.request);
  }

  /** The ACK of a refusal came. */
  override hearAck(ack: Message): void {
    this.#transaction.acknowledged();
    super.hearAck(ack);
  }

  async #answers({ sdp, headers = {}, after = 0 }: Answer): Promise<Message> {
    if (after > 0) await new Promise((resolve) => setTimeout(resolve, after));
    if (sdp === undefined && this.station.rtp.port === undefined) await this.station.rtp.open();
    if (!this.isPending) throw new Error(`${this.who} was over before it was answered`);
    const usual = () => (this.request.body ? this.answer(this.request.body) : this.offer());
    this.localSdp = sdp === undefined ? usual() : (sdp ?? undefined);
    if (isAudioRefused(this.request.body, this.localSdp)) {
      await this.declines(488);
      throw new Error(`${this.who} was offered no audio that the phone has`);
    }
    this.state = 'confirmed';
    const acknowledged = this.ackOf(this.#transaction);
    const fields = { ...this.station.capabilities, ...headers };
    this.#transaction.respond(200, { body: this.localSdp ?? '', headers: fields });
    return await acknowledged.wait(() => `${this.who}: the 200 was not acknowledged`);
  }
}
