import type { Extension } from '../names.js';
import type { Tenant } from '../office.js';

/** What somebody may want to do to another's call. */
export type Act = 'pickup';

/** One question: may this picker do this act, to whom, and was the target named or reached through a group? */
export interface Ask {
  readonly tenant: Tenant;
  readonly picker: Extension;
  readonly act: Act;
  readonly target: Extension;
  readonly by: 'number' | 'group';
}

/** A yes, and which rule said it. */
export interface Grant {
  readonly model: string;
  readonly group?: string;
}

/** One model's opinion: a grant, or silence. Models add up, so none can take away another's grant. */
export type Rule = (ask: Ask) => Grant | undefined;
