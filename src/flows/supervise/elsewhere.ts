import type { Dialog } from '../../domain/dialog.js';
import type { CallId, Extension, InstanceId, TenantId } from '../../domain/names.js';
import type { CallDirectory } from '../call-directory.js';
import type { Log } from '../ports.js';

/** An answered call that another instance holds. */
export interface Elsewhere {
  readonly owner: InstanceId;
  readonly call: CallId;
  /** That of the colleague's phone. */
  readonly dialog: Dialog;
}

/** The dialogs of an extension that are not over, whoever holds them. Rejects if the store cannot be reached. */
export type DialogsOf = (tenant: TenantId, extension: Extension) => Promise<readonly Dialog[]>;

/** What finding needs. */
export interface ElsewhereDeps {
  readonly self: InstanceId;
  readonly dialogsOf: DialogsOf;
  readonly directory: Pick<CallDirectory, 'find'>;
  readonly log: Log;
}

/** Whose answered call is looked for. */
export interface Sought {
  readonly tenant: TenantId;
  readonly extension: Extension;
  /** Only this call will do. */
  readonly call?: CallId | undefined;
}

/** See {@link makeFindElsewhere}. Never rejects. */
export type FindElsewhere = (sought: Sought) => Promise<Elsewhere | 'store-unreachable' | undefined>;

/**
 * Finds the answered call of an extension that another instance holds, of several the one whose dialog began last;
 * undefined if there is none.
 */
export const makeFindElsewhere =
  ({ self, dialogsOf, directory, log }: ElsewhereDeps): FindElsewhere =>
  async ({ tenant, extension, call: only }) => {
    try {
      const dialogs = (await dialogsOf(tenant, extension)).filter(
        ({ state, call }) => state === 'confirmed' && (only === undefined || call === only),
      );
      for (const dialog of lastFirst(dialogs)) {
        const { call } = dialog;
        const known = await directory.find(tenant, call);
        if (known?.state === 'connected' && known.owner !== self) return { owner: known.owner, call, dialog };
      }
    } catch (error) {
      log.warn({ tenant, extension, error: String(error) }, 'store away, no call looked for at other instances');
      return 'store-unreachable';
    }
    return undefined;
  };

const lastFirst = (dialogs: readonly Dialog[]): readonly Dialog[] => [...dialogs].sort((a, b) => b.since - a.since);
