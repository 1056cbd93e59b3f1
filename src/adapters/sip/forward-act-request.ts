import { domainOf } from '../../domain/office.js';
import type { ActRequest } from '../../flows/act-request.js';
import type { DialRequest } from '../../flows/ports.js';
import { actHeader, newOnce, sealAct } from './act-header.js';

/** The INVITE that hands somebody who acts on an answered call to the owner of the call. */
export const forwardActRequest = (request: ActRequest, secret: string): DialRequest => {
  const { owner, tenant, act, asker, party, extension, call, ids, askerIds, offer } = request;
  const named = { tenant: tenant.id, act, asker, extension, call, ...(ids && { ids }), askerIds };
  const sealed = sealAct({ ...named, once: newOnce() }, secret);
  return {
    ...{ call, uri: owner, path: [], caller: party, offer },
    callee: { number: extension, domain: domainOf(tenant) },
    passed: { [actHeader]: sealed },
    isOurs: true,
    onRinging: () => undefined,
  };
};
