import type { HoldDeps } from '../held-call.js';
import type { Talking } from '../live-calls.js';
import { at } from '../transfer/person.js';
import { renegotiate } from '../transfer/renegotiate.js';
import type { AnchorDeps } from './anchor-deps.js';
import { countAnchored } from './count-anchored.js';

/** Whether a call talks through the media server though nothing keeps it there. */
export const mayGoDirect = ({ anchors, mediaUse }: AnchorDeps, { leg, other }: Talking): boolean =>
  mediaUse !== 'always' &&
  [leg, other].every((each) => anchors.endpointOf(each) && !anchors.isNeeded(each)) &&
  !anchors.mustStay(leg, other);

/** Has the two phones of a call talk to each other directly again. If one will not, the call stays where it is. */
export const goDirect = async (deps: HoldDeps & AnchorDeps, { call, leg, other }: Talking): Promise<void> => {
  const agreed = await renegotiate(at(call, leg), at(call, other));
  if (!agreed.ok) {
    deps.anchors.keep(leg, other);
    return call.log.warn({ status: agreed.status }, 'call stays on the media server');
  }
  for (const each of [leg, other]) deps.anchors.takeOff(each);
  if (deps.live.get(call.record.id) === call) countAnchored(deps, call, false);
  call.log.info({}, 'call left the media server');
};
