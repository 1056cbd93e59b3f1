import type { Extension, TenantId } from '../domain/names.js';
import type { Presence, Tenant } from '../domain/office.js';
import { decide } from '../domain/policy.js';
import type { Saying } from './office-store.js';
import type { Log } from './ports.js';

/** What becomes of what a phone says for a time. */
export interface Publications {
  /**
   * Notes it for all instances, who read it with what else the extension's people say. `same` if it only lasts longer,
   * `unknown` if nothing with the tag lasts. Rejects if the store cannot be reached.
   */
  put(
    tenant: TenantId,
    extension: Extension,
    entry: PublicationEntry & { readonly saying: Saying },
  ): Promise<'published' | 'same' | 'unknown' | 'full'>;
}

/** What a phone says, and under which entity tag it goes on. */
export interface PublicationEntry {
  /** Of what the phone said before; undefined if it begins, and then it says a presence. */
  readonly tag?: string;
  readonly newTag: string;
  /** Undefined leaves it as it was. */
  readonly presence?: Presence;
  /** 0 ends it. */
  readonly seconds: number;
}

/** A phone of an extension says how its people are, for a time (RFC 3903). */
export interface PublishRequest extends Omit<PublicationEntry, 'newTag'> {
  readonly tenant: Tenant;
  /** Whose phone it is. */
  readonly by: Extension;
  readonly extension: Extension;
}

/** The tag that the phone goes on with, or why nothing was noted. */
export type Published =
  | { ok: true; tag: string }
  | { ok: false; refusal: 'unknown-extension' | 'not-allowed' | 'unknown-tag' | 'too-many' | 'store-unreachable' };

/** What publishing needs. */
export interface PublishDeps {
  readonly publications: Publications;
  readonly newTag: () => string;
  /** What counts where nobody says anything. */
  readonly usualPresence: (tenant: TenantId, extension: Extension) => Presence;
  /** Reads anew what the people of a company say, so that here it counts at once. Rejects if the store is away. */
  readonly takeIn: (tenant: TenantId) => Promise<void>;
  readonly log: Log;
}

/** Asks the policy and notes it. What was said last counts, by whatever way; a tag of what is overruled is known no more. */
export const makePublishPresence =
  (deps: PublishDeps) =>
  async ({ tenant, by, extension, ...entry }: PublishRequest): Promise<Published> => {
    const target = { kind: 'extension', number: extension } as const;
    const decision = decide({ tenant, picker: by, act: 'set-presence', target, by: 'number' });
    if (!decision.ok) return no(decision.refusal === 'unknown-extension' ? 'unknown-extension' : 'not-allowed');
    const newTag = deps.newTag();
    const otherwise = deps.usualPresence(tenant.id, extension);
    const saying: Saying = { how: 'publish', otherwise, ...(by !== extension && { by }) };
    try {
      const became = await deps.publications.put(tenant.id, extension, { ...entry, newTag, saying });
      if (became === 'unknown') return no('unknown-tag');
      if (became === 'full') return no('too-many');
      if (became === 'published') await takeIn(deps, tenant, { extension, by, ...entry });
      return { ok: true, tag: newTag };
    } catch (error) {
      deps.log.warn({ tenant: tenant.id, extension, error: String(error) }, 'store away, nothing noted');
      return no('store-unreachable');
    }
  };

const no = (refusal: Extract<Published, { ok: false }>['refusal']): Published => ({ ok: false, refusal });

/** It is noted whatever happens here: the store tells every instance, this one too. */
const takeIn = async (
  { takeIn: read, log }: PublishDeps,
  { id: tenant }: Tenant,
  { extension, by, presence, seconds }: Omit<PublishRequest, 'tenant'>,
): Promise<void> => {
  const facts = { tenant, extension, ...(by !== extension && { by }), ...(presence && { presence }), seconds };
  log.info(facts, 'published by phone');
  await read(tenant).catch((error) => log.warn({ tenant, error: String(error) }, 'published presence not read'));
};
