import type { Extension, TenantId } from '../domain/names.js';
import type { Tenant } from '../domain/office.js';
import { decide } from '../domain/policy.js';
import type { ReplaceOutcome, ReplaceRefusal } from '../domain/replace-refusal.js';
import type { ReplaceWish } from '../domain/replace-wish.js';
import type { PhoneChanges, PinTries } from './phone-changes.js';
import type { Log } from './ports.js';

/** What became of a wish. */
export type Replaced = { ok: true; became: 'changed' | 'changed-back' } | { ok: false; refusal: ReplaceRefusal };

/** Somebody who wants another phone, or the own one again. */
export interface ReplaceRequest {
  readonly tenant: Tenant;
  readonly picker: Extension;
  /** What was dialled behind the code, undefined if it makes no sense. It may have a PIN in it: it is written nowhere. */
  readonly wish: ReplaceWish | undefined;
  /** Of the phone's INVITE; a program has none. */
  readonly sipCallId?: string;
}

/** What changing phones needs. */
export interface ReplacePhoneDeps {
  readonly changes: PhoneChanges;
  readonly tries: PinTries;
  /** Takes as long where there is no PIN to compare with. */
  readonly isPin: (pin: string, hash: string | undefined) => Promise<boolean>;
  /** This instance reads anew who has changed phones with whom. */
  readonly takeIn: (tenant: TenantId) => Promise<void>;
  /** Counts what became of each wish. */
  readonly replaced: (outcome: ReplaceOutcome) => void;
  readonly log: Log;
}

/** Changes phones, or changes them back. Never rejects. */
export type ReplacePhone = (request: ReplaceRequest) => Promise<Replaced>;

const no = (refusal: ReplaceRefusal): Replaced => ({ ok: false, refusal });

/**
 * Phone replace (UIS): an extension changes phones with another one by that one's PIN, until one of them changes back.
 * Calls under way stay at the phone that they are at.
 */
export const makeReplacePhone =
  (deps: ReplacePhoneDeps): ReplacePhone =>
  async (request) => {
    const log = deps.log.child(factsOf(request));
    const replaced = await carryOut(deps, request).catch((error) => {
      log.warn({ error: String(error) }, 'store away, phones not changed');
      return no('store-unreachable');
    });
    deps.replaced(replaced.ok ? replaced.became : replaced.refusal);
    if (!replaced.ok) {
      log.info({ refusal: replaced.refusal }, 'phones not changed');
      return replaced;
    }
    log.info({ became: replaced.became }, 'phones changed');
    // It is done whatever happens here: the store tells every instance, this one too.
    await deps
      .takeIn(request.tenant.id)
      .catch((error) => log.warn({ error: String(error) }, 'changed phones not read'));
    return replaced;
  };

/** Everything that may be told of it: the PIN is not. */
const factsOf = ({ tenant, picker, wish, sipCallId }: ReplaceRequest) => ({
  ...{ tenant: tenant.id, extension: picker },
  ...(sipCallId !== undefined && { sipCallId }),
  ...(wish?.kind === 'change' && { other: wish.extension }),
});

const carryOut = async (deps: ReplacePhoneDeps, { tenant, picker, wish }: ReplaceRequest): Promise<Replaced> => {
  if (!wish) return no('number-too-short');
  return wish.kind === 'change' ? change(deps, { tenant, picker, wish }) : changeBack(deps, { tenant, picker });
};

interface Asking {
  readonly tenant: Tenant;
  readonly picker: Extension;
}

interface AskingForAnother extends Asking {
  readonly wish: Extract<ReplaceWish, { kind: 'change' }>;
}

/** The rules are asked before the PIN: who may not change phones tries no PINs either. */
const change = async (deps: ReplacePhoneDeps, { tenant, picker, wish }: AskingForAnother): Promise<Replaced> => {
  const { extension: target, pin } = wish;
  const asked = { kind: 'extension', number: target } as const;
  const decision = decide({ tenant, picker, act: 'replace', target: asked, by: 'number' });
  if (!decision.ok) return no(decision.refusal === 'unknown-extension' ? 'unknown-extension' : 'not-allowed');
  if (tenant.extensions.get(picker)?.changedWith !== undefined) return no('changed-already');
  const made = { tenant: tenant.id, picker, target };
  if (!(await deps.tries.begin(made))) return no('locked');
  if (!(await deps.isPin(pin, tenant.extensions.get(target)?.replacePin))) return no('wrong-pin');
  await deps.tries.forgive(made);
  const isChanged = await deps.changes.change(tenant.id, picker, target);
  return isChanged ? { ok: true, became: 'changed' } : no('changed-already');
};

/** Either of the two may, and needs neither a PIN nor a rule: it gives each its own phones again. */
const changeBack = async ({ changes }: ReplacePhoneDeps, { tenant, picker }: Asking): Promise<Replaced> => {
  const other = await changes.changeBack(tenant.id, picker);
  return other === undefined ? no('not-changed') : { ok: true, became: 'changed-back' };
};
