import { createHmac } from 'node:crypto';
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
  /** The dialog of the picker's phone with the other instance; absent if its Call-ID was too long. */
  readonly pickerIds?: DialogIds;
}

/** How long a sealed claim may be on its way, in milliseconds; instances' clocks may differ by some of it. */
const life = 30_000;

/** So long may the header be: drachtio-server takes no frame of 4 KB (DESIGN 3.11). */
const longest = 700;

const idForm = /^[0-9a-f-]{36}$/;

/** Seals a claim for the owner of the call: only who knows the instances' secret can have written it. */
export const sealClaim = (claim: SealedClaim, secret: string, now = Date.now()): string => {
  const text = ['v3', now, claim.tenant, claim.call, claim.token, claim.picker, claim.method].join(' ');
  const sealed = seal(`${text} ${idsText(claim.pickerIds)}`, secret);
  return sealed.length <= longest ? sealed : seal(`${text} -`, secret);
};

const seal = (text: string, secret: string): string => `${text} ${sign(text, secret)}`;

/** Phones choose Call-IDs and tags: in the header they stand where nothing of them can be mistaken. */
const idsText = (ids: DialogIds | undefined): string =>
  ids ? Buffer.from(JSON.stringify([ids.sipCallId, ids.localTag, ids.remoteTag])).toString('base64url') : '-';

/** Reads a sealed claim; undefined if it is not one, is not ours, or is too old. */
export const openClaim = (header: string, secret: string, now = Date.now()): SealedClaim | undefined => {
  const end = header.lastIndexOf(' ');
  const [text, shown] = [header.slice(0, end), header.slice(end + 1)];
  if (header.length > longest || !sameText(sign(text, secret), shown)) return undefined;
  const [version, time, tenantName = '', call = '', token = '', number = '', method = '', ids = ''] = text.split(' ');
  const [tenant, picker] = [readTenantId(tenantName), readExtension(number)];
  if (version !== 'v3' || Math.abs(now - Number(time)) > life || !tenant || !picker) return undefined;
  if (!idForm.test(call) || !idForm.test(token)) return undefined;
  const claim = { tenant, picker, call: call as CallId, token: token as ClaimToken, method: method as PickupKind };
  const pickerIds = readIds(ids);
  return { ...claim, ...(pickerIds && { pickerIds }) };
};

const readIds = (text: string): DialogIds | undefined => {
  if (text === '-') return undefined;
  const [sipCallId, localTag, remoteTag] = JSON.parse(Buffer.from(text, 'base64url').toString()) as (string | null)[];
  if (!sipCallId) return undefined;
  return { sipCallId, ...(localTag && { localTag }), ...(remoteTag && { remoteTag }) };
};

const sign = (text: string, secret: string): string => createHmac('sha256', secret).update(text).digest('hex');
