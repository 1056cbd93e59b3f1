import type { Extension } from '../domain/names.js';
import type { Tenant } from '../domain/office.js';
import type { Refusal } from '../domain/outcome.js';
import type { OrderedAct } from './orders.js';
import { refusalOfWish } from './supervise/judge.js';
import { refusalOfSteal } from './supervise/steal-from.js';

/** Somebody who wants something done with an answered call of an extension. */
export interface WantedAct {
  readonly tenant: Tenant;
  readonly act: OrderedAct;
  /** The supervisor, or the picker. */
  readonly by: Extension;
  /** The colleague, or the one whose phone is to lose the call. */
  readonly extension: Extension;
}

/** Asks the one policy about it, as for a phone that dialled the code; undefined: it may be done. */
export const refusalOfAct = ({ tenant, act, by, extension }: WantedAct): Refusal | undefined =>
  act === 'steal'
    ? refusalOfSteal({ tenant, picker: by, extension })
    : refusalOfWish({ tenant, supervisor: by, colleague: extension, mode: act });
