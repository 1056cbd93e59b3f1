import { changesOf, talkThrough } from './anchor/talk-through.js';
import type { Anchors } from './anchors.js';
import { type Joined, joinDelayed } from './delayed-offer.js';
import type { LiveCalls } from './live-calls.js';
import type { Endpoint } from './media.js';
import type { DialResult, IncomingLeg, Legs, OutgoingLeg, Party } from './ports.js';

/** What handing a phone on to another instance needs. */
export interface HandOnDeps {
  readonly legs: Pick<Legs, 'join'>;
  readonly live: Pick<LiveCalls, 'passing' | 'talking'>;
  readonly anchors: Anchors;
}

/** A phone that reached this instance, and the INVITE that goes on to the owner for it. */
export interface HandingOn {
  readonly phone: IncomingLeg;
  readonly owner: OutgoingLeg;
  /** Whose phone it is. */
  readonly party: Party;
  /** What is between the phone and the owner where the phone has heard something here before: each talks through its own. */
  readonly through?: readonly [phone: Endpoint, owner: Endpoint];
}

/** What became of it: `gone` if the phone went away on the way, else the owner's no. */
export type HandedOn =
  | { kind: 'joined' }
  | { kind: 'gone' }
  | { kind: 'refused'; status: number; reason?: string | undefined };

/** How long the owner may take to answer, in milliseconds; then the phone hears 503. */
const ownerDeadline = 2_000;

/**
 * Has the owner answer a phone that came here; this instance stays between the two legs (DESIGN 3.10). The owner may take
 * two seconds, or as long as is said, in milliseconds. Rejects if the last ACK cannot be sent.
 */
export const handOn = async (deps: HandOnDeps, handing: HandingOn, deadline = ownerDeadline): Promise<HandedOn> => {
  const { phone, owner, party, through } = handing;
  phone.onGone((reason) => owner.stop({ kind: 'other-party', ...(reason !== undefined && { reason }) }));
  const result = await inTime(owner, deadline);
  if (result.kind === 'failed') return { kind: 'refused', status: result.status, reason: result.reason };
  const talksTo = result.talksTo ?? nobody(party);
  const joined =
    result.kind === 'answered' ? await joinAnswered(phone, result, talksTo) : await joinDelayed(phone, result, talksTo);
  if (!joined) return { kind: 'gone' };
  if (through) for (const end of [0, 1] as const) talkThrough(deps, joined[end], through[end]);
  deps.legs.join(...joined, {
    ended: deps.live.passing(joined),
    carriesFocus: true,
    // Who has looked at the call first talks through an endpoint here.
    get changes() {
      return changesOf(deps.anchors, joined);
    },
  });
  return { kind: 'joined' };
};

const inTime = async (leg: OutgoingLeg, deadline: number): Promise<DialResult> => {
  const timer = setTimeout(() => leg.stop({ kind: 'failure', text: 'No Answer From Owner' }), deadline);
  const result = await leg.result;
  clearTimeout(timer);
  return result;
};

const joinAnswered = async (
  phone: IncomingLeg,
  { leg, sdp }: Extract<DialResult, { kind: 'answered' }>,
  talksTo: Party,
): Promise<Joined> => {
  const answer = await phone.answer(sdp, talksTo);
  if (answer.ok) return [answer.leg, leg];
  await leg.end({ kind: 'other-party' });
  return undefined;
};

const nobody = ({ domain }: Party): Party => ({ name: '', number: '', domain, private: false });
