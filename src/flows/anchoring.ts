import type { Refusal } from '../domain/outcome.js';
import { type AnchorDeps, mayAnchor } from './anchor/anchor-deps.js';
import { callMoves } from './anchor/call-moves.js';
import { comeTogether, noServer } from './anchor/come-together.js';
import { countAnchored } from './anchor/count-anchored.js';
import { goDirect, mayGoDirect } from './anchor/go-direct.js';
import type { HoldDeps } from './held-call.js';
import type { Talking } from './live-calls.js';
import type { Endpoint } from './media.js';
import type { Leg, Log } from './ports.js';
import { type Agreed, type Agreeing, renegotiate } from './transfer/renegotiate.js';

/** Moves connected calls onto the media server and off it again (DESIGN 3.13). Never rejects. */
export interface Anchoring {
  /**
   * Has the phone of a leg in a connected call, and so the phone it talks to, talk through the media server, if they do not
   * already. The call stays there, whoever the leg is brought together with, until `leave`; then it goes back to direct if
   * nobody else needs it. Fails with the call as it was: `media-unavailable`, `media-mismatch` (a phone would not), `lost-race`
   * (somebody else moves the call), `caller-gone` (a party has hung up).
   */
  need(leg: Leg): Promise<Needed>;
  /**
   * Has two phones talk to each other that did not: directly where they can and nobody needs otherwise, else through the
   * media server. If either will not, both talk on as before.
   */
  bringTogether(one: Agreeing, other: Agreeing): Promise<Agreed>;
  /**
   * The call of this leg goes back to direct if nothing keeps it on the media server; nobody waits for it. Who needed a phone
   * that has left the call may follow it into this one, so that is waited for.
   */
  relax(leg: Leg, left?: Leg): void;
}

/** Where the phone talks, and how to need it no more; or why it does not. */
export type Needed = { ok: true; endpoint: Endpoint; leave(): void } | { ok: false; refusal: Refusal };

/** What anchoring needs. */
export interface AnchoringDeps extends HoldDeps, AnchorDeps {
  readonly log: Log;
}

/** The one place that knows which call is on its way to the media server, or back. */
export const makeAnchoring = (deps: AnchoringDeps): Anchoring => {
  const { anchors, live } = deps;
  const moves = callMoves(deps);

  const need = async (leg: Leg): Promise<Needed> => {
    const talking = live.talking((each) => each === leg);
    const running = talking && moves.of(talking.call);
    const endpoint = anchors.endpointOf(leg);
    if (endpoint && !running) return { ok: true, endpoint, leave: needUntil(leg) };
    if (!talking) return { ok: false, refusal: 'caller-gone' };
    if (!running && !mayAnchor(deps)) return { ok: false, refusal: 'media-unavailable' };
    const coming = running ?? moves.begin(talking.call, true, () => come(deps, talking));
    const refusal = await coming.result;
    if (refusal && coming.isComing) return { ok: false, refusal };
    return need(leg);
  };

  const needUntil = (leg: Leg): (() => void) => {
    const stop = anchors.need(leg);
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      stop();
      void relax(leg);
    };
  };

  /** As soon as nobody else moves the call; by then it may be another, or be needed again. */
  const relax = async (leg: Leg): Promise<void> => {
    const talking = live.talking((each) => each === leg);
    if (!talking || !mayGoDirect(deps, talking)) return;
    const { call } = talking;
    const { result } = moves.of(call) ?? moves.begin(call, false, () => goDirect(deps, talking).then(() => undefined));
    const refusal = await result;
    if (refusal === 'error') return;
    if (refusal === 'lost-race') await live.still(call);
    return relax(leg);
  };

  return {
    need,
    bringTogether: (one, other) => bringTogether(deps, one, other),
    relax: (leg, left) => void (left ? anchors.unneeded(left).then(() => relax(leg)) : relax(leg)),
  };
};

/** Brings a call to the media server whose phones talk directly. */
const come = async (deps: AnchoringDeps, { call, leg, other }: Talking): Promise<Refusal | undefined> => {
  const agreed = await comeTogether(deps, { call: call.record.id, both: [{ leg }, { leg: other }] });
  if (!agreed.ok) {
    call.log.info({ status: agreed.status }, 'call not brought to the media server');
    return refusalBy(agreed.status);
  }
  if (deps.live.get(call.record.id) !== call) return 'caller-gone';
  countAnchored(deps, call, true);
  call.log.info({}, 'call brought to the media server');
  return undefined;
};

const refusals: Readonly<Record<number, Refusal>> = {
  408: 'caller-gone',
  481: 'caller-gone',
  491: 'lost-race',
  [noServer]: 'media-unavailable',
};

const refusalBy = (status: number): Refusal => refusals[status] ?? 'media-mismatch';

const bringTogether = async (deps: AnchoringDeps, one: Agreeing, other: Agreeing): Promise<Agreed> => {
  const legs = [one.leg, other.leg] as const;
  const mayBeDirect =
    deps.mediaUse !== 'always' && !legs.some((leg) => deps.anchors.endpointOf(leg) || deps.anchors.isNeeded(leg));
  if (mayBeDirect) {
    const agreed = await renegotiate(one, other);
    if (agreed.ok || agreed.status === 408 || agreed.status === 481 || !mayAnchor(deps)) return agreed;
  }
  const call = deps.live.talking((leg) => legs.includes(leg))?.call.record.id;
  if (call === undefined) return { ok: false, status: 481 };
  const agreed = await comeTogether(deps, { call, both: [one, other] });
  if (agreed.ok && mayBeDirect) deps.anchors.keep(...legs);
  return agreed;
};
