import type { Extension } from '../../domain/names.js';
import type { Tenant } from '../../domain/office.js';
import type { CallRecord } from '../ports.js';

/** An extension as people read it: `Bob Brown (101)`, or the number alone where it has no name. */
export const personInText = ({ extensions }: Tenant, number: Extension): string => {
  const name = extensions.get(number)?.name ?? number;
  return name === number ? number : `${name} (${number})`;
};

/** Who calls, as far as the record says it: `Alice Adams 100`; empty of an anonymous caller. */
export const callerInText = ({ isAnonymous, callerName, callerNumber }: CallRecord): string =>
  isAnonymous ? '' : [callerName, callerNumber].filter(Boolean).join(' ');
