import type { Talking } from '../live-calls.js';
import type { Endpoint } from '../media.js';
import { personAt } from '../transfer/person.js';
import { type Course, end, factsOf, notify, refusalNow, tellNews } from './course.js';
import { type Seat, takeSeat } from './seat.js';

/**
 * The seat beside the colleague's phone is lost. If he talks in another call, or by another phone, the supervisor goes
 * there with him; otherwise there is nothing to listen to any more.
 */
export const follow = async (course: Course, lost: Seat, seated: () => void): Promise<void> => {
  if (course.isOver || course.seat !== lost) return;
  if (lost.own.isGone) return end(course, 'media lost');
  // The call that he has taken before he hung up may be connected in a moment only.
  await course.deps.live.joined(({ tenant }) => tenant.id === course.tenant);
  if (course.isOver) return;
  const next = nextSide(course);
  if (!next) return end(course, 'call ended');
  if (refusalNow(course, course.mode, next)) return end(course, 'not allowed any more');
  const { deps, mode } = course;
  await lost.listening.stop();
  const taken = await takeSeat(deps, { side: next, mode }, (beside) => ownBeside(course, beside));
  if (!taken.ok) return end(course, 'call ended');
  if (course.isOver) return leaveAgain(taken.seat);
  course.seat = taken.seat;
  course.side = next;
  lost.leave();
  if (lost.own !== taken.seat.own) void lost.own.release();
  seated();
  deps.log.info(factsOf(course), 'supervisor follows');
  tellNews(course, 'changed');
  notify(course);
};

/** Where the colleague talks now. A leg that has ended is in the register until the other phone has answered its BYE. */
const nextSide = ({ deps, tenant, colleague, seat, gone }: Course): Talking | undefined =>
  deps.live.talks(({ call, leg }) => {
    if (call.tenant.id !== tenant || personAt(call, leg).extension !== colleague) return false;
    if (leg !== seat.leg) return true;
    const endpoint = deps.anchors.endpointOf(leg);
    return !gone.has(leg) && endpoint !== undefined && endpoint !== seat.beside;
  })[0];

/** The endpoint that the supervisor has, or, beside one on another server, a new one that his phone is moved to. */
const ownBeside = async ({ deps, seat, phone, side }: Course, beside: Endpoint): Promise<Endpoint | undefined> => {
  if (beside.server === seat.own.server) return seat.own;
  const asked = await phone.change();
  if (!asked.ok) return undefined;
  const made = await deps.media.open({ offer: asked.sdp, call: side.call.record.id, beside });
  asked.acknowledge(made?.sdp);
  return made;
};

const leaveAgain = ({ own, leave }: Seat): void => {
  void own.release();
  leave();
};

/** The colleague has got another partner, or the company other rules: may the supervisor still take part? */
export const reconsider = async (course: Course): Promise<void> => {
  if (course.isOver) return;
  const side = course.deps.live.talks(({ leg }) => leg === course.seat.leg)[0] ?? course.side;
  const before = course.side;
  course.side = side;
  if (refusalNow(course)) return end(course, 'not allowed any more');
  if (side.call === before.call && side.other === before.other) return;
  tellNews(course, 'changed');
  notify(course);
};
