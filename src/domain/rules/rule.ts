import type { GroupId } from '../group.js';
import type { Extension } from '../names.js';
import type { Tenant } from '../office.js';

/** What somebody may want to do to another's call, or (the last four, for programs) to another extension. */
export const acts = [
  'pickup',
  'steal',
  'eavesdrop',
  'whisper',
  'barge',
  'replace',
  'view-other-party',
  'set-presence',
  'queue-member',
  'sms',
] as const;

/** One of {@link acts}. */
export type Act = (typeof acts)[number];

/** Whom an act is done to. */
export type Target =
  | { readonly kind: 'extension'; readonly number: Extension }
  /** A group of TelecomX's model: its members together. */
  | { readonly kind: 'group'; readonly id: GroupId };

/** One question: may this picker do this act, to whom, and was the target named or reached through a group? */
export interface Ask {
  readonly tenant: Tenant;
  readonly picker: Extension;
  readonly act: Act;
  readonly target: Target;
  /** Matters to a pickup of an extension's calls only: named by its number, or found by the bare code. */
  readonly by: 'number' | 'group';
}

/** The models that can grant; `own` is what everybody may do to the own extension. */
export type Model = 'pickup-group' | 'call-control' | 'group' | 'phone-calls' | 'own';

/** A yes: which model said it, by which of its rules, and in which group. */
export interface Grant {
  readonly model: Model;
  /** The rule in the model's own words: `pickup_all`, `pickup_share_groups`, `eavesdrop_100`, `steal`, `user`. */
  readonly rule: string;
  readonly group?: string;
}

/** One model's opinion: a grant, or silence. Models add up, so none can take away another's grant. */
export type Rule = (ask: Ask) => Grant | undefined;
