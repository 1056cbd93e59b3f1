import { Type } from 'typebox';
import type { Extension } from '../../domain/names.js';
import { type Presence, presences, type Tenant } from '../../domain/office.js';
import type { Token } from '../../domain/token.js';
import type { Api } from './api.js';
import { storeAway, thrown } from './problem.js';

/** What an extension's people may say of themselves. */
export const PresenceForm = Type.Enum([...presences]);

/** Whose presence is set by whom. */
export interface PresenceWish {
  readonly tenant: Tenant;
  readonly extension: Extension;
  readonly presence: Presence;
  readonly token: Token;
}

/** Sets the presence of an extension for a program that may do so; throws 503 if the store cannot be reached. */
export const setPresence = async ({ offices }: Pick<Api, 'offices'>, wish: PresenceWish): Promise<void> => {
  const { tenant, extension, presence, token } = wish;
  const by = token.role === 'PERSONAL' && token.extension !== extension ? token.extension : undefined;
  const said = { presence, how: 'api', ...(by !== undefined && { by }) } as const;
  if (!(await offices.setPersonal(tenant, extension, said))) throw thrown(storeAway);
};
