import { Type } from 'typebox';
import { domainOf, type Tenant } from '../../../domain/office.js';
import type { Party } from '../../../flows/ports.js';

/** `John Doe <+3334444>`: a name of at most 80 characters and a number of at most 32. */
export const CallerId = Type.String({
  pattern: '^(?! )[^<>\\p{Cc}\\p{Cs}\\u2028\\u2029]{1,80} <[+A-Za-z0-9*#._-]{1,32}>$',
  description: 'a name and a number with the format John Doe <+3334444>: at most 80 and 32 characters',
});

/** Whom a phone is to show, of a caller id that has the form of {@link CallerId}. */
export const partyOf = (tenant: Tenant, callerId: string): Party => {
  const at = callerId.lastIndexOf(' <');
  const [name, number] = [callerId.slice(0, at).trimEnd(), callerId.slice(at + 2, -1)];
  return { name, number, domain: domainOf(tenant), private: false };
};
