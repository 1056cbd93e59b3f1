import { randomBytes } from 'node:crypto';
import type { DialogIds } from '../../domain/dialog.js';
import { type CallId, type Extension, readExtension, readTenantId, type TenantId } from '../../domain/names.js';
import { type ForwardedAct, forwardedActs } from '../../flows/act-request.js';
import { idsText, longestSealed, readIds, seal, unseal } from './seal.js';

/** The header that hands somebody who wants to take part in an answered call, or to have it, to the owner of the call. */
export const actHeader = 'X-Callpickup-Act';

/** What the header says: another instance has asked the rules, and lets this extension do this. */
export interface SealedAct {
  readonly tenant: TenantId;
  readonly act: ForwardedAct;
  readonly asker: Extension;
  /** Whose side of the call is meant. */
  readonly extension: Extension;
  readonly call: CallId;
  /** The dialog that was named; absent if none was, or if its ids were too long. */
  readonly ids?: DialogIds;
  /** The dialog of the asker's phone with the other instance; absent if its ids were too long. */
  readonly askerIds?: DialogIds;
  /** Said by no other header: who has overheard it cannot ask again. */
  readonly once: string;
}

const callForm = /^[0-9a-f-]{36}$/;

const version = 'a1';

/** What is said by one header only. */
export const newOnce = (): string => randomBytes(9).toString('base64url');

/** Seals an act for the owner of the call; ids that do not fit are left out. */
export const sealAct = (act: SealedAct, secret: string, now = Date.now()): string => {
  const words = [act.once, act.tenant, act.act, act.asker, act.extension, act.call];
  const sealed = (ids?: DialogIds, askerIds?: DialogIds) =>
    seal({ version, words: [...words, idsText(ids), idsText(askerIds)] }, secret, now);
  const fits = (text: string) => text.length <= longestSealed;
  return [sealed(act.ids, act.askerIds), sealed(act.ids)].find(fits) ?? sealed();
};

/** Reads a sealed act; undefined if it is not one, is not ours, or is too old. */
export const openAct = (header: string, secret: string, now = Date.now()): SealedAct | undefined => {
  const words = unseal({ header, version }, secret, now);
  if (!words) return undefined;
  const [once = '', tenantName = '', name, number = '', other = '', call = '', named = '', own = ''] = words;
  const act = forwardedActs.find((each) => each === name);
  const [tenant, asker, extension] = [readTenantId(tenantName), readExtension(number), readExtension(other)];
  if (!tenant || !act || !asker || !extension || !callForm.test(call)) return undefined;
  const [ids, askerIds] = [readIds(named), readIds(own)];
  return {
    once,
    tenant,
    act,
    asker,
    extension,
    call: call as CallId,
    ...(ids && { ids }),
    ...(askerIds && { askerIds }),
  };
};
