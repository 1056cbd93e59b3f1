import type { Leg, Message } from './phone.js';

/** A call that a phone was offered, and what became of it. */
export interface Rung {
  readonly leg: Leg;
  /** Whose phone it is. */
  readonly number: string;
  /** It was called for a picker, by a program. */
  readonly isSummons: boolean;
  /** When the phone said 200, in milliseconds since 1970. */
  answeredAt?: number;
  /** The CANCEL; also one that came after the 200. */
  stopped?: Message;
  /** The BYE of the other side, and when it came. */
  hungUp?: Message;
  hungUpAt?: number;
}

/** Who waits for the legs of a call. */
export type Seen = (rung: Rung) => void;

/** Tells each leg that any phone is offered to the call that it is of. */
export interface Switchboard {
  /** What a phone of this number does with a call that comes in. */
  readonly offered: (number: string) => (leg: Leg) => void;
  /** A call is made with this Subject, which phones are shown. */
  expects(subject: string, seen: Seen): void;
  /** Phones of this number may be called for pickups by program, which show no Subject; until the next who says so. */
  heeds(number: string, seen: Seen): void;
  /** Calls that nobody waits for, in words, since the last question. */
  strays(): string[];
}

/** Longer than anything of a race lasts, in milliseconds. */
const lasting = 120_000;

const noted = (leg: Leg, number: string): Rung => {
  const rung: Rung = { leg, number, isSummons: leg.request.get('subject') === undefined };
  const never = () => undefined;
  void leg.stopsRinging(lasting).then((cancel) => {
    rung.stopped = cancel;
  }, never);
  void leg.isHungUp(lasting).then((bye) => {
    rung.hungUp = bye;
    rung.hungUpAt = Date.now();
  }, never);
  return rung;
};

/** A switchboard that waits for nothing yet. */
export const newSwitchboard = (): Switchboard => {
  const calls = new Map<string, Seen>();
  const summons = new Map<string, Seen>();
  const strays: string[] = [];
  return {
    offered: (number) => (leg) => {
      const subject = leg.request.get('subject');
      const seen = subject === undefined ? summons.get(number) : calls.get(subject);
      if (seen) return seen(noted(leg, number));
      strays.push(`${number} was called for nobody: ${leg.request.startLine} ${subject ?? ''}`);
      void leg.declines(480);
    },
    expects: (subject, seen) => void calls.set(subject, seen),
    heeds: (number, seen) => void summons.set(number, seen),
    strays: () => strays.splice(0),
  };
};
