import type { DialogChange, DialogIds } from '../domain/dialog.js';
import type { Extension, InstanceId } from '../domain/names.js';
import type { Tenant } from '../domain/office.js';
import type { PickupKind, Refusal } from '../domain/outcome.js';
import { decide } from '../domain/policy.js';
import { type ReplaceDeps, replaceParty } from './anchor/replace-party.js';
import type { Anchoring } from './anchoring.js';
import type { FoundDialog } from './dialog-directory.js';
import { beside } from './held-call.js';
import type { Talking } from './live-calls.js';
import { shownCaller } from './party.js';
import type { IncomingLeg, Leg, Log, Party } from './ports.js';
import { shownParty } from './shown-dialogs.js';
import type { Taken } from './take-call.js';
import { dismiss, holdAgain } from './transfer/held-again.js';
import { personAt } from './transfer/person.js';

/** A phone that wants the place of another one in a connected call (RFC 3891 section 3). */
export interface Stealing {
  readonly tenant: Tenant;
  readonly picker: Extension;
  readonly leg: IncomingLeg;
  /** The picker, as the one who remains is shown it. */
  readonly party: Party;
  readonly found: Extract<FoundDialog, { kind: 'dialog' }>;
  /** How it was asked for; `replaces` unless it is said. */
  readonly method?: PickupKind;
}

/** What stealing needs. */
export interface StealDeps extends ReplaceDeps {
  readonly anchoring: Pick<Anchoring, 'relax'>;
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
    const { found } = stealing;
    const refusal = refusalToSteal(stealing);
    if (refusal) return no(refusal);
    if (found.owner !== deps.self) {
      deps.log.info(
        { callId: found.dialog.call, owner: found.owner },
        'connected call of another instance, not stolen',
      );
      return no('already-answered');
    }
    await deps.live.joined(({ record }) => record.id === found.dialog.call);
    const talking = deps.live.talking(({ ids }) => isSame(ids, found.dialog));
    if (!talking) return no('already-answered');
    if (personAt(talking.call, talking.other).extension === stealing.picker) return no('own-call');

    const done = deps.live.move(talking.call);
    if (!done) return no('lost-race');
    const taken = await takePlace(deps, { ...stealing, talking }).finally(done);
    if (taken.ok) deps.anchoring.relax(talking.other, talking.leg);
    return taken;
  };

const no = (refusal: Refusal): Taken => ({ ok: false, refusal });

/** One's own call is taken over from another phone of the same extension without asking (RFC 3891 section 3, equivalent). */
export const refusalToSteal = ({
  tenant,
  picker,
  found: { extension, dialog },
}: Pick<Stealing, 'tenant' | 'picker' | 'found'>): Refusal | undefined => {
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
}

const takePlace = async (deps: StealDeps, taking: Taking): Promise<Taken> => {
  const { call, talk, leg: replaced, other: remaining } = taking.talking;
  talk.joint.part();
  const { leg: picker, party: pickerParty } = taking;
  const party = personAt(call, remaining).party;
  const picked = await replaceParty(deps, {
    call,
    replaced,
    remaining: { leg: remaining, party },
    picker,
    pickerParty,
  });
  if (!picked.ok) {
    holdAgain(deps, call, talk);
    return picked;
  }
  settle(deps, taking, picked.leg);
  void dismiss(deps, [replaced], { kind: 'elsewhere' });
  return { ok: true };
};

/** The picker has the call: for the store, for who watches, and for the two who talk. */
const settle = (deps: StealDeps, taking: Taking, picked: Leg): void => {
  const { call, talk, leg: replaced, other: remaining } = taking.talking;
  const { picker, method = 'replaces', found, party } = taking;
  const isCaller = talk.legs[0] === replaced;
  const shown = show(taking);
  if (isCaller) call.record = { ...call.record, ...shownCaller(party), caller: picker };
  beside(call, deps.calls.stolen(call.record, { picker, method, from: found.extension, isCaller }, shown));
  const legs = isCaller ? ([picked, remaining] as const) : ([remaining, picked] as const);
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
