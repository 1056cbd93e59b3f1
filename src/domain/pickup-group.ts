import type { Extension } from './names.js';

/** A pickup group (IvozProvider): a name and its members. */
export interface PickupGroup {
  /** What IvozProvider's API calls the group: a positive whole number. */
  readonly id: number;
  readonly name: string;
  readonly members: readonly Extension[];
}
