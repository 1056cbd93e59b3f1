import type { ExtensionEntry, Tenant } from '../../../domain/office.js';
import type { Token } from '../../../domain/token.js';
import { isOwnPhone } from '../v1/own-phones.js';
import { maySee } from './find-group.js';
import { byValue, type PageQuery, pageOf } from './page.js';

/** An extension in TelecomX's words, as far as others may know it: by this id groups name it. */
export interface ExtensionShown {
  readonly _id: string;
  readonly type: 'EXTENSION';
  readonly customer: string;
  readonly name: string;
  readonly number: string;
}

/** What a list of extensions may be asked for. */
export interface ExtensionQuery extends PageQuery {
  /** Extensions whose name or number contains this, in any case. */
  readonly filter?: string;
  readonly sort?: 'name' | 'number';
}

/** An extension as it is shown to everybody in the company. */
export const shownExtension = ({ customer }: Tenant, { id, name, number }: ExtensionEntry): ExtensionShown => ({
  _id: id,
  type: 'EXTENSION',
  customer,
  name,
  number,
});

/** The page that was asked for; a PERSONAL token's are its own user's, and the members of the groups that it controls. */
export const listExtensions = (tenant: Tenant, token: Token, query: ExtensionQuery) => {
  const wanted = (query.filter ?? '').trim().toLowerCase();
  const found = [...tenant.extensions.values()]
    .filter(({ name, number }) => [name, number].some((text) => text.toLowerCase().includes(wanted)))
    .filter(visibleTo(tenant, token))
    .sort((a, b) => (query.sort === 'number' ? 0 : byValue(a.name, b.name)) || byValue(a.number, b.number));
  const { page, ...counts } = pageOf(found, query);
  return { ...counts, extensions: page.map((entry) => shownExtension(tenant, entry)) };
};

const visibleTo = (tenant: Tenant, token: Token): ((entry: ExtensionEntry) => boolean) => {
  if (token.role !== 'PERSONAL') return () => true;
  const controlled = [...tenant.groups.values()].filter((group) => maySee(token, group));
  const members = new Set(controlled.flatMap((group) => group.members));
  return ({ number }) => members.has(number) || isOwnPhone(tenant, token, number);
};
