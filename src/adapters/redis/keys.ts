import type { CallId, Extension, InstanceId, TenantId } from '../../domain/names.js';
import type { RingPlace } from '../../domain/ring-place.js';
import type { TokenId } from '../../domain/token.js';

/**
 * Every key, its type and its end. All keys of one tenant share one hash tag, so that a script may touch several of
 * them on a Redis Cluster, and no tenant's key can be another's. Parts come from checked names only: text from outside
 * never becomes part of a key.
 */
export const keys = {
  /** What every key of the tenant begins with; scripts make `call:`, `dialogs:` and `dialog:` keys from it. */
  prefix: (tenant: TenantId) => `cp:{${tenant}}:`,

  /**
   * hash: state, owner, caller, target, private, callerName, callerNumber, anonymous, startedAt, ringingAt, answeredAt,
   * claim, picker, claimedUntil; of a group's call group: its number, rings: the extensions where it rings or has rung last,
   * groups: those that it came through, where it may be picked up in them. Lapses with its owner's lease.
   */
  call: (tenant: TenantId, call: CallId) => `cp:{${tenant}}:call:${call}`,

  /** string: it was told that the call was lost with its owner. Expires after an hour. */
  lost: (tenant: TenantId, call: CallId) => `cp:{${tenant}}:lost:${call}`,

  /** sorted set: ids of all calls by the millisecond they began. Lapses with the last lease. */
  calls: (tenant: TenantId) => `cp:{${tenant}}:calls`,

  /** stream: what happened to calls. Expires an hour after the last. */
  news: (tenant: TenantId) => `cp:{${tenant}}:news`,

  /** hash: id to supervision as JSON. Lapses with the last lease. */
  supervisions: (tenant: TenantId) => `cp:{${tenant}}:supervisions`,

  /** hash: a pickup by program and how far it has come. Expires ten minutes after its time, or with its key. */
  order: (tenant: TenantId, order: string) => `cp:{${tenant}}:order:${order}`,

  /** string: the order made under a program's own key, of which this is the hash. Expires after a day. */
  orderKey: (tenant: TenantId, hash: string) => `cp:{${tenant}}:order-key:${hash}`,

  /** sorted set: call ids by the millisecond they began to ring; of `group:id` those that came through a group. Lapses with the last lease. */
  ringing: (tenant: TenantId, place: RingPlace) => `cp:{${tenant}}:ringing:${place}`,

  /** hash: `call dialog`, both ids, to the dialog as JSON; of the phones of this extension. Lapses with the last lease. */
  dialogs: (tenant: TenantId, extension: Extension) => `cp:{${tenant}}:dialogs:${extension}`,

  /** string: `extension call dialog` by the hash of a SIP Call-ID; `ended` for a minute after. */
  dialog: (tenant: TenantId, hash: string) => `cp:{${tenant}}:dialog:${hash}`,

  /** integer: grows with each message on the channel of dialogs. Stays. */
  dialogNumber: (tenant: TenantId) => `cp:{${tenant}}:dialog-number`,

  /** string: where this instance takes SIP, as a URI. Lapses with the instance. */
  instance: (instance: InstanceId) => `cp:instance:${instance}`,

  /** set: ids of all instances that have not said farewell. Stays. */
  instances: 'cp:instances',

  /** hash: hash of the secret, role, tenant, brand, extension, user, name, createdAt. Stays until it is revoked. */
  token: (id: TokenId) => `cp:token:${id}`,

  /** set: ids of all tokens. Stays. */
  tokens: 'cp:tokens',

  /** hash: version, document as JSON, seed and imported: where it came from. Stays. */
  office: (tenant: TenantId) => `cp:{${tenant}}:office`,

  /** hash: extension to what its people say of themselves, as JSON. Stays. */
  personal: (tenant: TenantId) => `cp:{${tenant}}:personal`,

  /** integer: wrong PINs dialled by, or for, this extension. Expires ten minutes after the last. */
  pinTries: (tenant: TenantId, who: 'picker' | 'target', extension: Extension) =>
    `cp:{${tenant}}:pin-tries:${who}:${extension}`,

  /** hash: as `office`, of what is not one company's. Stays. */
  installation: 'cp:installation',

  /** set: ids of all companies. Stays. */
  tenants: 'cp:tenants',

  /** string: what instances sign with when they hand a claimed call to its owner. Stays. */
  secret: 'cp:secret',

  /** hash: binding id to binding as JSON. Expires with the last registration. */
  bindings: (tenant: TenantId, extension: Extension) => `cp:{${tenant}}:bindings:${extension}`,
};

/** Every channel on which instances tell each other something. */
export const channels = {
  /** `id news`: what happened to a call of this tenant. */
  news: (tenant: TenantId) => `cp:news:${tenant}`,

  /** `number changes`: what became of dialogs of this tenant's extensions; the numbers have no gap. */
  dialogs: (tenant: TenantId) => `cp:dialogs:${tenant}`,

  /** `tenant acme`, `personal acme` or `installation`: what of the office has changed. */
  office: 'cp:office',

  /** `tenant number`: a phone that a push can wake has registered by this number. */
  woken: 'cp:woken',

  /** Orders for the instance that holds the call. */
  orders: (instance: InstanceId) => `cp:orders:${instance}`,
};
