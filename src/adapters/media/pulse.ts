import { type Deferred, deferred } from './deadline.js';

/** Whether a server answers: it is asked all the time, for one that hangs closes nothing. */
export interface Pulse {
  /** It has not answered; nothing new is asked of it until it does. */
  readonly isSilent: boolean;
  /** Settles when it falls silent, at once where it is. */
  readonly silence: Promise<void>;
  /** Asks at once: something that it should have done took long. */
  look(): void;
  /** The connection is new. */
  begin(): void;
  stop(): void;
}

/** What is asked, and who is told. */
export interface PulseParts {
  /** Asks the server; undefined if there was no answer in so many milliseconds, and where it is not connected. */
  ask(milliseconds: number): Promise<string | undefined>;
  readonly isConnected: boolean;
  /** It has not answered, once. */
  silent(): void;
  /** It has not answered for so long that it must be given up. */
  lost(): void;
}

/** How often it is asked, and how long it may take to answer, in milliseconds. */
const every = 1_000;
const patience = 1_500;

/** So many questions without an answer, and what it holds is lost: whoever talks through it has heard nothing for 6 s. */
const most = 4;

/** Asks from now on, as long as there is a connection. */
export const takePulse = (parts: PulseParts): Pulse => {
  let silence: Deferred<void> = deferred();
  let missed = 0;
  let isAsking = false;
  const begin = (): void => {
    if (missed > 0) silence = deferred();
    missed = 0;
  };
  const miss = (): void => {
    missed += 1;
    if (missed === 1) parts.silent();
    silence.settle();
    if (missed >= most) parts.lost();
  };
  const look = async (): Promise<void> => {
    if (isAsking || !parts.isConnected) return;
    isAsking = true;
    const answer = await parts.ask(patience);
    isAsking = false;
    if (answer !== undefined) begin();
    else if (parts.isConnected) miss();
    if (missed > 0) void look();
  };
  const timer = setInterval(() => void look(), every);
  return {
    get isSilent() {
      return missed > 0;
    },
    get silence() {
      return silence.promise;
    },
    look: () => void look(),
    begin,
    stop: () => clearInterval(timer),
  };
};
