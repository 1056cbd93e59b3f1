import type { Fault, TenantDocument } from '../tenant-document.js';
import { readUserId } from '../user.js';

const nameForm = /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]{1,80}$/u;

/**
 * Why a text cannot name a group, or undefined if it can. What every JavaScript object inherits (`constructor`) is no
 * name, so that a look-up by name finds what was written or nothing.
 */
export const faultOfName = (name: string): string | undefined => {
  if (name in {}) return 'cannot be used as a name';
  return nameForm.test(name) ? undefined : 'a name has 1 to 80 characters, no control characters among them';
};

/** Names that stand as keys in a company's document, where no shape can judge them. */
export const nameFaults = (document: TenantDocument): Fault[] => [
  ...namesIn(document.pickupGroups, ['pickupGroups']),
  ...namesIn(document.callControl?.groups, ['callControl', 'groups']),
  ...Object.keys(document.users ?? {})
    .filter((id) => id in {} || !readUserId(id))
    .map((id) => ({ path: ['users', id], why: 'a user is named with 1 to 64 letters, digits and . _ -' })),
];

const namesIn = (record: object | undefined, path: readonly string[]): Fault[] =>
  Object.keys(record ?? {}).flatMap((name) => {
    const why = faultOfName(name);
    return why === undefined ? [] : [{ path: [...path, name], why }];
  });
