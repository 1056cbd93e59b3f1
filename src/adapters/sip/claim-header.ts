import { createHmac } from 'node:crypto';
import {
  type CallId,
  type ClaimToken,
  type Extension,
  readExtension,
  readTenantId,
  type TenantId,
} from '../../domain/names.js';
import type { PickupKind } from '../../domain/outcome.js';
import { sameText } from './same-text.js';

/** The header that hands a claimed call to its owner. */
export const claimHeader = 'X-Callpickup-Claim';

/** What the header says: this picker has won this call of this tenant. */
export interface SealedClaim {
  readonly tenant: TenantId;
  readonly call: CallId;
  readonly token: ClaimToken;
  readonly picker: Extension;
  readonly method: PickupKind;
}

/** How long a sealed claim may be on its way, in milliseconds; instances' clocks may differ by some of it. */
const life = 30_000;

const idForm = /^[0-9a-f-]{36}$/;

/** Seals a claim for the owner of the call: only who knows the instances' secret can have written it. */
export const sealClaim = (claim: SealedClaim, secret: string, now = Date.now()): string => {
  const text = ['v2', now, claim.tenant, claim.call, claim.token, claim.picker, claim.method].join(' ');
  return `${text} ${sign(text, secret)}`;
};

/** Reads a sealed claim; undefined if it is not one, is not ours, or is too old. */
export const openClaim = (header: string, secret: string, now = Date.now()): SealedClaim | undefined => {
  const end = header.lastIndexOf(' ');
  const [text, seal] = [header.slice(0, end), header.slice(end + 1)];
  if (header.length > 400 || !sameText(sign(text, secret), seal)) return undefined;
  const [version, time, tenantName = '', call = '', token = '', number = '', method = ''] = text.split(' ');
  const [tenant, picker] = [readTenantId(tenantName), readExtension(number)];
  if (version !== 'v2' || Math.abs(now - Number(time)) > life || !tenant || !picker) return undefined;
  if (!idForm.test(call) || !idForm.test(token)) return undefined;
  return { tenant, picker, call: call as CallId, token: token as ClaimToken, method: method as PickupKind };
};

const sign = (text: string, secret: string): string => createHmac('sha256', secret).update(text).digest('hex');
