import type { GroupId } from '../../../domain/group.js';
import type { Extension } from '../../../domain/names.js';
import type { Tenant } from '../../../domain/office.js';
import { decide } from '../../../domain/policy.js';
import type { Grant, Target } from '../../../domain/rules/rule.js';
import type { TokenGrant } from '../../../domain/token.js';
import type { UserId } from '../../../domain/user.js';

/** Who looks at calls, or wants one: a whole company's program, or (PERSONAL) one extension's. */
export interface Viewer {
  readonly tenant: Tenant;
  /** Whom a PERSONAL token acts as; undefined sees the company. */
  readonly extension?: Extension;
  /** Whose token it is, where it is a PERSONAL one's. */
  readonly user?: UserId | undefined;
}

/** What must be known of a call to say who may see it. */
export interface Parties {
  readonly target: Extension;
  /** At whose phones a group's call rings. */
  readonly ringsAt?: readonly Extension[];
  /** At whose phones it has rung so far. */
  readonly rung?: readonly Extension[];
  /** Which groups it came through, where their controllers may have it. */
  readonly groups?: readonly GroupId[];
  /** The caller's extension; undefined or empty for a caller from outside. */
  readonly caller?: string;
  readonly picker?: Extension;
  readonly isPrivate: boolean;
  /** The caller is not to be told, so nobody is shown the call for knowing the caller. */
  readonly isAnonymous: boolean;
}

/** Who looks with this token. */
export const viewerOf = (tenant: Tenant, token: TokenGrant): Viewer => {
  const { role, extension } = token;
  return role === 'PERSONAL' && extension !== undefined
    ? { tenant, extension, user: userOf(tenant, token) }
    : { tenant };
};

/** Whose user a token stands for: its own, or the owner of its extension; undefined is the company itself. */
export const userOf = (tenant: Tenant, { user, extension }: TokenGrant): UserId | undefined =>
  user ?? (extension === undefined ? undefined : tenant.extensions.get(extension)?.user);

/** Nobody but its parties may see, watch or take the call. */
const isClosed = ({ extensions }: Tenant, { isPrivate, target }: Parties): boolean =>
  isPrivate || extensions.get(target)?.isPrivate === true;

/** True if the viewer is one of the call's parties. */
export const isParty = ({ extension }: Viewer, { target, ringsAt = [], rung = [], caller, picker }: Parties): boolean =>
  extension !== undefined && [target, ...ringsAt, ...rung, caller, picker].includes(extension);

/** True if the viewer may know of the call and its parties (act `view-other-party`); private calls are their parties' own. */
export const maySee = (viewer: Viewer, call: Parties): boolean => {
  const { tenant, extension: picker } = viewer;
  if (isParty(viewer, call)) return true;
  if (isClosed(tenant, call)) return false;
  if (picker === undefined) return true;
  const { target, ringsAt = [] } = call;
  const known = [
    target,
    ...ringsAt,
    call.picker,
    call.isAnonymous ? undefined : (call.caller as Extension | undefined),
  ];
  return known.some(
    (number) =>
      number !== undefined &&
      tenant.extensions.has(number) &&
      decide({ tenant, picker, act: 'view-other-party', target: { kind: 'extension', number }, by: 'number' }).ok,
  );
};

/** The yes to a pickup: which model said it, and whether the target had to be named. */
export interface PickupGrant {
  readonly grant: Grant;
  readonly by: 'number' | 'group';
}

/** Why this extension may take a call that rings, or undefined if it may not; without a number is tried first. */
export const pickupGrant = (tenant: Tenant, picker: Extension, call: Parties): PickupGrant | undefined => {
  if (call.caller === picker) return undefined;
  if (isClosed(tenant, call) && call.target !== picker) return undefined;
  const targets: Target[] = [
    ...(call.ringsAt ?? [call.target]).map((number) => ({ kind: 'extension' as const, number })),
    ...(call.groups ?? []).map((id) => ({ kind: 'group' as const, id })),
  ];
  for (const by of ['group', 'number'] as const) {
    for (const target of targets) {
      const decision = decide({ tenant, picker, act: 'pickup', target, by });
      if (decision.ok) return { grant: decision.grant, by };
    }
  }
  return undefined;
};

/**
 * True if the viewer may know of the call, or may take it while it rings: who may take it is shown whose it is when the
 * phone rings, so hiding it before would hide nothing.
 */
export const maySeeOrPick = (viewer: Viewer, call: Parties): boolean =>
  maySee(viewer, call) ||
  (viewer.extension !== undefined && pickupGrant(viewer.tenant, viewer.extension, call) !== undefined);
