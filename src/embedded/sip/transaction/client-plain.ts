import { type Alarms, alarmsOn, type Clock } from '../clock.js';
import type { Response } from '../message/message.js';
import type { Path } from '../transport/path.js';
import { giveUp, T1, T2, T4, unlessReliable } from './timers.js';

/** What the core wants to hear of a request that it sent. */
export interface ClientPlainUser {
  /** Each provisional and the first final response. */
  response(response: Response): void;
  /** No answer at all: 408 for silence, 503 when the peer cannot be reached. */
  failed(status: 408 | 503): void;
  ended(): void;
}

type Input =
  | { readonly type: 'response'; readonly response: Response }
  | { readonly type: 'timer'; readonly name: TimerName }
  | { readonly type: 'unreachable' };
type TimerName = 'E' | 'F' | 'K';
type State = (life: Life, input: Input) => State;

interface Life {
  readonly text: string;
  readonly path: Path;
  readonly user: ClientPlainUser;
  readonly alarms: Alarms<TimerName>;
  stopWatching: () => void;
  pause: number;
}

/** The client side of any request but INVITE and ACK: RFC 3261 section 17.1.2. */
export interface ClientPlain {
  received(response: Response): void;
}

function end(life: Life): State {
  life.alarms.clearAll();
  life.stopWatching();
  life.user.ended();
  return terminated;
}

function fail(life: Life, status: 408 | 503): State {
  life.user.failed(status);
  return end(life);
}

/** Trying and proceeding in one: a provisional only slows the retransmissions down. */
const proceeding: State = (life, input) => {
  if (input.type === 'unreachable') return fail(life, 503);
  if (input.type === 'timer') {
    if (input.name === 'F') return fail(life, 408);
    life.path.send(life.text);
    life.pause = Math.min(life.pause * 2, T2);
    life.alarms.set('E', life.pause);
    return proceeding;
  }
  if (input.response.status < 200) {
    life.pause = T2;
    life.user.response(input.response);
    return proceeding;
  }
  life.alarms.clearAll();
  life.stopWatching();
  life.alarms.set('K', unlessReliable(life.path.proto, T4));
  life.user.response(input.response);
  return completed;
};

const completed: State = (life, input) => (input.type === 'timer' ? end(life) : completed);

const terminated: State = () => terminated;

/** Sends a request and begins its transaction. */
export function clientPlain(options: {
  readonly clock: Clock;
  readonly path: Path;
  readonly text: string;
  readonly user: ClientPlainUser;
}): ClientPlain {
  const { path, text, user } = options;
  let state: State = proceeding;
  const step = (input: Input): void => {
    state = state(life, input);
  };
  const alarms = alarmsOn<TimerName>(options.clock, (name) => step({ type: 'timer', name }));
  const life: Life = { text, path, user, alarms, stopWatching: () => {}, pause: T1 };
  life.stopWatching = path.onFailure(() => step({ type: 'unreachable' }));
  path.send(text);
  if (path.proto === 'udp') alarms.set('E', T1);
  alarms.set('F', giveUp);
  return { received: (response) => step({ type: 'response', response }) };
}
