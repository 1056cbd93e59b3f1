import { type CallHistory, type CallTaking, ringSeconds, talkSeconds } from '../../../domain/call-history.js';
import type { Tenant } from '../../../domain/office.js';
import { namedExtension, timeOf } from './call-json.js';

/** What happened to a call, for whoever hears that it is over; what did not happen is left out. */
export const historyJson = (tenant: Tenant, history: CallHistory): object => ({
  began: timeOf(history.began),
  ringSeconds: ringSeconds(history),
  talkSeconds: talkSeconds(history),
  originalTarget: namedExtension(tenant, history.target),
  ...(history.group !== undefined && { group: history.group }),
  ...(history.answeredBy !== undefined && { answeredBy: namedExtension(tenant, history.answeredBy) }),
  ...(history.taken && { pickup: takingJson(tenant, history.taken) }),
  ...(history.moves.length > 0 && { moves: history.moves.map((move) => takingJson(tenant, move)) }),
});

/** Who took it from whom, in the words of the event `picked-up`. */
const takingJson = (tenant: Tenant, { at, picker, from, method, group }: CallTaking): object => ({
  at: timeOf(at),
  by: namedExtension(tenant, picker),
  whose: namedExtension(tenant, from),
  how: method,
  ...(group !== undefined && { group }),
});
