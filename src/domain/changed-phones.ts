import type { Extension } from './names.js';
import type { Tenant } from './office.js';

/** Who says, of the extensions of a company, with whom he has changed phones. */
export type Changes = Readonly<Record<string, { readonly changedWith?: Extension }>>;

/**
 * With whom an extension has changed phones, of what each says of itself; undefined if it has its own. Both must say the
 * same: one whose counterpart has left the company, and perhaps come back as somebody else, has its own phones again.
 */
export const counterpartIn = (changes: Changes, number: string): Extension | undefined => {
  const other = changes[number]?.changedWith;
  return other !== undefined && other !== number && changes[other]?.changedWith === number ? other : undefined;
};

/**
 * From an extension to the number that its phones register by, and back: the same number, unless two extensions have
 * changed phones (UIS's phone replace). Phones keep their account; whom they ring for and who calls from them is looked up.
 */
export const acrossChange = ({ extensions }: Pick<Tenant, 'extensions'>, number: Extension): Extension =>
  extensions.get(number)?.changedWith ?? number;
