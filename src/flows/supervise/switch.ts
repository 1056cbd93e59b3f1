import type { Refusal } from '../../domain/outcome.js';
import type { ListenMode } from '../media.js';
import { type Course, end, factsOf, notify, refusalNow, tellNews } from './course.js';
import { tellAct } from './tell.js';

/**
 * Has the supervisor take part otherwise, undefined if it is done. A no is played into his ear, and nothing changes; but
 * who may not even do any more what he does, is hung up on.
 */
export const switchTo = async (course: Course, mode: ListenMode): Promise<Refusal | undefined> => {
  const began = performance.now();
  if (course.isOver) return 'no-call';
  const lost = refusalNow(course);
  if (lost) {
    void end(course, 'not allowed any more');
    return lost;
  }
  if (mode === course.mode) return undefined;
  const refusal = refusalNow(course, mode) ?? (await change(course, mode));
  const { deps, supervisor, colleague, tenant, side, phone } = course;
  const facts = { tenant, supervisor, colleague, call: side.call.record.id, sipCallId: phone.ids.sipCallId };
  tellAct(deps, { ...facts, mode, refusal, began });
  if (refusal) void course.seat.own.overlay(`refused-${refusal}`);
  return refusal;
};

const change = async (course: Course, mode: ListenMode): Promise<Refusal | undefined> => {
  const isSet = await course.seat.listening.setMode(mode);
  if (course.isOver) return 'no-call';
  if (!isSet) return 'media-unavailable';
  course.mode = mode;
  // Nobody waits for the phone, which may take its time to hear that it is in a conference now, or no more (RFC 4579).
  void course.deps.legs.focus(course.phone, mode === 'barge');
  course.deps.log.info(factsOf(course), 'supervision changed');
  tellNews(course, 'changed');
  if (mode === 'barge') notify(course);
  return undefined;
};
