import type { Extension } from '../../domain/names.js';
import type { Tenant } from '../../domain/office.js';
import type { Talking } from '../live-calls.js';
import type { ListenMode } from '../media.js';
import type { Leg } from '../ports.js';
import { makeTurns } from '../turns.js';
import { modeOfKey } from './acts.js';
import { type Course, end, finish, notify, type SuperviseDeps, shownOf, tellNews } from './course.js';
import { follow, reconsider } from './follow.js';
import type { Seat } from './seat.js';
import { switchTo } from './switch.js';

/** A supervisor who has a seat, and whose phone is connected. */
export interface Begun {
  readonly id?: string | undefined;
  readonly tenant: Tenant;
  readonly supervisor: Extension;
  readonly colleague: Extension;
  readonly mode: ListenMode;
  readonly seat: Seat;
  readonly side: Talking;
  readonly phone: Leg;
}

/** How often it is looked whether the company's rules have changed, in milliseconds: as for watchers. */
const lookEvery = 300;

/** Stays with a supervisor until he hangs up, or there is nothing to be heard any more. */
export const accompany = (deps: SuperviseDeps, begun: Begun): void => {
  const course = courseOf(deps, begun);
  deps.meter.listening(1);
  tellNews(course, 'began');
  course.undo.push(
    deps.supervisions.add(handleOf(course)),
    deps.live.onConnected(({ record }, { legs }) => {
      if (record.tenant === course.tenant && legs.includes(course.seat.leg)) inTurn(course, () => reconsider(course));
    }),
    lookAtRules(course),
  );
  void begun.phone.ended.then(deps.live.passing([begun.phone]));
  listen(course);
  watchSeat(course);
  notify(course);
  // The call may have moved on while the phone was being answered.
  inTurn(course, () => reconsider(course));
};

const courseOf = (deps: SuperviseDeps, { id, tenant, supervisor, colleague, ...begun }: Begun): Course => {
  const turns = makeTurns();
  return {
    ...{ deps, supervisor, colleague, tenant: tenant.id },
    ...{ mode: begun.mode, seat: begun.seat, side: begun.side, phone: begun.phone, told: begun.side.call.record },
    id: id ?? deps.newId(),
    since: Date.now(),
    isOver: false,
    gone: new WeakSet(),
    undo: [],
    turn: (task) => turns('', task),
  };
};

const handleOf = (course: Course) => ({
  tenant: course.tenant,
  get now() {
    return shownOf(course);
  },
  setMode: (mode: ListenMode) => course.turn(() => switchTo(course, mode)),
  stop: () => end(course, 'stopped'),
});

/** Nobody waits for what happens by itself; what goes wrong there must not leave anybody listening. */
const inTurn = (course: Course, task: () => Promise<unknown>): void => {
  course.turn(task).catch((error) => {
    course.deps.log.error({ error: error instanceof Error ? error.stack : String(error) }, 'surprise');
    void end(course, 'media lost');
  });
};

/** What the supervisor's phone does: it changes its own session only, presses keys, hangs up. */
const listen = (course: Course): void => {
  const joint = course.deps.legs.attach(course.phone, {
    ended: () => finish(course, 'hung up'),
    changes: (offer) => course.seat.own.change(offer),
    digit: (digit) => press(course, digit),
  });
  course.undo.push(() => joint.part());
};

const press = (course: Course, digit: string): void => {
  const mode = modeOfKey(digit);
  if (mode) inTurn(course, () => switchTo(course, mode));
};

/** Sees when this seat is lost: the colleague's phone has left, or a media server. */
const watchSeat = (course: Course): void => {
  const { seat } = course;
  const isLeft = () => {
    if (course.seat === seat) inTurn(course, () => follow(course, seat, () => watchSeat(course)));
  };
  void seat.leg.ended.then(() => {
    course.gone.add(seat.leg);
    isLeft();
  });
  void seat.listening.over.then(isLeft);
  course.undo.push(seat.own.onDigit((digit) => course.seat.own === seat.own && press(course, digit)));
};

/** Whoever loses the right to take part loses the ear within a second. */
const lookAtRules = (course: Course): (() => void) => {
  let seen = course.deps.tenant(course.tenant);
  const timer = setInterval(() => {
    const tenant = course.deps.tenant(course.tenant);
    if (tenant === seen) return;
    seen = tenant;
    inTurn(course, () => reconsider(course));
  }, lookEvery);
  return () => clearInterval(timer);
};
