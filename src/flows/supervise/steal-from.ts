import type { CallId, Extension, InstanceId } from '../../domain/names.js';
import type { Tenant } from '../../domain/office.js';
import { outcomeOf, type Refusal } from '../../domain/outcome.js';
import { decide } from '../../domain/policy.js';
import type { FoundDialog } from '../dialog-directory.js';
import type { LiveCalls, Talking } from '../live-calls.js';
import type { IncomingLeg, Meter, Party } from '../ports.js';
import type { Stealing } from '../steal-call.js';
import type { Taken } from '../take-call.js';
import { personAt } from '../transfer/person.js';
import { sideOf } from './colleague.js';
import type { FindElsewhere } from './elsewhere.js';

/** Somebody who wants the connected call of an extension, and names no dialog of it. */
export interface StealFrom {
  readonly tenant: Tenant;
  readonly picker: Extension;
  readonly leg: IncomingLeg;
  /** The picker, as the one who remains is shown it. */
  readonly party: Party;
  /** Whose phone is to lose the call. */
  readonly extension: Extension;
  /** Only this call will do. */
  readonly call?: CallId | undefined;
}

/** What stealing from an extension needs. */
export interface StealFromDeps {
  readonly live: Pick<LiveCalls, 'talks' | 'joined'>;
  readonly self: InstanceId;
  readonly meter: Pick<Meter, 'supervised'>;
  /** Wherever the call is held. */
  readonly steal: (stealing: Stealing) => Promise<Taken>;
  readonly findElsewhere: FindElsewhere;
}

/**
 * Puts the picker in the place of a phone that talks, found by its extension; of several calls the one connected last.
 * Counted as an act. Refusals: those of the policy, `no-call`, and those of `stealCall`.
 */
export const makeStealFrom =
  (deps: StealFromDeps) =>
  async (asked: StealFrom): Promise<Taken> => {
    const taken = await steal(deps, asked);
    deps.meter.supervised('steal', taken.ok ? 'answered' : outcomeOf(taken.refusal));
    return taken;
  };

const steal = async (deps: StealFromDeps, asked: StealFrom): Promise<Taken> => {
  const { tenant, picker, leg, party, extension, call } = asked;
  const refusal = refusalOfSteal(asked);
  if (refusal) return { ok: false, refusal };
  const side = await sideOf(deps.live, { tenant: tenant.id, extension, call });
  const found = side ? foundOf(side, extension, deps.self) : await foundElsewhere(deps, asked);
  if (typeof found === 'string') return { ok: false, refusal: found };
  return deps.steal({ tenant, picker, leg, party, found, method: 'steal' });
};

const foundElsewhere = async (
  { findElsewhere }: StealFromDeps,
  { tenant, extension, call }: StealFrom,
): Promise<Connected | Refusal> => {
  const there = await findElsewhere({ tenant: tenant.id, extension, call });
  if (there === undefined || there === 'store-unreachable') return there ?? 'no-call';
  return { kind: 'dialog', extension, dialog: there.dialog, target: extension, owner: there.owner, state: 'connected' };
};

/** Asked before anybody looks for a call; one's own is taken over from another phone without asking (0012). */
export const refusalOfSteal = ({
  tenant,
  picker,
  extension,
}: Pick<StealFrom, 'tenant' | 'picker' | 'extension'>): Refusal | undefined => {
  if (picker === extension) return undefined;
  const target = { kind: 'extension', number: extension } as const;
  const decision = decide({ tenant, picker, act: 'steal', target, by: 'number' });
  return decision.ok ? undefined : decision.refusal;
};

type Connected = Extract<FoundDialog, { kind: 'dialog' }>;

/** What the directory would say of it; the leg's own ids, for a picker at another instance is shown by its dialog there. */
export const foundOf = ({ call, leg }: Talking, extension: Extension, owner: InstanceId): Connected | 'no-call' => {
  const { shown } = personAt(call, leg);
  if (!shown) return 'no-call';
  const dialog = { ...shown.dialog, ...leg.ids };
  return { kind: 'dialog', extension, dialog, target: call.record.target, owner, state: 'connected' };
};
