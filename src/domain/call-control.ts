import type { Extension } from './names.js';

/** The call control document of one company (UIS), all its fields; who is in a group need not exist. */
export interface CallControl {
  /** Everybody may do everything to everybody's calls. */
  readonly allowAll: boolean;
  /** Pickup in the whole company, by number; otherwise only inside the share groups. */
  readonly pickupAll: boolean;
  readonly groups: ReadonlyMap<string, readonly Extension[]>;
  /** Names of groups inside which calls are taken without a number. */
  readonly pickupShareGroups: readonly string[];
  /** Names of groups whose members may change phones, by replace PIN. */
  readonly phoneReplaceGroups: readonly string[];
  /** Whom an extension may listen to, whisper to, and (our addition) break in on: names of groups. */
  readonly eavesdrop: ReadonlyMap<Extension, readonly string[]>;
  readonly whisper: ReadonlyMap<Extension, readonly string[]>;
  readonly barge: ReadonlyMap<Extension, readonly string[]>;
}

/** UIS's limits: groups in a document, numbers in a group. */
export const callControlLimits = { groups: 100, numbers: 200 } as const;
