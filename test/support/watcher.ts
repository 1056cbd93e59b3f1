import { Conversation } from './phone-conversation.js';
import type { Fields, Message } from './phone-message.js';
import { Line, Moment, patience, unhurried } from './phone-moment.js';
import type { ServerTransaction } from './phone-server-transactions.js';
import { newWord, type Request, type Station } from './phone-station.js';
import { readDocument, type ShownDocument } from './watcher-document.js';
import { documentType, type Judge, newJudge, type SubscriptionState } from './watcher-judge.js';

export type { ShownDialog, ShownDocument } from './watcher-document.js';

/** What a NOTIFY is answered: a status, perhaps with headers; or nothing at all. */
export type NotifyAnswer = number | { readonly status: number; readonly headers: Fields } | 'nothing';

/** How an extension is watched. */
export interface Watching {
  /** Seconds; 0 fetches once; null leaves Expires out; 3600 if nothing else is said. */
  readonly expires?: number | null;
  readonly userAgent?: string;
  /** The Event header, whole: `dialog;id=7`; `dialog` if nothing else is said. */
  readonly event?: string;
  /** More headers, or others in the place of the usual ones. */
  readonly headers?: Fields;
  /** What each NOTIFY is answered, at once or later; 200 if nothing else is said. */
  readonly answers?: (notify: Message) => NotifyAnswer | Promise<NotifyAnswer>;
  /** Dialogs may be missing without having been shown as terminated: only one is shown, or the store was away. */
  readonly mayVanish?: boolean;
  /** Only the last document is kept: for load. */
  readonly isForgetful?: boolean;
  /** Sees each document as it comes. */
  readonly onDocument?: (document: ShownDocument) => void;
}

type Fits = (document: ShownDocument) => boolean;

/** A subscription of a phone to the dialogs of an extension (RFC 4235), or to its presence (RFC 3856), with everything that it was shown. */
export class Watcher extends Conversation {
  /** Every document so far, or only the last one. */
  readonly documents: ShownDocument[] = [];
  /** How many NOTIFYs came, the last one too. */
  notifies = 0;
  readonly #watching: Watching;
  readonly #uri: string;
  readonly #judge: Judge;
  readonly #answer = new Moment<Message>();
  readonly #over = new Moment<Message>();
  readonly #line = new Line<ShownDocument>();
  /** Where {@link sees} goes on looking. */
  #looked = 0;
  #waiting: (() => void)[] = [];
  #inFlight = 0;
  #subscription: SubscriptionState = { state: 'none' };

  constructor(station: Station, uri: string, watching: Watching) {
    const [callId, localTag] = [`${newWord()}@${station.wire.transport.host}`, newWord()];
    super(station, { callId, localTag });
    this.#watching = watching;
    this.#uri = uri;
    this.#judge = newJudge({ event: watching.event ?? 'dialog', mayVanish: watching.mayVanish ?? false });
    this.localParty = `<${station.aor}>;tag=${localTag}`;
    station.adopt(this);
    this.#subscribes();
  }

  /** What it was sent and should not have been, in words; empty when all is well. */
  get faults(): readonly string[] {
    return this.#judge.faults;
  }

  /** The last document. */
  get last(): ShownDocument | undefined {
    return this.documents.at(-1);
  }

  /** What the last NOTIFY said of the subscription. */
  get subscription(): SubscriptionState {
    return this.#subscription;
  }

  /** Resolves with the final response to the SUBSCRIBE, whatever it is. */
  isAnswered(deadline?: number): Promise<Message> {
    return this.#answer.wait(() => `${this.who} got no final response`, deadline);
  }

  /** Resolves with the 2xx. */
  async accepted(deadline?: number): Promise<Message> {
    const response = await this.isAnswered(deadline);
    if (response.status >= 300) throw new Error(`${this.who} was refused: ${response.startLine}`);
    return response;
  }

  /** Resolves with the refusal. */
  async refused(deadline?: number): Promise<Message> {
    const response = await this.isAnswered(deadline);
    if (response.status < 300) throw new Error(`${this.who} was accepted: ${response.startLine}`);
    return response;
  }

  /**
   * Resolves with the first document that fits: of those after the one that it resolved with last, and that one itself.
   * So a story is asked for in its order, and nothing is missed between two questions.
   */
  async sees(fits: Fits, deadline = patience): Promise<ShownDocument> {
    const until = Date.now() + deadline;
    for (;;) {
      const found = this.#find(fits);
      if (found) return found;
      await this.#more(until);
    }
  }

  /** Resolves with the next document that nobody asked for by `next` yet. */
  next(deadline?: number): Promise<ShownDocument> {
    return this.#line.next(() => `${this.who} was shown nothing more`, deadline);
  }

  /** Resolves with the NOTIFY that says that the subscription is over. */
  isOver(deadline?: number): Promise<Message> {
    return this.#over.wait(() => `${this.who} was not told that it is over`, deadline);
  }

