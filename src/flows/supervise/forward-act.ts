import type { DialogIds } from '../../domain/dialog.js';
import type { CallId, Extension, InstanceId } from '../../domain/names.js';
import type { Tenant } from '../../domain/office.js';
import { type Refusal, refusals } from '../../domain/outcome.js';
import type { ForwardedAct } from '../act-request.js';
import { type HandOnDeps, handOn } from '../hand-on.js';
import type { IncomingLeg, Legs, Log, Owners, Party } from '../ports.js';
import type { Taken } from '../take-call.js';
import { handedLeg } from './handed-leg.js';

/** What handing an act on needs. */
export interface ForwardActDeps extends HandOnDeps {
  readonly legs: Pick<Legs, 'forwardAct' | 'join'>;
  readonly owners: Owners;
  readonly log: Log;
}

/** Somebody who may act on an answered call, which another instance holds. */
export interface ForwardingAct {
  readonly tenant: Tenant;
  readonly act: ForwardedAct;
  readonly asker: Extension;
  readonly party: Party;
  readonly leg: IncomingLeg;
  readonly extension: Extension;
  readonly owner: InstanceId;
  readonly call: CallId;
  readonly ids?: DialogIds | undefined;
}

/** The owner may have to move the call onto a media server first: so long, in milliseconds, may it take to answer. */
const ownerDeadline = 10_000;

/**
 * Has the instance that holds an answered call do what is asked for by somebody who came here (DESIGN 3.10); this one stays
 * between the phone and the owner. Gives no final no itself. Refusals: the owner's own, `owner-unreachable`, `picker-gone`.
 */
export const makeForwardAct =
  (deps: ForwardActDeps) =>
  async (forwarding: ForwardingAct): Promise<Taken> => {
    const { call, owner, act } = forwarding;
    const taken = await forward(deps, forwarding).catch((error): Taken => {
      deps.log.warn({ callId: call, owner, error: String(error) }, 'act not forwarded');
      return unreachable;
    });
    deps.log.info({ callId: call, owner, act, taken: taken.ok }, 'act handed to the owner');
    return taken;
  };

const unreachable: Taken = { ok: false, refusal: 'owner-unreachable' };

const forward = async (deps: ForwardActDeps, { leg, owner: instance, ...act }: ForwardingAct): Promise<Taken> => {
  const owner = await deps.owners.find(instance);
  if (owner === undefined) return unreachable;
  const asked = deps.legs.forwardAct({ ...act, owner, askerIds: leg.ids, offer: leg.offer });
  // The owner is the middle of the conference, but the phone knows only us.
  const phone = act.act === 'barge' ? handedLeg(leg, { as: 'focus' }) : leg;
  const handed = await handOn(deps, { phone, owner: asked, party: act.party }, ownerDeadline);
  if (handed.kind === 'joined') return { ok: true };
  return { ok: false, refusal: handed.kind === 'gone' ? 'picker-gone' : refusalOf(handed) };
};

/** The owner names its refusal; what something on the way has said is none of it. */
const refusalOf = ({ status, reason }: { status: number; reason?: string | undefined }): Refusal => {
  if (status === 487) return 'picker-gone';
  return refusals.find((each) => each === reason) ?? 'owner-unreachable';
};
