import type { CallNews } from './news.js';
import type { CallRecord } from './ports.js';

type Shown = 'call' | 'target' | 'caller' | 'callerName' | 'callerNumber' | 'isPrivate' | OfGroup;
type OfGroup = 'ringsAt' | 'rung' | 'groups';

/** What is new about a call, without what the call's record says. */
export type NewsOf = CallNews extends infer Each ? (Each extends CallNews ? Omit<Each, Shown> : never) : never;

/** News of a call with what its record says of it; of an anonymous caller nothing (RFC 3323). */
export const callNews = (call: CallRecord, what: NewsOf): CallNews =>
  ({
    ...what,
    call: call.id,
    target: call.target,
    caller: call.isAnonymous ? '' : call.caller,
    callerName: call.callerName,
    callerNumber: call.callerNumber,
    ...(call.ringsAt && { ringsAt: call.ringsAt }),
    ...(call.rung && { rung: call.rung }),
    ...(call.groups && { groups: call.groups }),
    isPrivate: call.isPrivate,
  }) as CallNews;
