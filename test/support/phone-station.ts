import { randomBytes } from 'node:crypto';
import { ClientTransactions, nextHop } from './phone-client-transactions.js';
import type { Conversation } from './phone-conversation.js';
import { answerTo } from './phone-digest.js';
import { type Fields, type Message, writeMessage } from './phone-message.js';
import type { MediaSettings } from './phone-sdp.js';
import { ServerTransactions } from './phone-server-transactions.js';
import type { Stream } from './phone-stream.js';
import type { Peer } from './phone-transport.js';
import type { Wire } from './phone-wire.js';
import { RtpPort } from './rtp.js';

/** Who a phone is and where it belongs. */
export interface Identity {
  readonly number: string;
  /** Where requests outside a dialog go; without one they go straight to the address in their URI. */
  readonly server: Peer | undefined;
  readonly domain: string;
  readonly password: string | undefined;
}

/** A request outside a dialog. */
export interface Request {
  readonly method: string;
  readonly uri: string;
  readonly to?: string;
  readonly callId: string;
  readonly fromTag: string;
  readonly sequence: number;
  readonly headers?: Fields;
  readonly body?: string | undefined;
}

const session = randomBytes(4).toString('hex');
let count = 0;

/** A word that no other phone says: for tags, branches and Call-IDs. */
export const newWord = (): string => {
  count += 1;
  return `${session}${count.toString(36)}`;
};

/** A branch of RFC 3261. */
export const newBranch = (): string => `z9hG4bK${newWord()}`;

const methods = 'INVITE, ACK, CANCEL, BYE, PRACK, UPDATE, INFO, OPTIONS, NOTIFY, REFER, MESSAGE';

/** What all calls of one phone share: its name, its socket, its transactions, its ear and mouth. */
export class Station {
  readonly identity: Identity;
  readonly wire: Wire;
  readonly clients: ClientTransactions;
  readonly servers: ServerTransactions;
  readonly rtp: RtpPort;
  /** What the phone hears and says, in descriptions that it writes from now on. */
  media: MediaSettings = {};
  readonly #conversations = new Map<string, Conversation>();

  constructor(identity: Identity, wire: Wire) {
    this.identity = identity;
    this.wire = wire;
    this.clients = new ClientTransactions(wire);
    this.servers = new ServerTransactions(wire);
    this.rtp = new RtpPort(wire.transport.host, () => this.#streams());
  }

  /** The address of record. */
  get aor(): string {
    return `sip:${this.identity.number}@${this.identity.domain}`;
  }

  /** Where this phone itself is reached. */
  get contact(): string {
    const { host, port, kind } = this.wire.transport;
    const name = host.includes(':') ? `[${host}]` : host;
    return `<sip:${this.identity.number}@${name}:${port}${kind === 'tcp' ? ';transport=tcp' : ''}>`;
  }

  /** The Via of a new request. */
  via(branch = newBranch()): string {
    const { host, port, kind } = this.wire.transport;
    const name = host.includes(':') ? `[${host}]` : host;
    return `SIP/2.0/${kind.toUpperCase()} ${name}:${port};branch=${branch};rport`;
  }

  /** The fields that a request to set up or change a call has besides the usual ones. */
  get capabilities(): Fields {
    return { Contact: this.contact, Allow: methods, Supported: 'replaces' };
  }

  /** Writes a request outside a dialog. */
  write({ method, uri, to, callId, fromTag, sequence, headers = {}, body }: Request): string {
    const fields = {
      Via: this.via(),
      'Max-Forwards': '70',
      From: `<${this.aor}>;tag=${fromTag}`,
      To: to ?? `<${uri}>`,
      'Call-ID': callId,
      CSeq: `${sequence} ${method}`,
      'User-Agent': 'callpickup test phone',
    };
    return writeMessage(`${method} ${uri} SIP/2.0`, fields, { body: body ?? '', extra: headers });
  }

  /** Where a request outside a dialog goes first. */
  hopFor(uri: string): Peer {
    return this.identity.server ?? nextHop(undefined, uri, undefined);
  }

  /** Sends a request outside a dialog and gives its final response; a challenge is answered once. */
  async ask(request: Request): Promise<Message> {
    const response = await this.#once(request);
    const again = this.authorized(request, response);
    return again ? await this.#once(again) : response;
  }

  /** The request to send after a challenge; undefined if there was none, or nothing to answer it with. */
  authorized(request: Request, response: Message): Request | undefined {
    const { password, number: username } = this.identity;
    const isProxy = response.status === 407;
    const challenge = response.get(isProxy ? 'proxy-authenticate' : 'www-authenticate');
    const name = isProxy ? 'Proxy-Authorization' : 'Authorization';
    if ((response.status !== 401 && !isProxy) || !challenge || password === undefined) return undefined;
    if (request.headers?.[name]) return undefined;
    const { method, uri } = request;
    const credentials = answerTo(challenge, { username, password, method, uri });
    return { ...request, sequence: request.sequence + 1, headers: { ...request.headers, [name]: credentials } };
  }

  /** From now on, what belongs to this conversation is told to it. */
  adopt(conversation: Conversation): void {
    this.#conversations.set(`${conversation.callId} ${conversation.localTag}`, conversation);
  }

  /** The conversation has ended. */
  forget(conversation: Conversation): void {
    this.#conversations.delete(`${conversation.callId} ${conversation.localTag}`);
  }

  /** The conversation that a request inside a dialog belongs to (RFC 3261 section 12.2.2). */
  conversationOf({ callId, toTag, fromTag }: Message): Conversation | undefined {
    const conversation = this.#conversations.get(`${callId} ${toTag}`);
    return conversation?.knows(fromTag) ? conversation : undefined;
  }

  /** Conversations and transactions that have not ended. */
  unfinished(): string[] {
    const calls = [...this.#conversations.values()].map(({ callId, state }) => `call ${callId} is ${state}`);
    return [...calls, ...this.clients.unfinished(), ...this.servers.unfinished()];
  }

  /** Closes everything. */
  async close(): Promise<void> {
    this.clients.close();
    this.servers.close();
    await Promise.all([this.rtp.close(), this.wire.transport.close()]);
  }

  #once(request: Request): Promise<Message> {
    return new Promise((resolve, reject) => {
      const unanswered = () => reject(new Error(`${request.method} ${request.uri} was not answered`));
      this.clients.start(this.write(request), this.hopFor(request.uri), (response) => {
        if (!response) unanswered();
        else if (response.status >= 200) resolve(response);
      });
    });
  }

  #streams(): Stream[] {
    return [...this.#conversations.values()].flatMap(({ stream }) => stream ?? []);
  }
}
