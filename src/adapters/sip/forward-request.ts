import { domainOf } from '../../domain/office.js';
import type { DialRequest, ForwardRequest } from '../../flows/ports.js';
import { claimHeader, sealClaim } from './claim-header.js';

/** The INVITE that hands a claimed call's picker to the owner of the call. */
export const forwardRequest = (request: ForwardRequest, secret: string): DialRequest => {
  const { owner, tenant, claim, by, pickerParty, pickerIds, offer } = request;
  const sealed = sealClaim({ tenant: tenant.id, call: claim.call, token: claim.token, ...by, pickerIds }, secret);
  return {
    call: claim.call,
    uri: owner,
    path: [],
    caller: pickerParty,
    callee: { number: claim.target, domain: domainOf(tenant) },
    offer,
    passed: { [claimHeader]: sealed },
    isOurs: true,
    onRinging: () => undefined,
  };
};
