import type { Extension } from '../../domain/names.js';
import type { Tenant } from '../../domain/office.js';
import type { DialogDirectory, FoundDialog } from '../../flows/dialog-directory.js';
import type { IncomingLeg, Log, Party } from '../../flows/ports.js';
import type { Pickup } from './pickup.js';
import { isMeant, readReplaces } from './replaces.js';
import { refuseLeg } from './replies.js';

/** A phone whose key names the dialog that it wants (INVITE with Replaces, RFC 3891). */
export interface ReplacesCall {
  readonly value: string;
  readonly tenant: Tenant;
  readonly picker: Extension;
  readonly leg: IncomingLeg;
  readonly party: Party;
}

/** What the door needs. */
export interface ReplacesDeps {
  readonly dialogs: DialogDirectory;
  readonly pickup: Pickup;
  readonly log: Log;
}

/** The door of INVITEs with Replaces: knowing a dialog is no permission, so the policy is asked as for a code (DESIGN 3.4). */
export const makeReplacesDoor =
  ({ dialogs, pickup, log }: ReplacesDeps) =>
  async ({ value, tenant, picker, leg, party }: ReplacesCall): Promise<void> => {
    const wanted = readReplaces(value);
    if (!wanted) return leg.refuse(400, 'Bad Replaces');
    let found: FoundDialog | undefined;
    try {
      found = await dialogs.find(tenant.id, wanted.callId);
    } catch (error) {
      log.warn({ error: String(error) }, 'store away, no pickup');
      return refuseLeg(leg, 'store-unreachable');
    }
    if (found?.kind === 'ended') return refuseLeg(leg, 'dialog-ended', tenant.failureProfile);
    if (!found || !isMeant(wanted, found.dialog)) return refuseLeg(leg, 'no-such-dialog', tenant.failureProfile);
    const target = { by: 'number', extension: found.target } as const;
    await pickup({ request: { tenant, picker, target, call: found.dialog.call, kind: 'replaces' }, leg, party });
  };
