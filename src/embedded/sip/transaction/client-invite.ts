import { type Alarms, alarmsOn, type Clock } from '../clock.js';
import type { Response } from '../message/message.js';
import type { Path } from '../transport/path.js';
import { giveUp, T1, unlessReliable } from './timers.js';

/** What the core wants to hear of an INVITE that it sent. */
export interface ClientInviteUser {
  /** A response to pass on: each provisional, the first failure, every 2xx (RFC 6026). */
  response(response: Response): void;
  /** No answer at all: 408 for silence, 503 when the peer cannot be reached (RFC 3261 section 8.1.3.1). */
  failed(status: 408 | 503): void;
  /** The ACK to this failure, as text (RFC 3261 section 17.1.1.3). */
  ackFor(failure: Response): string;
  ended(): void;
}

type Input =
  | { readonly type: 'response'; readonly response: Response }
  | { readonly type: 'timer'; readonly name: TimerName }
  | { readonly type: 'unreachable' };
type TimerName = 'A' | 'B' | 'D' | 'M';
type State = (life: Life, input: Input) => State;

interface Life {
  readonly text: string;
  readonly path: Path;
  readonly user: ClientInviteUser;
  readonly alarms: Alarms<TimerName>;
  stopWatching: () => void;
  pause: number;
}

/** The client side of one INVITE: RFC 3261 section 17.1.1 with the accepted state of RFC 6026. */
export interface ClientInvite {
  received(response: Response): void;
  /** Gives up on an INVITE that was cancelled and whose peer says nothing any more, in 32 s (RFC 3261 section 9.1). */
  giveUpSoon(): void;
}

function fail(life: Life, status: 408 | 503): State {
  life.user.failed(status);
  return end(life);
}

function end(life: Life): State {
  life.alarms.clearAll();
  life.stopWatching();
  life.user.ended();
  return terminated;
}

function acceptOrComplete(life: Life, response: Response): State {
  life.alarms.clearAll();
  life.stopWatching();
  if (response.status < 300) {
    life.alarms.set('M', giveUp);
    life.user.response(response);
    return accepted;
  }
  life.path.send(life.user.ackFor(response));
  life.alarms.set('D', unlessReliable(life.path.proto, giveUp));
  life.user.response(response);
  return completed;
}

function proceed(life: Life, response: Response): State {
  if (response.status >= 200) return acceptOrComplete(life, response);
  life.alarms.clear('A');
  life.stopWatching();
  life.user.response(response);
  return proceeding;
}

const calling: State = (life, input) => {
  if (input.type === 'unreachable') return fail(life, 503);
  if (input.type === 'timer') {
    if (input.name === 'B') return fail(life, 408);
    life.path.send(life.text);
    life.pause *= 2;
    life.alarms.set('A', life.pause);
    return calling;
  }
  life.alarms.clear('B');
  return proceed(life, input.response);
};

const proceeding: State = (life, input) => {
  if (input.type === 'response') return proceed(life, input.response);
  return input.type === 'timer' && input.name === 'B' ? fail(life, 408) : proceeding;
};

const completed: State = (life, input) => {
  if (input.type === 'timer') return end(life);
  if (input.type === 'response' && input.response.status >= 300) life.path.send(life.user.ackFor(input.response));
  return completed;
};

const accepted: State = (life, input) => {
  if (input.type === 'timer') return end(life);
  if (input.type === 'response' && input.response.status >= 200 && input.response.status < 300)
    life.user.response(input.response);
  return accepted;
};

const terminated: State = () => terminated;

/** Sends an INVITE and begins its transaction. */
export function clientInvite(options: {
  readonly clock: Clock;
  readonly path: Path;
  readonly text: string;
  readonly user: ClientInviteUser;
}): ClientInvite {
  const { path, text, user } = options;
  let state: State = calling;
  const step = (input: Input): void => {
    state = state(life, input);
  };
  const alarms = alarmsOn<TimerName>(options.clock, (name) => step({ type: 'timer', name }));
  const life: Life = { text, path, user, alarms, stopWatching: () => {}, pause: T1 };
  life.stopWatching = path.onFailure(() => step({ type: 'unreachable' }));
  path.send(text);
  if (path.proto === 'udp') alarms.set('A', T1);
  alarms.set('B', giveUp);
  return {
    received: (response) => step({ type: 'response', response }),
    giveUpSoon: () => {
      // Called on the provisional that releases the CANCEL, too: then the step to proceeding is not done yet.
      if (state === proceeding || state === calling) alarms.set('B', giveUp);
    },
  };
}
