import { type Alarms, alarmsOn, type Clock } from '../clock.js';
import type { Path } from '../transport/path.js';
import { giveUp, unlessReliable } from './timers.js';

type Input =
  | { readonly type: 'retransmission' }
  | { readonly type: 'respond'; readonly status: number; readonly text: string }
  | { readonly type: 'timer' };
type State = (life: Life, input: Input) => State;

interface Life {
  readonly path: Path;
  readonly alarms: Alarms<'J'>;
  readonly ended: () => void;
  lastResponse: string;
}

/** The server side of any request but INVITE and ACK: RFC 3261 section 17.2.2. */
export interface ServerPlain {
  /** Sends a response; after a final one nothing more is sent. */
  respond(status: number, text: string): void;
  retransmitted(): void;
  readonly answered: boolean;
}

/** Nobody answered in 32 s: the client has given up by now, and a late 408 would help no one (RFC 4320 section 4.2). */
const proceeding: State = (life, input) => {
  if (input.type === 'timer') return end(life);
  if (input.type === 'retransmission') {
    if (life.lastResponse !== '') life.path.send(life.lastResponse);
    return proceeding;
  }
  life.lastResponse = input.text;
  life.path.send(input.text);
  if (input.status < 200) return proceeding;
  life.alarms.set('J', unlessReliable(life.path.proto, giveUp));
  return completed;
};

const completed: State = (life, input) => {
  if (input.type === 'retransmission') life.path.send(life.lastResponse);
  return input.type === 'timer' ? end(life) : completed;
};

const terminated: State = () => terminated;

function end(life: Life): State {
  life.alarms.clearAll();
  life.ended();
  return terminated;
}

/** Begins the transaction of a request that came over `path`; `ended` tells that nothing more will come of it. */
export function serverPlain(options: {
  readonly clock: Clock;
  readonly path: Path;
  readonly ended: () => void;
}): ServerPlain {
  let state: State = proceeding;
  const step = (input: Input): void => {
    state = state(life, input);
  };
  const alarms = alarmsOn<'J'>(options.clock, () => step({ type: 'timer' }));
  const life: Life = { path: options.path, alarms, ended: options.ended, lastResponse: '' };
  alarms.set('J', giveUp);
  return {
    respond: (status, text) => step({ type: 'respond', status, text }),
    retransmitted: () => step({ type: 'retransmission' }),
    get answered() {
      return state !== proceeding;
    },
  };
}
