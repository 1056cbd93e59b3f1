import { elsewhere, reasons } from './office.js';
import type { Message } from './phone.js';
import type { Fault } from './race-contest.js';
import type { GroupCall } from './race-group-call.js';
import type { Rung } from './race-group-switchboard.js';

/** What a caller may hear whom nobody answers; 487 if it gave up itself. */
const noes: ReadonlySet<number> = new Set([404, 480, 486]);

/** What somebody hears who is too late. */
const tooLate: ReadonlySet<number> = new Set([480, 481, 486, 603]);

/** Milliseconds that an answer and the end of the hunt may be on their way towards each other. */
const crossing = 400;

/** Who takes part in a call besides the phones that rang. */
export interface Judging {
  /** The number of somebody who may take nothing. */
  readonly stranger: string;
  /** Those who may take every call. Others hear 403, too: the call may be another member's when they press their key. */
  readonly controllers: readonly string[];
  /** No other call disturbed the group. */
  readonly isAlone: boolean;
}

type Heard = Pick<Message, 'status' | 'startLine'>;

/** What is wrong with a call to a group that is over. */
export const judgeGroupCall = async (own: GroupCall, judging: Judging): Promise<Fault[]> => {
  const { status } = await own.call.ends();
  const isConnected = status < 300;
  const picks = await Promise.all(own.pickups.map(({ call }) => call.ends()));
  const isPicked = picks.some((final) => final.status < 300);
  // Of two callers who have both gone nobody knows whose call it was that a picker had for a moment.
  const mayBeTaken = own.isAbandoned && !judging.isAlone;
  const isAnswered = own.rungs.some(({ answeredAt }) => answeredAt !== undefined);
  const isTaken = isConnected || isPicked || isAnswered || mayBeTaken;
  const wrong = [
    ...callerFault(own, status),
    ...picks.flatMap((final, place) => pickerFault(final, own.pickups[place]?.picker.number ?? '', judging)),
    ...own.rungs.flatMap((rung) => reasonFault(rung, isTaken)),
    ...(isConnected ? [...missedFault(own, judging.isAlone), ...lateFault(own, isPicked)] : vainFault(own)),
  ];
  const which = wrong.length > 0 ? toldOf(own, picks) : '';
  return [...own.faults, ...wrong.map(({ kind, text }) => ({ kind, text: `${text}; ${which}` }))];
};

/** The whole call in words, with milliseconds before the caller's final response. */
const toldOf = (
  { planned: { group }, call, rungs, pickups, finalAt = 0 }: GroupCall,
  picks: readonly Heard[],
): string => {
  const phones = rungs.map(({ number, leg, answeredAt, stopped, hungUp }) =>
    [
      `${number} ${leg.callId}`,
      ...(answeredAt === undefined ? [] : [`answered ${finalAt - answeredAt} ms before`]),
      ...(stopped ? [`stopped [${reasons(stopped)}]`] : []),
      ...(hungUp ? [`hung up [${reasons(hungUp)}]`] : []),
    ].join(' '),
  );
  const pickers = picks.map(
    ({ status }, place) => `${pickups[place]?.picker.number} ${pickups[place]?.call.callId} ${status}`,
  );
  return [`${group} ${call.callId}`, ...phones, ...pickers].join('; ');
};

const callerFault = ({ isAbandoned }: GroupCall, status: number): Fault[] => {
  if (status < 300 || noes.has(status) || (isAbandoned && status === 487)) return [];
  return [{ kind: 'errors', text: `the caller heard ${status}` }];
};

const pickerFault = ({ status, startLine }: Heard, number: string, { stranger, controllers }: Judging): Fault[] => {
  if (status < 300) return number === stranger ? [{ kind: 'privacy', text: 'a stranger has the call' }] : [];
  if (tooLate.has(status) || (status === 403 && !controllers.includes(number))) return [];
  return [{ kind: 'errors', text: `a picker heard ${startLine}` }];
};

const isElsewhere = (message: Rung['stopped']): boolean =>
  message !== undefined && reasons(message).join() === elsewhere.join();

/** Who is told that the call is elsewhere is told the truth, and nobody is told anything else. */
const reasonFault = ({ stopped, number }: Rung, isTaken: boolean): Fault[] => {
  if (!stopped || reasons(stopped).length === 0 || (isTaken && isElsewhere(stopped))) return [];
  return [{ kind: 'errors', text: `${number} was stopped by ${reasons(stopped).join(', ')}` }];
};

/** Somebody has the call: of those who rang in the same turn all are told so, or (where their time was up) nobody is. */
const missedFault = ({ rungs, planned: { group } }: GroupCall, isAlone: boolean): Fault[] => {
  const stopped = (turn: readonly Rung[]) => turn.filter((rung) => rung.stopped && !rung.isSummons);
  const isTold = stopped(group === 'ever' ? rungs : firstTurn(rungs)).map((rung) => isElsewhere(rung.stopped));
  const isWrong = group === 'ever' ? isTold.includes(false) : group === 'all' && isAlone && new Set(isTold).size > 1;
  return isWrong ? [{ kind: 'errors', text: 'a phone shows a missed call that is none' }] : [];
};

/** Where all members ring together, each rings once before one rings again; one is in the next group only. */
const firstTurn = (rungs: readonly Rung[]): readonly Rung[] => {
  const isNext = ({ number }: Rung, place: number) =>
    number.startsWith('24') || rungs.findIndex((other) => other.number === number) < place;
  const end = rungs.findIndex(isNext);
  return end < 0 ? rungs : rungs.slice(0, end);
};

/** How the SIP server hangs up by itself on whose 200 has crossed a CANCEL. */
const byServer = 'Reason: SIP;cause=200;text="ACK-BYE due to cancel race condition"';

/**
 * The 200 of a phone has crossed the end of its turn: it is hung up on at once, by the SIP server in its own words or by us
 * in none, and the hunt goes on.
 */
const isCrossed = ({ planned: { group } }: GroupCall, { hungUp, hungUpAt = 0, answeredAt = 0 }: Rung): boolean => {
  if (!hungUp) return false;
  const why = reasons(hungUp).join();
  return why === byServer || (why === '' && group !== 'ever' && hungUpAt - answeredAt < crossing);
};

/** Of those who answered, all but who has the call are told that it is elsewhere. */
const lateFault = (own: GroupCall, isPicked: boolean): Fault[] => {
  const late = own.rungs.filter(({ hungUp, isSummons }) => hungUp && !isSummons);
  const ended = late.filter((rung) => !isElsewhere(rung.hungUp) && !isCrossed(own, rung));
  if (ended.length <= (isPicked ? 0 : 1)) return [];
  const who = ended.map(({ number, hungUp }) => `${number} [${hungUp && reasons(hungUp)}]`);
  return [{ kind: 'errors', text: `who answered too late was not told so: ${who.join(', ')}` }];
};

/** Somebody answered, and the caller heard no. */
const vainFault = (own: GroupCall): Fault[] => {
  const { rungs, isAbandoned, finalAt = Date.now() } = own;
  const isVain = (rung: Rung) =>
    rung.answeredAt !== undefined && !rung.stopped && !rung.isSummons && finalAt - rung.answeredAt > crossing;
  if (isAbandoned) return [];
  const inVain = rungs.filter((rung) => isVain(rung) && !isCrossed(own, rung));
  return inVain.map(({ number }) => ({ kind: 'winners', text: `${number} answered in vain` }));
};
