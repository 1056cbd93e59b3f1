import type { Failure } from '../../domain/final-response.js';
import type { Extension } from '../../domain/names.js';
import type { Tenant } from '../../domain/office.js';
import type { Refusal } from '../../domain/outcome.js';
import type { Party } from '../ports.js';

/** A text that an extension's phone sends to another extension of its company, or to a group. */
export interface TextOfPhone {
  readonly tenant: Tenant;
  readonly sender: Extension;
  readonly from: Party;
  readonly to: Extension;
  readonly text: string;
  /** Headers that go with it as they are. */
  readonly passed: Readonly<Record<string, string>>;
}

/**
 * What became of it: a phone has it, or will get it; it could not be sent; no phone took it; or the sender is too fast, and
 * may try again after these seconds.
 */
export type Relayed =
  | { kind: 'delivered'; isStored: boolean }
  | { kind: 'refused'; refusal: Refusal }
  | { kind: 'failed'; failure: Failure }
  | { kind: 'hurried'; seconds: number };
