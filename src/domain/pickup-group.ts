import type { Extension } from './names.js';
import type { WaitingNotice } from './waiting-notice.js';

/** A pickup group (IvozProvider): a name and its members. */
export interface PickupGroup {
  /** What IvozProvider's API calls the group: a positive whole number. */
  readonly id: number;
  readonly name: string;
  readonly members: readonly Extension[];
  /** When and what its members are told of each other's calls that wait; undefined tells nobody. */
  readonly notify?: WaitingNotice;
  /** The names of the groups whose calls its members may have where nothing rings in their own, in this order. */
  readonly associated?: readonly string[];
}

/** A pickup group may be associated with so many others. */
export const mostAssociated = 10;
