import { Conversation } from './phone-conversation.js';
import { type Fields, Message, uriIn, writeMessage } from './phone-message.js';
import { Moment, unhurried } from './phone-moment.js';
import { newWord, type Request, type Station } from './phone-station.js';

/** How a call is made. */
export interface Calling {
  /** The offer; null makes none, so that the answer goes into the ACK; left out, the phone's own. */
  readonly sdp?: string | null;
  readonly headers?: Fields;
  /** False: a 200 is never acknowledged. */
  readonly ack?: boolean;
}

/** A call that this phone makes. */
export class Call extends Conversation {
  readonly #calling: Calling;
  #request: Request;
  #invite: Message | undefined;
  #cancel: Fields | undefined;
  #isCancelSent = false;
  readonly #proceeding = new Moment<Message>();
  readonly #ringing = new Moment<Message>();
  readonly #final = new Moment<Message>();

  constructor(station: Station, uri: string, calling: Calling) {
    const callId = `${newWord()}@${station.wire.transport.host}`;
    const localTag = newWord();
    super(station, { callId, localTag });
    this.#calling = calling;
    this.remoteTarget = uri;
    this.localParty = `<${station.aor}>;tag=${localTag}`;
    this.#request = { method: 'INVITE', uri, callId, fromTag: localTag, sequence: this.sequence };
    station.adopt(this);
    this.#begin();
  }

  /** Resolves with the first 100 or 18x. */
  proceeds(deadline?: number): Promise<Message> {
    return this.#proceeding.wait(() => `${this.who} got no provisional response`, deadline);
  }

  /** Resolves with the first 18x. */
  rings(deadline?: number): Promise<Message> {
    return this.#ringing.wait(() => `${this.who} did not ring`, deadline);
  }

  /** Resolves with the final response, whatever it is. */
  ends(deadline?: number): Promise<Message> {
    return this.#final.wait(() => `${this.who} got no final response`, deadline);
  }

  /** Resolves with the 200, acknowledged unless told otherwise. */
  async answered(deadline?: number): Promise<Message> {
    const response = await this.ends(deadline);
    if (response.status >= 300) throw new Error(`${this.who} was not answered: ${response.startLine}`);
    return response;
  }

  /** Resolves with the refusal. */
  async fails(deadline?: number): Promise<Message> {
    const response = await this.ends(deadline);
    if (response.status < 300) throw new Error(`${this.who} was answered: ${response.startLine}`);
    return response;
  }

  /**
   * Gives up; resolves with the final response to the INVITE. The CANCEL waits for a provisional one (RFC 3261 section
   * 9.1), and who answers all the same is hung up on.
   */
  cancels(headers: Fields = {}): Promise<Message> {
    this.#cancel = headers;
    if (this.#proceeding.happened) this.#sendCancel();
    return unhurried(this.ends());
  }

  /** Sends the ACK that was held back by `ack: false`. */
  async acknowledgesNow(sdp = ''): Promise<void> {
    this.acknowledges(await this.answered(), sdp);
  }

  #begin(): void {
    const { sdp } = this.#calling;
    const begins = () => this.#invites(sdp === undefined ? this.offer() : (sdp ?? undefined));
    // Who makes no offer answers one by its ACK, which cannot wait for a port.
    if (typeof sdp === 'string' || this.station.rtp.port !== undefined) begins();
    else void this.station.rtp.open().then(begins);
  }

  #invites(sdp: string | undefined): void {
    const headers = { ...this.station.capabilities, ...this.#calling.headers };
    this.localSdp = sdp;
    this.#request = { ...this.#request, headers, body: sdp };
    this.#send();
  }

  #send(): void {
    this.sequence = this.#request.sequence;
    const hop = this.station.hopFor(this.#request.uri);
    this.#invite = this.station.clients.start(this.station.write(this.#request), hop, (response) => {
      if (!response) this.#timesOut();
      else if (response.status < 200) this.#proceeds(response);
      else if (response.status < 300) this.#isAnswered(response);
      else this.#isRefused(response);
    });
  }

  #timesOut(): void {
    this.end();
    this.#final.happens(this.#madeUp('408 Request Timeout'));
  }

  #madeUp(status: string): Message {
    const text = writeMessage(`SIP/2.0 ${status}`, { 'Call-ID': this.callId, CSeq: `${this.sequence} INVITE` });
    return new Message(text);
  }

  #proceeds(response: Message): void {
    this.#proceeding.happens(response);
    if (this.#cancel) this.#sendCancel();
    if (response.status === 100) return;
    this.#becomesEarly(response);
    this.#ringing.happens(response);
  }

  #becomesEarly(response: Message): void {
    if (!response.toTag) return;
    this.meets(response, response.all('record-route').reverse());
    if (response.body) this.remoteSdp = response.body;
    if (!/\b100rel\b/.test(response.get('require') ?? '')) return;
    const rack = `${response.get('rseq')} ${response.get('cseq')}`;
    void unhurried(this.sends('PRACK', { headers: { RAck: rack } }));
  }

  #isAnswered(response: Message): void {
    const isAnother = this.#final.happened && this.remoteTag !== response.toTag;
    if (isAnother) this.#refusesFork(response);
    else this.#isAccepted(response);
  }

  #isAccepted(response: Message): void {
    if (!this.#final.happened) this.#isConnected(response);
    if (this.#calling.ack !== false) this.acknowledges(response, this.#ownAnswer(response));
    if (this.#cancel && this.state === 'confirmed') void this.hangsUp();
    this.#final.happens(response);
  }

  #isConnected(response: Message): void {
    this.meets(response, response.all('record-route').reverse());
    this.state = 'confirmed';
    if (response.body) this.remoteSdp = response.body;
  }

  #ownAnswer(response: Message): string | undefined {
    if (this.#calling.sdp !== null || !response.body) return undefined;
    this.localSdp ??= this.answer(response.body);
    return this.localSdp;
  }

  // A second phone answered the same INVITE: it must be told that nobody listens (RFC 3261 section 13.2.2.4).
  #refusesFork(response: Message): void {
    const fork = new Fork(this.station, this, response);
    fork.isRefused(response);
  }

  #isRefused(response: Message): void {
    const again = this.station.authorized(this.#request, response);
    if (again) {
      this.#request = again;
      this.#send();
    } else {
      this.end();
      this.#final.happens(response);
    }
  }

  #sendCancel(): void {
    const invite = this.#invite;
    if (this.#isCancelSent || this.#final.happened || !invite) return;
    this.#isCancelSent = true;
    const fields = {
      Via: invite.get('via'),
      'Max-Forwards': '70',
      From: invite.get('from'),
      To: invite.get('to'),
      'Call-ID': this.callId,
      CSeq: `${invite.sequence} CANCEL`,
    };
    const text = writeMessage(`CANCEL ${invite.uri} SIP/2.0`, fields, { extra: this.#cancel ?? {} });
    this.station.clients.start(text, this.station.hopFor(invite.uri), () => undefined);
  }
}

/** The dialog with a phone that answered too late. */
class Fork extends Conversation {
  constructor(station: Station, { callId, localTag }: Call, response: Message) {
    super(station, { callId, localTag });
    this.localParty = response.get('from') ?? '';
    this.meets(response, response.all('record-route').reverse());
    this.remoteTarget = uriIn(response.get('contact'));
    this.sequence = response.sequence;
  }

  isRefused(response: Message): void {
    this.acknowledges(response);
    void unhurried(this.sends('BYE'));
  }
}
