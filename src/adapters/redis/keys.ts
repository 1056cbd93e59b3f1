import type { CallId, Extension, InstanceId, TenantId } from '../../domain/names.js';

/**
 * Every key, its type and its end. All keys of one tenant share one hash tag, so that a script may touch several of
 * them on a Redis Cluster, and no tenant's key can be another's. Parts come from checked names only: text from outside
 * never becomes part of a key.
 */
export const keys = {
  /** What every key of the tenant begins with; scripts make `call:` and `dialog:` keys from it. */
  prefix: (tenant: TenantId) => `cp:{${tenant}}:`,

  /** hash: state, owner, caller, target, ringingAt, claim, picker, claimedUntil. Lapses with its owner's lease. */
  call: (tenant: TenantId, call: CallId) => `cp:{${tenant}}:call:${call}`,

  /** sorted set: call ids by the millisecond they began to ring. Lapses with the last lease. */
  ringing: (tenant: TenantId, extension: Extension) => `cp:{${tenant}}:ringing:${extension}`,

  /** hash: leg id to early dialog as JSON. Lapses with the last lease. */
  legs: (tenant: TenantId, extension: Extension) => `cp:{${tenant}}:legs:${extension}`,

  /** string: `extension call leg` of the callee leg with this SIP Call-ID, which is always one of ours. */
  dialog: (tenant: TenantId, sipCallId: string) => `cp:{${tenant}}:dialog:${sipCallId}`,

  /** string: where this instance takes SIP, as a URI. Lapses with the instance. */
  instance: (instance: InstanceId) => `cp:instance:${instance}`,

  /** string: what instances sign with when they hand a claimed call to its owner. Stays. */
  secret: 'cp:secret',

  /** hash: binding id to binding as JSON. Expires with the last registration. */
  bindings: (tenant: TenantId, extension: Extension) => `cp:{${tenant}}:bindings:${extension}`,
};