  /** Subscribes again inside the dialog; resolves with the final response. */
  refreshes({ expires = 3600, headers = {} }: Pick<Watching, 'expires' | 'headers'> = {}): Promise<Message> {
    this.sequence += 1;
    const text = this.write('SUBSCRIBE', this.sequence, { headers: { ...this.#headers(expires), ...headers } });
    const answered = new Promise<Message>((resolve, reject) => {
      this.station.clients.start(text, this.hop(), (response) => {
        if (!response) return reject(new Error(`${this.who}: the refresh was not answered`));
        if (response.status < 200) return;
        this.#hearsGrant(response);
        if (response.status === 481) this.end();
        resolve(response);
      });
    });
    return unhurried(answered);
  }

  /** Subscribes no more; resolves with the final response. The last NOTIFY comes after it. */
  unsubscribes(headers: Fields = {}): Promise<Message> {
    return this.refreshes({ expires: 0, headers });
  }

  protected override get who(): string {
    return `the subscription of ${this.station.identity.number} to ${this.#uri}`;
  }

  /** Before the 200 the other side's tag is not known, and a NOTIFY makes the dialog (RFC 6665 section 4.4.1). */
  override knows(tag: string): boolean {
    return this.remoteTag === undefined || super.knows(tag);
  }

  override hear(transaction: ServerTransaction): void {
    const { request } = transaction;
    if (request.method === 'NOTIFY') this.#hearNotify(transaction);
    else super.hear(transaction);
  }

  #hearNotify(transaction: ServerTransaction): void {
    const { request } = transaction;
    const subscription = this.#judge.hears(request);
    this.#subscription = subscription;
    this.notifies += 1;
    if (this.remoteTag === undefined) this.meets(request, request.all('record-route'));
    if (this.#inFlight > 0 && subscription.state !== 'terminated')
      this.#fault('a second NOTIFY before the first answer');
    void this.#replies(transaction);
    if (request.body) this.#reads(request);
    if (subscription.state === 'terminated') this.#ends(request);
  }

  #ends(notify: Message): void {
    this.end();
    this.#over.happens(notify);
  }

  #fault(what: string): void {
    this.#judge.faults.push(what);
  }

  #subscribes(): void {
    const { callId, localTag: fromTag, sequence } = this;
    const headers = this.#headers(this.#watching.expires);
    this.#asks({ method: 'SUBSCRIBE', uri: this.#uri, callId, fromTag, sequence, headers });
  }

  #asks(request: Request): void {
    this.sequence = request.sequence;
    this.station.clients.start(this.station.write(request), this.station.hopFor(this.#uri), (response) => {
      const again = response && this.station.authorized(request, response);
      if (again) this.#asks(again);
      // Who waits for an answer that never comes hears so by the deadline.
      else if (!response) this.end();
      else if (response.status >= 200) this.#hearsFirst(response);
    });
  }

  #hearsFirst(response: Message): void {
    this.#hearsGrant(response);
    if (response.status >= 300) this.end();
    else {
      this.meets(response, response.all('record-route').reverse());
      if (this.state === 'early') this.state = 'confirmed';
    }
    this.#answer.happens(response);
  }

  // Heard before anything else that came in the same packet: a NOTIFY may follow at once.
  #hearsGrant(response: Message): void {
    if (response.status >= 300) return;
    const expires = response.get('expires');
    if (expires === undefined) this.#fault(`${response.startLine} without Expires`);
    if (!response.get('contact')) this.#fault(`${response.startLine} without Contact`);
    this.#judge.granted(Number(expires ?? 0));
  }

  #headers(expires: number | null = 3600): Fields {
    const { event = 'dialog', userAgent, headers = {} } = this.#watching;
    return {
      Contact: this.station.contact,
      Event: event,
      Accept: documentType(event),
      ...(expires !== null && { Expires: `${expires}` }),
      ...(userAgent !== undefined && { 'User-Agent': userAgent }),
      ...headers,
    };
  }

  async #replies(transaction: ServerTransaction): Promise<void> {
    const { answers = () => 200 } = this.#watching;
    this.#inFlight += 1;
    const answer = await answers(transaction.request);
    if (answer === 'nothing') return;
    this.#inFlight -= 1;
    if (typeof answer === 'number') transaction.respond(answer);
    else transaction.respond(answer.status, { headers: answer.headers });
  }

  #reads(notify: Message): void {
    try {
      this.#shows(readDocument(notify, Number(process.hrtime.bigint() / 1000n)));
    } catch (error) {
      this.#fault(`${error instanceof Error ? error.message : error}: ${notify.body}`);
    }
  }

  #shows(document: ShownDocument): void {
    this.#judge.sees(document);
    if (this.#watching.isForgetful) this.documents.length = 0;
    else this.#line.push(document);
    this.documents.push(document);
    this.#watching.onDocument?.(document);
    for (const wake of this.#waiting.splice(0)) wake();
  }

  #find(fits: Fits): ShownDocument | undefined {
    const from = this.#watching.isForgetful ? 0 : this.#looked;
    const place = this.documents.findIndex((document, index) => index >= from && fits(document));
    if (place >= 0) this.#looked = place;
    return this.documents[place];
  }

  #more(until: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = () => reject(new Error(`${this.who} did not see it; last: ${this.last?.notify.body}`));
      const timer = setTimeout(late, until - Date.now());
      timer.unref();
      this.#waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
