import type { LiveCall } from '../live-call.js';
import type { Endpoint } from '../media.js';
import { type AnchorDeps, mayAnchor } from './anchor-deps.js';

/** Whether a caller is to hear the ringing tone of the media server: such a call goes on through it, or back by re-INVITE. */
export const givesEarly = (
  deps: Pick<AnchorDeps, 'media' | 'mediaUse'>,
  { tenant, caller }: Pick<LiveCall, 'tenant' | 'caller'>,
): boolean =>
  tenant.media.ringback === 'server' && caller.offer.kind === 'sdp' && !caller.isEstablished && mayAnchor(deps);

/** Tells the caller that it rings: by 180, with something to hear where the company wants that. */
export const ringCaller = (deps: Pick<AnchorDeps, 'media' | 'mediaUse'>, call: LiveCall): void => {
  if (call.early) return;
  if (givesEarly(deps, call)) call.early = openEarly(deps, call);
  else call.caller.ringing();
};

/** Without an endpoint the phone makes its own tone. */
const openEarly = async ({ media }: Pick<AnchorDeps, 'media'>, call: LiveCall): Promise<Endpoint | undefined> => {
  const { caller, record } = call;
  const endpoint = await media.open({
    ...(caller.offer.kind === 'sdp' && { offer: caller.offer.body }),
    call: record.id,
  });
  if (call.isOver || caller.gone || !endpoint) {
    void endpoint?.release();
    caller.ringing();
    return undefined;
  }
  caller.ringing({ sdp: endpoint.sdp });
  void endpoint.play('ringback');
  return endpoint;
};

/** The call has ended without an answer, or somebody else cares for its endpoints from now on. */
export const releaseEarly = (call: LiveCall): void => {
  void call.early?.then((endpoint) => endpoint?.release());
  delete call.early;
};
