import type { Extension } from '../domain/names.js';
import { domainOf, type Tenant } from '../domain/office.js';
import type { CallRecord, Party } from './ports.js';

/** An extension as the other party is shown it: by the name that the office gives it, never by what the phone says. */
export const extensionParty = (tenant: Tenant, number: Extension, isPrivate: boolean): Party => ({
  name: tenant.extensions.get(number)?.name ?? '',
  number,
  domain: domainOf(tenant),
  private: isPrivate,
});

/** What others may be shown of the caller (RFC 3323 section 4). */
export const shownCaller = ({
  name,
  number,
  private: isAnonymous,
}: Party): Pick<CallRecord, 'callerName' | 'callerNumber' | 'isAnonymous'> => ({
  callerName: isAnonymous ? '' : name,
  callerNumber: isAnonymous ? '' : number,
  isAnonymous,
});
