import type { TenantId } from '../../domain/names.js';
import type { Tenant } from '../../domain/office.js';
import { calleesOf } from '../callees.js';
import { extensionParty } from '../party.js';
import type { CallRecord, CallStore, Log, PickedUp } from '../ports.js';
import type { Messages } from '../texts/messages.js';
import { writeToEach } from '../texts/write-to-each.js';
import { callerInText, personInText } from './people-in-texts.js';

/** What telling callees needs. */
export interface TellCalleeDeps {
  readonly calls: CallStore;
  readonly tenant: (id: TenantId) => Tenant | undefined;
  readonly messages: Messages;
  readonly log: Pick<Log, 'warn'>;
}

/**
 * A store that lets whoever lost a call to a colleague know who has it, by a text to the own phones, where the company
 * wants that. It goes out beside the pickup: nobody waits for it, and a phone that does not take it changes nothing.
 */
export const tellCallee = (deps: TellCalleeDeps): CallStore => ({
  ...deps.calls,
  confirm: (call, by, dialogs) => {
    tell(deps, call, by);
    return deps.calls.confirm(call, by, dialogs);
  },
  stolen: (call, by, dialogs) => {
    tell(deps, call, by);
    return deps.calls.stolen(call, by, dialogs);
  },
});

const tell = ({ tenant: find, messages, log }: TellCalleeDeps, call: CallRecord, by: PickedUp): void => {
  const tenant = find(call.tenant);
  if (!tenant?.messages.pickedUp) return;
  const lost = by.from === undefined ? calleesOf(call) : [by.from];
  const callees = lost.filter((callee) => callee !== by.picker && tenant.extensions.has(callee));
  const message = { from: extensionParty(tenant, by.picker, false), text: textOf(tenant, call, by) };
  void writeToEach(callees, (callee) =>
    messages
      .send(tenant, callee, message)
      .catch((error) => log.warn({ callId: call.id, callee, error: String(error) }, 'callee not told')),
  );
};

/** Who stands in the caller's place after a theft of the caller's side is the picker, whom nobody need be told twice. */
const textOf = (tenant: Tenant, call: CallRecord, { picker, isCaller }: PickedUp & { isCaller?: boolean }): string => {
  const caller = isCaller ? '' : callerInText(call);
  return `Call${caller === '' ? '' : ` from ${caller}`} picked up by ${personInText(tenant, picker)}`;
};
