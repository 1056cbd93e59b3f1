import type { TenantId } from '../domain/names.js';
import { type BringDeps, bringLetter, type Receiver } from './webhooks/bring-letter.js';
import type { Letter } from './webhooks/post-letter.js';

/** The events that are on their way to companies' webhooks. */
export interface Webhooks {
  /** Takes an event to post. Nobody waits for it, and nothing that becomes of it reaches a call. */
  send(company: TenantId, letter: Letter): void;
  /** Tries once what is left, for as long as one try may take; what is left then is lost, and told. */
  stop(): Promise<void>;
}

/** So many events of a company may wait; the oldest makes room. */
const mostWaiting = 1_000;

/** How long a service that stops tries, in milliseconds. */
const lastTries = 3_000;

/**
 * The events of one company, one after the other: its receiver hears of a call in the order of its events, and one that is
 * dead is asked by one of them at a time.
 */
interface Line extends Receiver {
  readonly waiting: Letter[];
  /** Settles when all are brought or lost; undefined while there are none. */
  working?: Promise<void> | undefined;
  /** It has been told that events were dropped. */
  isFull: boolean;
  /** So many events had their last try while the service stopped, in vain. */
  lostAtLast: number;
  /** The service has stopped: what is left was counted. */
  isOver: boolean;
}

/** Brings events to the webhooks of companies, beside whatever else happens. */
export const makeWebhooks = (deps: BringDeps): Webhooks => {
  const lines = new Map<TenantId, Line>();
  let isStopping = false;
  const lineOf = (company: TenantId): Line => {
    const known = lines.get(company);
    if (known) return known;
    const states = { isFailing: false, isLast: isStopping, isFull: false, isOver: false };
    const line: Line = { company, waiting: [], ...states, lostAtLast: 0, wake: () => undefined };
    lines.set(company, line);
    return line;
  };
  return {
    send: (company, letter) => {
      const line = lineOf(company);
      take(deps, line, letter);
      line.working ??= bringAll(deps, line);
    },
    stop: async () => {
      isStopping = true;
      for (const line of lines.values()) hurry(line);
      await inTime(deps, Promise.all([...lines.values()].map(({ working }) => working)));
      for (const line of lines.values()) giveUp(deps, line);
    },
  };
};

const take = ({ meter, log }: BringDeps, line: Line, letter: Letter): void => {
  line.waiting.push(letter);
  meter.queued(1);
  if (line.waiting.length <= mostWaiting) return;
  line.waiting.shift();
  meter.queued(-1);
  meter.posted('dropped');
  if (!line.isFull) log.warn({ tenant: line.company, events: mostWaiting }, 'webhook queue full, oldest dropped');
  line.isFull = true;
};

const bringAll = async (deps: BringDeps, line: Line): Promise<void> => {
  for (let letter = line.waiting.shift(); letter; letter = line.waiting.shift()) {
    const isThere = await bringLetter(deps, line, letter);
    if (line.isOver) return;
    if (isThere) line.isFull = false;
    else tellLost(deps, line, letter);
    deps.meter.queued(-1);
    deps.meter.posted(isThere ? 'delivered' : 'lost');
  }
  line.working = undefined;
};

/** Those of a service that stops are told of together. */
const tellLost = ({ log }: BringDeps, line: Line, { id }: Letter): void => {
  if (line.isLast) line.lostAtLast += 1;
  else log.warn({ tenant: line.company, event: id }, 'webhook event lost');
};

const hurry = (line: Line): void => {
  line.isLast = true;
  line.wake();
};

const inTime = async ({ clock }: BringDeps, work: Promise<unknown>): Promise<void> => {
  let cancel = (): void => undefined;
  const timeUp = new Promise<void>((resolve) => {
    cancel = clock.after(lastTries, resolve);
  });
  await Promise.race([work, timeUp]);
  cancel();
};

/** What is left, with the one that is under way, is lost as well. */
const giveUp = ({ meter, log }: BringDeps, line: Line): void => {
  line.isOver = true;
  const left = line.working ? line.waiting.length + 1 : 0;
  meter.posted('lost', left);
  meter.queued(-left);
  const events = left + line.lostAtLast;
  if (events > 0) log.warn({ tenant: line.company, events }, 'webhook events lost');
};
