import type { DialogIds } from '../domain/dialog.js';
import type { CallId, Extension } from '../domain/names.js';
import type { Tenant } from '../domain/office.js';
import type { Offer, Party } from './leg.js';

/** What the owner of an answered call is asked for: an act, or a steal by a key that named the dialog. */
export const forwardedActs = ['eavesdrop', 'whisper', 'barge', 'steal', 'replaces'] as const;

/** One of {@link forwardedActs}. */
export type ForwardedAct = (typeof forwardedActs)[number];

/** An act on an answered call that is to be done by the instance that holds it, for somebody who came here. */
export interface ActRequest {
  /** The owner's SIP URI. */
  readonly owner: string;
  readonly tenant: Tenant;
  readonly act: ForwardedAct;
  readonly asker: Extension;
  readonly party: Party;
  /** Whose side of which call is meant, and by which dialog where one was named. */
  readonly extension: Extension;
  readonly call: CallId;
  readonly ids?: DialogIds | undefined;
  /** The dialog of the asker's phone with this instance. */
  readonly askerIds: DialogIds;
  readonly offer: Offer;
}
