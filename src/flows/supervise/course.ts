import type { Extension, TenantId } from '../../domain/names.js';
import type { Tenant } from '../../domain/office.js';
import type { Refusal } from '../../domain/outcome.js';
import type { Anchors } from '../anchors.js';
import { beside } from '../held-call.js';
import type { LiveCalls, Talking } from '../live-calls.js';
import type { ListenMode } from '../media.js';
import type { CallRecord, EndReason, Leg, Legs, Log, Meter } from '../ports.js';
import type { Supervision, SupervisionNews } from '../supervision.js';
import { refusalInCall } from './judge.js';
import { giveNotice } from './notice.js';
import type { Seat, SeatDeps } from './seat.js';
import type { Supervisions } from './supervisions.js';

/** What supervising needs. */
export interface SuperviseDeps extends SeatDeps {
  readonly live: Pick<LiveCalls, 'talks' | 'joined' | 'onConnected' | 'passing'>;
  readonly legs: Pick<Legs, 'attach' | 'focus'>;
  readonly anchors: Pick<Anchors, 'endpointOf'>;
  readonly supervisions: Supervisions;
  readonly news: SupervisionNews;
  readonly meter: Pick<Meter, 'listening' | 'supervised'>;
  readonly log: Log;
  /** The company as it is now: its rules may have changed since the supervision began. */
  readonly tenant: (id: TenantId) => Tenant | undefined;
  readonly newId: () => string;
}

/** A supervision on its way from the supervisor's 200 to his BYE. */
export interface Course {
  readonly deps: SuperviseDeps;
  readonly id: string;
  readonly tenant: TenantId;
  readonly supervisor: Extension;
  readonly colleague: Extension;
  readonly since: number;
  /** The supervisor's leg. */
  readonly phone: Leg;
  mode: ListenMode;
  seat: Seat;
  /** Whose side of which call it was when it was judged last. */
  side: Talking;
  /** The call that the news were told of last. */
  told: CallRecord;
  isOver: boolean;
  /** Legs of the colleague that have ended. */
  readonly gone: WeakSet<Leg>;
  /** What is to be undone at the end. */
  readonly undo: (() => void)[];
  /** Switches, moves and judgements, one after the other. */
  turn<T>(task: () => Promise<T>): Promise<T>;
}

/** The supervision as others are told of it. */
export const shownOf = ({ id, side, supervisor, colleague, mode, since }: Course): Supervision => ({
  ...{ id, call: side.call.record.id, supervisor, colleague, mode, since },
});

/** Whether the policy lets the supervisor take part like this in the call as it is now. */
export const refusalNow = (course: Course, mode = course.mode, side = course.side): Refusal | undefined => {
  const { deps, supervisor, colleague } = course;
  const tenant = deps.tenant(course.tenant);
  return tenant ? refusalInCall({ tenant, supervisor, colleague, mode }, side) : 'not-allowed';
};

/** Tells programs, without anybody waiting for it. */
export const tellNews = (course: Course, what: Parameters<SupervisionNews['tell']>[1]): void => {
  const { side, deps } = course;
  if (what !== 'ended') course.told = side.call.record;
  beside(side.call, deps.news.tell(course.told, what, { ...shownOf(course), call: course.told.id }));
};

/** Tells the two who talk, where the company wants that. */
export const notify = ({ deps, tenant, side }: Course): void => {
  const company = deps.tenant(tenant);
  if (company) giveNotice(deps.anchors, company, side);
};

/** The supervision is over: nothing of it stays, and the call goes back to what it was without it. */
export const finish = (course: Course, why: string): void => {
  if (course.isOver) return;
  course.isOver = true;
  const { deps, seat } = course;
  for (const undo of course.undo) undo();
  void seat.own.release();
  seat.leave();
  deps.meter.listening(-1);
  tellNews(course, 'ended');
  deps.log.info({ ...factsOf(course), why }, 'supervision ended');
};

/** Ends the supervision, and the supervisor's call with it. */
export const end = async (course: Course, why: keyof typeof reasons): Promise<void> => {
  finish(course, why);
  await course.phone.end(reasons[why]);
};

/** Why a supervisor is hung up on, as his phone is told. */
const reasons = {
  'call ended': { kind: 'other-party', reason: 'Q.850;cause=16;text="Call has ended"' },
  stopped: { kind: 'other-party', reason: 'Q.850;cause=16;text="Supervision has ended"' },
  'not allowed any more': { kind: 'other-party', reason: 'SIP;cause=403;text="Not allowed any more"' },
  'media lost': { kind: 'failure', text: 'Media Server Lost' },
} as const satisfies Readonly<Record<string, EndReason>>;

/** Who takes part in which call, for the log. */
export const factsOf = (course: Course): object => {
  const { id: supervision, call: callId, supervisor, colleague, mode } = shownOf(course);
  return { supervision, callId, tenant: course.tenant, supervisor, colleague, mode };
};
