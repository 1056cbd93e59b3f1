import { type Alarms, alarmsOn, type Clock } from '../clock.js';
import type { Path } from '../transport/path.js';
import { giveUp, T1, T2, T4, unlessReliable } from './timers.js';

/** What the core wants to hear of an INVITE that was received. */
export interface ServerInviteUser {
  /** No ACK to our 2xx in 32 s. */
  unacknowledged(): void;
  /** Nothing more will come of this transaction: forget it. */
  ended(): void;
}

type Input =
  | { readonly type: 'retransmission' }
  | { readonly type: 'ack' }
  | { readonly type: 'respond'; readonly status: number; readonly text: string }
  | { readonly type: 'timer'; readonly name: TimerName };
type TimerName = 'G' | 'H' | 'I';
type State = (life: Life, input: Input) => State;

interface Life {
  readonly path: Path;
  readonly user: ServerInviteUser;
  readonly alarms: Alarms<TimerName>;
  lastResponse: string;
  pause: number;
}

/** The server side of one INVITE: RFC 3261 section 17.2.1 with the accepted state of RFC 6026. */
export interface ServerInvite {
  /** Sends a response; after a final one nothing more is sent. */
  respond(status: number, text: string): void;
  retransmitted(): void;
  /** An ACK: to a failure by branch, to a 2xx found by the dialog. */
  acknowledged(): void;
  /** True when a final response has been sent. */
  readonly answered: boolean;
}

function send(life: Life, text: string): void {
  life.lastResponse = text;
  life.path.send(text);
}

function startRepeating(life: Life): void {
  life.pause = T1;
  if (life.path.proto === 'udp') life.alarms.set('G', T1);
  life.alarms.set('H', giveUp);
}

function repeat(life: Life): void {
  life.path.send(life.lastResponse);
  life.pause = Math.min(life.pause * 2, T2);
  life.alarms.set('G', life.pause);
}

function end(life: Life): State {
  life.alarms.clearAll();
  life.user.ended();
  return terminated;
}

const proceeding: State = (life, input) => {
  if (input.type === 'retransmission' && life.lastResponse !== '') life.path.send(life.lastResponse);
  if (input.type !== 'respond') return proceeding;
  send(life, input.text);
  if (input.status < 200) return proceeding;
  startRepeating(life);
  if (input.status >= 300) return completed;
  return accepted;
};

/**
 * A 2xx was sent: it is repeated until the ACK that the dialog reports, and INVITEs are absorbed. Timer H is timer L of RFC
 * 6026 too, which is as long: of two timers that are due together the wrong one may come first.
 */
const accepted: State = (life, input) => {
  if (input.type === 'ack') {
    life.alarms.clear('G');
    return settled;
  }
  if (input.type !== 'timer') return accepted;
  if (input.name === 'G') {
    repeat(life);
    return accepted;
  }
  life.user.unacknowledged();
  return end(life);
};

/** The 2xx was acknowledged: late INVITEs are absorbed until the time is up. */
const settled: State = (life, input) => (input.type === 'timer' ? end(life) : settled);

const completed: State = (life, input) => {
  if (input.type === 'retransmission') life.path.send(life.lastResponse);
  if (input.type === 'ack') {
    life.alarms.clearAll();
    life.alarms.set('I', unlessReliable(life.path.proto, T4));
    return confirmed;
  }
  if (input.type !== 'timer') return completed;
  if (input.name === 'G') repeat(life);
  return input.name === 'H' ? end(life) : completed;
};

const confirmed: State = (life, input) => (input.type === 'timer' ? end(life) : confirmed);

const terminated: State = () => terminated;

/** Begins the transaction of an INVITE that came over `path`. */
export function serverInvite(options: {
  readonly clock: Clock;
  readonly path: Path;
  readonly user: ServerInviteUser;
}): ServerInvite {
  let state: State = proceeding;
  const step = (input: Input): void => {
    state = state(life, input);
  };
  const alarms = alarmsOn<TimerName>(options.clock, (name) => step({ type: 'timer', name }));
  const life: Life = { path: options.path, user: options.user, alarms, lastResponse: '', pause: T1 };
  return {
    respond: (status, text) => step({ type: 'respond', status, text }),
    retransmitted: () => step({ type: 'retransmission' }),
    acknowledged: () => step({ type: 'ack' }),
    get answered() {
      return state !== proceeding;
    },
  };
}
