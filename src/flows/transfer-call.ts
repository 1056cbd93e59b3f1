import type { DialogIds } from '../domain/dialog.js';
import { groupOfNumber } from '../domain/hunt.js';
import { type Extension, readExtension, type TenantId } from '../domain/names.js';
import type { Tenant } from '../domain/office.js';
import type { Refusal } from '../domain/outcome.js';
import { decodeDialled, readDialled } from '../domain/service-code.js';
import type { Talking } from './live-calls.js';
import type { Leg } from './ports.js';
import { type JoinCallsDeps, transferAttended } from './transfer/attended-transfer.js';
import { type BlindTransfer, type Tell, transferBlind } from './transfer/blind-transfer.js';
import { personAt } from './transfer/person.js';

/** A phone in a call that asks for its other party to be connected with somebody else (REFER, RFC 3515). */
export interface Referral {
  /** The leg of who asks. */
  readonly leg: Leg;
  readonly to: ReferredTo;
  /** Headers of the request that the new party should see. */
  readonly passed: Readonly<Record<string, string>>;
}

/** To whom: a number of the same company, or who is at the other end of another of the phone's dialogs (RFC 3891). */
export type ReferredTo =
  | { kind: 'number'; user: string }
  | { kind: 'dialog'; readonly isMeant: (ids: DialogIds) => boolean };

/** The transfer that is going to be made, or why it is not. */
export type Following = { ok: true; follow(tell: Tell): Promise<void> } | No;

type No = { ok: false; refusal: Refusal };

/** What following a referral needs. */
export interface TransferDeps extends JoinCallsDeps {
  /** The company as it is now: its rules may have changed since the call began. */
  readonly tenant: (id: TenantId) => Tenant | undefined;
  readonly isDraining: () => boolean;
}

/**
 * Says at once whether a transfer is made, and makes it when asked to. Who refers must be at an extension; the target is
 * what that one may call itself, or another of its own calls that this instance holds. Refusals: `not-available` (a call
 * of another instance, or a service code), `not-allowed`, `unknown-extension`, `no-such-dialog`, `draining`, and
 * `lost-race` while somebody else moves one of the calls.
 */
export const makeTransferCall =
  (deps: TransferDeps) =>
  (referral: Referral): Following => {
    const talking = deps.live.talking((leg) => leg === referral.leg);
    if (!talking) return no('not-available');
    if (talking.isMoving) return no('lost-race');
    const tenant = deps.tenant(talking.call.tenant.id);
    const referrer = personAt(talking.call, talking.leg).extension;
    if (!tenant || !referrer || !tenant.extensions.has(referrer)) return no('not-allowed');
    const { to, passed } = referral;
    return to.kind === 'dialog'
      ? attended(deps, { talking, referrer, isMeant: to.isMeant })
      : blind(deps, { talking, tenant, user: to.user, passed });
  };

const no = (refusal: Refusal): No => ({ ok: false, refusal });

interface Blind {
  readonly talking: Talking;
  readonly tenant: Tenant;
  readonly user: string;
  readonly passed: Referral['passed'];
}

const blind = (deps: TransferDeps, { talking, tenant, user, passed }: Blind): Following => {
  const target = targetOf(tenant, user);
  if ('refusal' in target) return target;
  if (deps.isDraining()) return no('draining');
  return moving(deps, [talking], (tell) => transferBlind(deps, { talking, tenant, passed, ...target }, tell));
};

/** Where the one who refers could call itself: an extension, a group, or a number that the company's trunk may know. */
const targetOf = (tenant: Tenant, user: string): Pick<BlindTransfer, 'target' | 'group' | 'trunk'> | No => {
  const number = decodeDialled(user);
  if (number === undefined) return no('unknown-extension');
  if (readDialled(number, tenant.codes).kind === 'service') return no('not-available');
  const target = readExtension(number);
  if (!target) return no('unknown-extension');
  if (tenant.extensions.has(target)) return { target };
  const group = groupOfNumber(tenant, target);
  if (group) return { target, group };
  return tenant.trunk === undefined ? no('unknown-extension') : { target, trunk: tenant.trunk };
};

interface Attended {
  readonly talking: Talking;
  readonly referrer: Extension;
  readonly isMeant: (ids: DialogIds) => boolean;
}

/** Knowing the ids of a dialog is no permission: the other call must be the same extension's too (protocol.md R15). */
const attended = (deps: TransferDeps, { talking, referrer, isMeant }: Attended): Following => {
  const other = deps.live.talking(({ ids }) => isMeant(ids));
  if (!other || other.call === talking.call || other.call.tenant.id !== talking.call.tenant.id) {
    return no('no-such-dialog');
  }
  if (personAt(other.call, other.leg).extension !== referrer) return no('no-such-dialog');
  return moving(deps, [talking, other], (tell) => transferAttended(deps, [talking, other], tell));
};

/** One transfer at a time of a call, and nobody is left hanging whatever goes wrong. */
const moving = (deps: TransferDeps, all: readonly Talking[], transfer: (tell: Tell) => Promise<void>): Following => {
  const rights = all.map(({ call }) => deps.live.move(call));
  const giveBack = () => {
    for (const done of rights) done?.();
  };
  if (rights.includes(undefined)) {
    giveBack();
    return no('lost-race');
  }
  const follow = async (tell: Tell): Promise<void> => {
    try {
      await transfer(tell);
    } catch (error) {
      deps.log.error({ error: error instanceof Error ? error.stack : String(error) }, 'surprise');
      await Promise.all(all.flatMap(({ talk }) => talk.legs).map((leg) => leg.end(failed)));
    } finally {
      giveBack();
    }
  };
  return { ok: true, follow };
};

const failed = { kind: 'failure', text: 'Transfer Failed' } as const;
