import type { DialogIds } from '../../domain/dialog.js';
import {
  type CallId,
  type ClaimToken,
  type Extension,
  readExtension,
  readTenantId,
  type TenantId,
} from '../../domain/names.js';
import type { PickupKind } from '../../domain/outcome.js';
import { idsText, longestSealed, readIds, seal, unseal } from './seal.js';

/** The header that hands a claimed call to its owner. */
export const claimHeader = 'X-Callpickup-Claim';

/** What the header says: this picker has won this call of this tenant. */
export interface SealedClaim {
  readonly tenant: TenantId;
  readonly call: CallId;
  readonly token: ClaimToken;
  readonly picker: Extension;
  readonly method: PickupKind;
  /** The dialog of the picker's phone with the other instance; absent if its Call-ID was too long. */
  readonly pickerIds?: DialogIds;
}

const idForm = /^[0-9a-f-]{36}$/;

const version = 'v3';

/** Seals a claim for the owner of the call: only who knows the instances' secret can have written it. */
export const sealClaim = (claim: SealedClaim, secret: string, now = Date.now()): string => {
  const words = [claim.tenant, claim.call, claim.token, claim.picker, claim.method];
  const sealed = seal({ version, words: [...words, idsText(claim.pickerIds)] }, secret, now);
  return sealed.length <= longestSealed ? sealed : seal({ version, words: [...words, '-'] }, secret, now);
};

/** Reads a sealed claim; undefined if it is not one, is not ours, or is too old. */
export const openClaim = (header: string, secret: string, now = Date.now()): SealedClaim | undefined => {
  const words = unseal({ header, version }, secret, now);
  if (!words) return undefined;
  const [tenantName = '', call = '', token = '', number = '', method = '', ids = ''] = words;
  const [tenant, picker] = [readTenantId(tenantName), readExtension(number)];
  if (!tenant || !picker || !idForm.test(call) || !idForm.test(token)) return undefined;
  const claim = { tenant, picker, call: call as CallId, token: token as ClaimToken, method: method as PickupKind };
  const pickerIds = readIds(ids);
  return { ...claim, ...(pickerIds && { pickerIds }) };
};
