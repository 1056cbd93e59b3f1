import type { LiveCall } from '../live-call.js';
import type { Endpoint } from '../media.js';
import { type AnchorDeps, mayAnchor } from './anchor-deps.js';

type Deps = Pick<AnchorDeps, 'media' | 'mediaUse'>;
type Hearer = Pick<LiveCall, 'tenant' | 'caller'>;

/** Whether a caller can hear the media server before its call is answered: such a call goes on through it, or back by re-INVITE. */
export const canHearEarly = (deps: Deps, { caller }: Pick<Hearer, 'caller'>): boolean =>
  caller.offer.kind === 'sdp' && !caller.isEstablished && mayAnchor(deps);

/** Whether a caller is to hear the ringing tone of the media server. */
export const givesEarly = (deps: Deps, hearer: Hearer): boolean =>
  hearer.tenant.media.ringback === 'server' && canHearEarly(deps, hearer);

/** Tells the caller that it rings: by 180, with something to hear where the company wants that, or where it has heard something. */
export const ringCaller = (deps: Deps, call: LiveCall): void => {
  if (call.early || givesEarly(deps, call)) playRinging(deps, call);
  else call.caller.ringing();
};

const playRinging = (deps: Deps, call: LiveCall): void => {
  if (call.hearsRinging) return;
  call.hearsRinging = true;
  call.early ??= openEarly(deps, call);
  void call.early.then((endpoint) => ringBack(call, endpoint));
};

/** Without an endpoint the phone makes its own tone. */
const ringBack = ({ caller, isOver }: LiveCall, endpoint: Endpoint | undefined): void => {
  const isHeard = endpoint !== undefined && !endpoint.isGone && !isOver;
  caller.ringing(isHeard ? { sdp: endpoint.sdp } : undefined);
  if (isHeard) void endpoint.play('ringback');
};

/**
 * Has the caller hear the media server although nobody rings yet: by 183 (RFC 3960 section 3.2), unless it hears it already.
 * Undefined where that cannot be.
 */
export const hearBeforeRinging = async (deps: Deps, call: LiveCall): Promise<Endpoint | undefined> => {
  if (!call.early) {
    if (!canHearEarly(deps, call)) return undefined;
    call.early = openEarly(deps, call);
    void call.early.then((opened) => opened && call.caller.ringing({ sdp: opened.sdp, isProgress: true }));
  }
  const endpoint = await call.early;
  call.hearsRinging = false;
  if (!endpoint) delete call.early;
  return endpoint?.isGone ? undefined : endpoint;
};

const openEarly = async ({ media }: Pick<AnchorDeps, 'media'>, call: LiveCall): Promise<Endpoint | undefined> => {
  const { caller, record } = call;
  const endpoint = await media.open({
    ...(caller.offer.kind === 'sdp' && { offer: caller.offer.body }),
    call: record.id,
  });
  if (!call.isOver && !caller.gone) return endpoint;
  void endpoint?.release();
  return undefined;
};

/** The call has ended without an answer, or somebody else cares for its endpoints from now on. */
export const releaseEarly = (call: LiveCall): void => {
  void call.early?.then((endpoint) => endpoint?.release());
  delete call.early;
};
