import { Message } from './phone-message.js';
import type { Logged } from './phone-wire.js';

/** Whom the referee can watch. */
interface Watched {
  readonly number: string;
  watch(watcher: (logged: Logged) => void): void;
}

/** What a referee found wrong; empty lists when all is well. */
export interface Findings {
  /** INVITEs whose final responses are not exactly one. */
  readonly finals: string[];
  /** Final responses of phones that nobody acknowledged. */
  readonly unacknowledged: string[];
  /** Dialogs that no BYE has ended. */
  readonly open: string[];
}

/** Sees every message of every phone and keeps the books that the phones themselves do not. */
export interface Referee {
  watch(phone: Watched): void;
  findings(): Findings;
  /** Closes the books: what was before is not told again. */
  forgets(): void;
}

interface Invite {
  readonly what: string;
  readonly finals: Set<string>;
  readonly isIncoming: boolean;
  isAcknowledged: boolean;
}

/** The books of one phone: its INVITEs by branch, its dialogs by Call-ID. */
class Books {
  readonly #number: string;
  readonly #invites = new Map<string, Invite>();
  readonly #awaiting = new Map<string, Invite>();
  readonly #dialogs = new Set<string>();

  readonly #isLenient: boolean;

  constructor(number: string, isLenient: boolean) {
    this.#number = number;
    this.#isLenient = isLenient;
  }

  note({ direction, text }: Logged): void {
    const message = new Message(text);
    if (message.status >= 200) this.#final(message);
    else if (message.status > 0) return;
    else if (message.method === 'INVITE' && !message.toTag) this.#invite(message, direction === 'in');
    else if (message.method === 'ACK' && direction === 'in') this.#acknowledged(message);
  }

  findings(): Findings {
    const invites = [...this.#invites.values()];
    return {
      finals: invites.filter(({ finals }) => finals.size !== 1).map(told),
      unacknowledged: invites
        .filter(({ isIncoming, isAcknowledged, finals }) => isIncoming && finals.size > 0 && !isAcknowledged)
        .map(told),
      open: [...this.#dialogs].map((callId) => `${this.#number}: ${callId}`),
    };
  }

  forget(): void {
    for (const book of [this.#invites, this.#awaiting, this.#dialogs]) book.clear();
  }

  #invite(message: Message, isIncoming: boolean): void {
    const { branch, callId, startLine } = message;
    if (this.#invites.has(branch)) return;
    const what = `${this.#number} ${isIncoming ? 'got' : 'sent'} ${startLine} ${callId}`;
    this.#invites.set(branch, { what, isIncoming, finals: new Set(), isAcknowledged: false });
  }

  #final(message: Message): void {
    if (message.method === 'BYE') this.#ended(message.callId);
    if (message.method !== 'INVITE') return;
    const invite = this.#invites.get(message.branch);
    if (!invite) return;
    const isFirst = invite.finals.size === 0;
    // Which phone behind the service answered is told apart by the tag: two answers are two finals.
    invite.finals.add(`${message.status} ${message.toTag}`);
    if (invite.isIncoming) this.#awaiting.set(`${message.callId} ${message.sequence}`, invite);
    if (message.status < 300 && isFirst) this.#dialogs.add(message.callId);
  }

  #ended(callId: string): void {
    this.#dialogs.delete(callId);
    if (!this.#isLenient) return;
    for (const [key, invite] of this.#awaiting) if (key.startsWith(`${callId} `)) invite.isAcknowledged = true;
  }

  #acknowledged({ callId, sequence }: Message): void {
    const invite = this.#awaiting.get(`${callId} ${sequence}`);
    if (invite) invite.isAcknowledged = true;
  }
}

const told = ({ what, finals }: Invite): string => `${what}: ${[...finals].join(', ') || 'no final response'}`;

/**
 * A referee who has seen nothing yet. A lenient one takes a BYE for an ACK: where the ACK got lost and the BYE did not,
 * a stack that has forgotten the dialog acknowledges no repetition of the 200 any more.
 */
export const newReferee = ({ isLenient }: { isLenient: boolean }): Referee => {
  const books: Books[] = [];
  return {
    watch: (phone) => {
      const own = new Books(phone.number, isLenient);
      books.push(own);
      phone.watch((logged) => own.note(logged));
    },
    findings: () => {
      const all = books.map((own) => own.findings());
      return {
        finals: all.flatMap(({ finals }) => finals),
        unacknowledged: all.flatMap(({ unacknowledged }) => unacknowledged),
        open: all.flatMap(({ open }) => open),
      };
    },
    forgets: () => {
      for (const own of books) own.forget();
    },
  };
};
