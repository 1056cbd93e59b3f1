import type { CallId } from '../../domain/names.js';
import type { LiveCalls } from '../live-calls.js';
import type { Leg } from '../ports.js';
import type { Agreed, Agreeing } from '../transfer/renegotiate.js';
import type { AnchorDeps } from './anchor-deps.js';
import { showParty } from './answer-through.js';
import { askToCome, type Coming, isUnwilling } from './ask-to-come.js';
import { openPair, type Pair } from './open-pair.js';

/** What bringing two phones together needs. */
export interface ComeTogetherDeps extends AnchorDeps {
  readonly live: Pick<LiveCalls, 'talking'>;
}

/** Who is to talk with whom; who is at the other end is told where it is news. */
export interface Together {
  readonly call: CallId;
  readonly both: readonly [Meeting, Meeting];
}

type Meeting = Pick<Agreeing, 'leg'> & Partial<Agreeing>;

/** The status that stands for a media server that is not there, or makes nothing of an offer. */
export const noServer = 503;

/**
 * Has the phones of two established legs talk to each other through the media server: both are asked for an offer at the
 * same time, and hear the answers only when their endpoints are bridged; until then each talks on as before.
 */
export const comeTogether = async (deps: ComeTogetherDeps, { call, both }: Together): Promise<Agreed> => {
  const [one, other] = both;
  const gone = watchEnds(both);
  const leaves = whoLeaves(deps, both);
  const [first, second] = await Promise.all([
    askToCome(deps, { leg: one.leg, leaves: leaves === one.leg }, other.party),
    askToCome(deps, { leg: other.leg, leaves: leaves === other.leg }, one.party),
  ]);
  const coming = [first, second].flatMap((each) => (isUnwilling(each) ? [] : [each]));
  const [ready, alsoReady] = coming;
  if (!ready || !alsoReady) return letStay(coming, [first, second].find(isUnwilling)?.status ?? noServer);

  const pair = await openPair(deps.media, call, [ready.wanted, alsoReady.wanted]);
  const isBridged = pair !== undefined && gone.size === 0 && (await pair.bridge());
  if (!isBridged || gone.size > 0) {
    pair?.release();
    if (pair) await Promise.all(both.map(({ leg }) => bridgeAsBefore(deps, leg)));
    return letStay(coming, gone.size > 0 ? 481 : noServer);
  }
  sit(deps, both, { coming: [ready, alsoReady], pair });
  return { ok: true };
};

/** Two that are at different servers cannot meet: one of them comes to the other, whom somebody may listen to. */
const whoLeaves = ({ anchors }: ComeTogetherDeps, [one, other]: Together['both']): Leg | undefined => {
  const [first, second] = [anchors.endpointOf(one.leg), anchors.endpointOf(other.leg)];
  if (!first || !second || first.server === second.server) return undefined;
  return anchors.isNeeded(one.leg) ? other.leg : one.leg;
};

const watchEnds = (both: Together['both']): ReadonlySet<Leg> => {
  const gone = new Set<Leg>();
  for (const { leg } of both) void leg.ended.then(() => gone.add(leg));
  return gone;
};

const letStay = (coming: readonly Coming[], status: number): Agreed => {
  for (const each of coming) each.stay();
  return { ok: false, status };
};

/** Whose call goes on as it was hears its other party again. */
const bridgeAsBefore = async ({ anchors, live }: ComeTogetherDeps, leg: Leg): Promise<void> => {
  const talking = live.talking((each) => each === leg);
  const [own, other] = talking ? [anchors.endpointOf(leg), anchors.endpointOf(talking.other)] : [];
  if (own && other && !(await own.bridge(other))) talking?.call.log.warn({}, 'session not restored');
};

const sit = (
  { anchors }: ComeTogetherDeps,
  both: Together['both'],
  { coming, pair }: { coming: readonly [Coming, Coming]; pair: Pair },
): void => {
  for (const [index, { leg }] of both.entries()) {
    const endpoint = pair.endpoints[index as 0 | 1];
    const talksTo = both[index === 0 ? 1 : 0]?.party;
    if (anchors.endpointOf(leg) === endpoint && talksTo) void showParty(leg, endpoint, talksTo);
    coming[index as 0 | 1].sit(endpoint);
  }
};
