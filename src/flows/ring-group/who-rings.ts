import { type Absence, absenceOf } from '../../domain/absence.js';
import type { Dialog } from '../../domain/dialog.js';
import type { Extension, TenantId } from '../../domain/names.js';
import type { Tenant } from '../../domain/office.js';
import { presenceOf, wantsNoCalls } from '../../domain/presence.js';
import type { LiveCall } from '../live-call.js';
import type { Binding } from '../ports.js';

/** What finding the phones of members needs. */
export interface WhoRingsDeps {
  /** The company as it is now: who has gone away since the call began is left alone. */
  readonly tenant: (id: TenantId) => Tenant | undefined;
  /** Rejects if the store cannot be reached. */
  readonly phones: (tenant: TenantId, extension: Extension) => Promise<readonly Binding[]>;
  /** The phones last seen, for then. */
  readonly knownPhones: (tenant: TenantId, extension: Extension) => readonly Binding[];
  /** The dialogs of an extension's phones, wherever they are held. Rejects if the store cannot be reached. */
  readonly dialogsOf: (tenant: TenantId, extension: Extension) => Promise<readonly Dialog[]>;
}

/** Whose phones are to ring. */
export interface Member {
  readonly extension: Extension;
  readonly phones: readonly Binding[];
}

/** Who of these rings, and why the others do not. */
export interface WhoRings {
  readonly members: readonly Member[];
  readonly absent: readonly Absence[];
}

/** Looks at members as they are now, all at once. Without the store they ring at the phones last seen, busy or not. */
export const whoRings = async (
  deps: WhoRingsDeps,
  call: LiveCall,
  extensions: readonly Extension[],
): Promise<WhoRings> => {
  const all = await Promise.all(extensions.map((extension) => lookAt(deps, call, extension)));
  return {
    members: all.filter((each) => typeof each !== 'string'),
    absent: all.filter((each) => typeof each === 'string'),
  };
};

const lookAt = async (deps: WhoRingsDeps, call: LiveCall, extension: Extension): Promise<Member | Absence> => {
  const { record } = call;
  const tenant = companyOf(deps, call);
  const [phones, dialogs] = await Promise.all([
    phonesOf(deps, call, extension),
    deps.dialogsOf(tenant.id, extension).catch(() => []),
  ]);
  const isCaller = record.caller === extension;
  const now = { isCaller, presence: presenceOf(tenant, extension), phones: phones.length, dialogs };
  return absenceOf(record.id, now) ?? { extension, phones };
};

/** An extension that a group goes on to rings as if it had been called itself, busy or not. */
export const ringsAlone = async (deps: WhoRingsDeps, call: LiveCall, extension: Extension): Promise<WhoRings> => {
  if (wantsNoCalls(companyOf(deps, call), extension)) return { members: [], absent: ['do-not-disturb'] };
  const phones = await phonesOf(deps, call, extension);
  return phones.length > 0
    ? { members: [{ extension, phones }], absent: [] }
    : { members: [], absent: ['unregistered'] };
};

const companyOf = (deps: WhoRingsDeps, { tenant }: LiveCall): Tenant => deps.tenant(tenant.id) ?? tenant;

const phonesOf = async (deps: WhoRingsDeps, { tenant, log }: LiveCall, extension: Extension) => {
  try {
    return await deps.phones(tenant.id, extension);
  } catch (error) {
    log.warn({ error: String(error) }, 'store away, members ring at the phones last seen');
    return deps.knownPhones(tenant.id, extension);
  }
};
