import { Message } from './phone-message.js';
import { type Arrival, openTransport, type Peer, type Transport } from './phone-transport.js';

/** One message that a phone sent or received. */
export interface Logged {
  /** Microseconds of the machine's monotonic clock, the same for all processes. */
  readonly at: number;
  readonly direction: 'out' | 'in';
  readonly text: string;
  readonly peer: Peer;
  /** Swallowed on purpose: it never left, or was never looked at. */
  readonly lost: boolean;
}

/** Which messages to lose: a method, a status, or whatever a function says. */
export type Which = string | number | ((message: Message) => boolean);

interface Loss {
  readonly direction: 'out' | 'in';
  readonly isMeant: (message: Message) => boolean;
  left: number;
}

const meant = (which: Which): ((message: Message) => boolean) => {
  if (typeof which === 'function') return which;
  if (typeof which === 'number') return ({ status }) => status === which;
  return ({ status, method }) => status === 0 && method === which;
};

const microseconds = (): number => Number(process.hrtime.bigint() / 1000n);

/** A message that came in. */
export interface Received extends Arrival {
  readonly message: Message;
}

/** A phone's socket with a memory, and with faults on demand. */
export class Wire {
  readonly log: Logged[] = [];
  readonly transport: Transport;
  /** How many milliseconds every outgoing message is late. */
  slowness = 0;
  readonly #remembers: boolean;
  readonly #watchers: ((logged: Logged) => void)[] = [];
  #losses: Loss[] = [];

  private constructor(transport: Transport, remembers: boolean) {
    this.transport = transport;
    this.#remembers = remembers;
  }

  /** Opens the socket. */
  static async open(
    where: { kind: 'udp' | 'tcp'; host: string; port?: number; remembers: boolean },
    hear: (received: Received) => void,
  ): Promise<Wire> {
    const transport = await openTransport(where, (arrival) => {
      const message = new Message(arrival.text);
      if (!wire.#note('in', message, arrival.from)) hear({ ...arrival, message });
    });
    const wire = new Wire(transport, where.remembers);
    return wire;
  }

  /** Tells every message as it comes or goes. */
  watch(watcher: (logged: Logged) => void): void {
    this.#watchers.push(watcher);
  }

  /** The next `count` messages that are meant get lost. */
  loses(direction: 'out' | 'in', count: number, which: Which | undefined): void {
    this.#losses.push({ direction, left: count, isMeant: which === undefined ? () => true : meant(which) });
  }

  /** Sends, on the given connection if there is one. */
  send(text: string, to: Peer, back?: (text: string) => void): void {
    if (this.slowness > 0) setTimeout(() => this.#transmit(text, to, back), this.slowness);
    else this.#transmit(text, to, back);
  }

  #transmit(text: string, to: Peer, back?: (text: string) => void): void {
    if (this.#note('out', text, to)) return;
    if (back) back(text);
    else this.transport.send(text, to);
  }

  #note(direction: 'out' | 'in', what: Message | string, peer: Peer): boolean {
    const isWatched = this.#remembers || this.#watchers.length > 0;
    if (!isWatched && this.#losses.length === 0) return false;
    const message = typeof what === 'string' ? new Message(what) : what;
    const lost = this.#isLost(direction, message);
    const logged = { at: microseconds(), direction, text: message.text, peer, lost };
    if (this.#remembers) this.log.push(logged);
    for (const tell of this.#watchers) tell(logged);
    return lost;
  }

  #isLost(direction: 'out' | 'in', message: Message): boolean {
    const loss = this.#losses.find((each) => each.direction === direction && each.isMeant(message));
    if (!loss) return false;
    loss.left -= 1;
    if (loss.left <= 0) this.#losses = this.#losses.filter((each) => each !== loss);
    return true;
  }
}
