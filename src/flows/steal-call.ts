import type { DialogChange, DialogIds } from '../domain/dialog.js';
import type { Extension, InstanceId } from '../domain/names.js';
import type { Tenant } from '../domain/office.js';
import type { Refusal } from '../domain/outcome.js';
import { decide } from '../domain/policy.js';
import type { FoundDialog } from './dialog-directory.js';
import { beside, type HoldDeps } from './held-call.js';
import type { Talking } from './live-calls.js';
import type { IncomingLeg, Leg, Log, Party } from './ports.js';
import { shownParty } from './shown-dialogs.js';
import type { Taken } from './take-call.js';
import { dismiss, holdAgain } from './transfer/held-again.js';
import { at, personAt } from './transfer/person.js';
import { renegotiate } from './transfer/renegotiate.js';

/** A phone that wants the place of another one in a connected call (RFC 3891 section 3). */
export interface Stealing {
  readonly tenant: Tenant;
  readonly picker: Extension;
  readonly leg: IncomingLeg;
  /** The picker, as the one who remains is shown it. */
  readonly party: Party;
  readonly found: Extract<FoundDialog, { kind: 'dialog' }>;
}

/** What stealing needs. */
export interface StealDeps extends HoldDeps {
  readonly self: InstanceId;
  readonly log: Log;
}

/**
 * Puts the picker in the place of a phone that talks: the one who remains gets the picker's offer, the picker its answer,
 * and the replaced phone a BYE that says so. Until the picker is answered any failure leaves the call as it was. Refusals:
 * those of the policy, `own-call`, `media-mismatch`, `picker-gone`, `caller-gone`, `lost-race` while another moves the
 * call, `already-answered` where this instance does not hold it or it is no call of two phones yet.
 */
export const makeStealCall =
  (deps: StealDeps) =>
  async (stealing: Stealing): Promise<Taken> => {
    const { found, leg } = stealing;
    const refusal = refusalOf(stealing);
    if (refusal) return no(refusal);
    if (found.owner !== deps.self) {
      deps.log.info(
        { callId: found.dialog.call, owner: found.owner },
        'connected call of another instance, not stolen',
      );
      return no('already-answered');
    }
    const talking = deps.live.talking(({ ids }) => isSame(ids, found.dialog));
    if (!talking) return no('already-answered');
    if (personAt(talking.call, talking.other).extension === stealing.picker) return no('own-call');
    if (leg.offer.kind !== 'sdp') return no('media-mismatch');

    const done = deps.live.move(talking.call);
    if (!done) return no('lost-race');
    return takePlace(deps, { ...stealing, talking, offer: leg.offer.body }).finally(done);
  };

const no = (refusal: Refusal): Taken => ({ ok: false, refusal });

/** One's own call is taken over from another phone of the same extension without asking (RFC 3891 section 3, equivalent). */
const refusalOf = ({ tenant, picker, found: { extension, dialog } }: Stealing): Refusal | undefined => {
  if (picker === extension) return undefined;
  const target = { kind: 'extension', number: extension } as const;
  const decision = decide({ tenant, picker, act: 'steal', target, by: 'number' });
  if (!decision.ok) return decision.refusal;
  return dialog.isPrivate ? 'private-call' : undefined;
};

const isSame = (a: DialogIds, b: DialogIds): boolean =>
  a.sipCallId === b.sipCallId && a.localTag === b.localTag && a.remoteTag === b.remoteTag;

interface Taking extends Stealing {
  readonly talking: Talking;
  readonly offer: string;
}

const takePlace = async (deps: StealDeps, taking: Taking): Promise<Taken> => {
  const { call, talk, leg: replaced, other: remaining } = taking.talking;
  talk.joint.part();
  const answer = await remaining.change(taking.offer, taking.party);
  if (!answer.ok) {
    holdAgain(deps, call, talk);
    return no(refusalBy(answer.status));
  }
  const picked = await taking.leg.answer(answer.sdp, personAt(call, remaining).party);
  if (!picked.ok) {
    // The one who remains talks to a phone that is gone already: back to the one before.
    const agreed = await renegotiate(at(call, replaced), at(call, remaining));
    if (!agreed.ok) call.log.warn({ status: agreed.status }, 'session not restored');
    holdAgain(deps, call, talk);
    return picked;
  }
  settle(deps, taking, picked.leg);
  void dismiss(deps, [replaced], { kind: 'elsewhere' });
  return { ok: true };
};

/** Who does not know the call any more has gone; whoever says something else does not want the media. */
const refusalBy = (status: number): Refusal => (status === 481 || status === 408 ? 'caller-gone' : 'media-mismatch');

/** The picker has the call: for the store, for who watches, and for the two who talk. */
const settle = (deps: StealDeps, taking: Taking, picked: Leg): void => {
  const { call, talk, leg: replaced, other: remaining } = taking.talking;
  const by = { picker: taking.picker, method: 'replaces' } as const;
  beside(call, deps.calls.stolen(call.record, by, show(taking)));
  const legs = talk.legs[0] === replaced ? ([picked, remaining] as const) : ([remaining, picked] as const);
  holdAgain(deps, call, { legs, result: 'picked_up' });
  call.log.info({ picker: taking.picker, replaced: taking.found.extension }, 'stolen');
};

/** The picker's dialog is in the place of the replaced one, and the one who remains talks to the picker. */
const show = ({
  talking: { call, leg: replaced, other },
  leg,
  picker,
  party,
  found: { dialog },
}: Taking): DialogChange[] => {
  const before = personAt(call, replaced).shown;
  const { shown: remaining, party: talksTo } = personAt(call, other);
  const { sipCallId, localTag, remoteTag, call: id, isPrivate } = before?.dialog ?? dialog;
  const replaces = { sipCallId, ...(localTag && { localTag }), ...(remoteTag && { remoteTag }) };
  const now = { ...leg.ids, call: id, direction: 'initiator', state: 'confirmed', isHeld: false, isPrivate } as const;
  return [
    ...(before ? call.dialogs.end(before.dialog.id, { event: 'replaced' }) : []),
    ...call.dialogs.show(picker, {
      ...now,
      ...{ id: `${id}-${leg.ids.remoteTag}`, remote: shownParty(talksTo), since: Date.now(), replaces },
    }),
    ...(remaining ? call.dialogs.show(remaining.extension, { ...remaining.dialog, remote: shownParty(party) }) : []),
  ];
};
