import type { CallHistory } from '../domain/call-history.js';
import type { DialogChange } from '../domain/dialog.js';
import type { GroupId } from '../domain/group.js';
import type { CallId, Extension, InstanceId, TenantId } from '../domain/names.js';

/** What the owner of a call and every other instance know of it. */
export interface CallCore {
  readonly id: CallId;
  readonly tenant: TenantId;
  readonly owner: InstanceId;
  /** What others may be shown of the caller; empty if the caller is anonymous. */
  readonly callerName: string;
  readonly callerNumber: string;
  /** The caller asked not to be shown (RFC 3323): neither name nor number may leave the service. */
  readonly isAnonymous: boolean;
  /** Nobody may take or watch the call. */
  readonly isPrivate: boolean;
  /** Whom the call is for: the number of a group while it rings there, then who answered. */
  readonly target: Extension;
  /** The number of the group that was called. */
  readonly group?: Extension;
  /** At whose phones a group's call rings or has rung last: pickers find it by these. */
  readonly ringsAt?: readonly Extension[];
  /** Which groups it came through: their controllers may have it wherever it rings. */
  readonly groups?: readonly GroupId[];
}

/** A call as its owner has the store keep it. */
export interface CallRecord extends CallCore {
  /** The caller's extension; empty for a caller from outside. */
  readonly caller: string;
  /** At whose phones it has rung so far: they hear what becomes of it. */
  readonly rung?: readonly Extension[];
}

/** A call that is over, with what happened to it where somebody has noted it. */
export interface EndedCall extends CallRecord {
  readonly history?: CallHistory;
}

/** A call that this instance holds, with its dialogs that are not over. */
export interface HeldCall extends CallRecord {
  readonly dialogs: readonly DialogChange[];
}
