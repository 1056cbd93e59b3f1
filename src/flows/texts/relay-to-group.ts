import { listed } from '../../domain/explain/words.js';
import type { Group } from '../../domain/group.js';
import { domainOf } from '../../domain/office.js';
import { decide } from '../../domain/policy.js';
import type { Log } from '../ports.js';
import type { Messages, Relays } from './messages.js';
import { type Deliveries, isDelivered, textMembers } from './text-members.js';
import type { Relayed, TextOfPhone } from './text-of-phone.js';

/** What writing to a group needs. */
export interface RelayToGroupDeps {
  readonly messages: Messages & Relays;
  readonly log: Log;
}

/**
 * Sends a text to the phones of all members but the sender, if that one controls the group and its right `sms` is on. Many
 * phones take their time, and one status cannot speak for all of them: the sender hears at once that it is on its way, and
 * is told in a text of the group's what became of it.
 */
export const relayToGroup = (deps: RelayToGroupDeps, text: TextOfPhone, group: Group): Relayed => {
  const { tenant, sender } = text;
  const target = { kind: 'group', id: group.id } as const;
  const decision = decide({ tenant, picker: sender, act: 'sms', target, by: 'number' });
  if (!decision.ok) return { kind: 'refused', refusal: decision.refusal };
  void tellMembers(deps, text, group);
  return { kind: 'delivered', isStored: true };
};

const tellMembers = async ({ messages, log }: RelayToGroupDeps, text: TextOfPhone, group: Group): Promise<void> => {
  const { tenant, sender, to, ...message } = text;
  const others = group.members.filter((member) => member !== sender);
  try {
    const deliveries = await textMembers(others, (member) => messages.relay(tenant, member, message));
    log.info({ tenant: tenant.id, sender, to, ...countsOf(deliveries) }, 'text relayed to a group');
    const from = { name: group.name, number: to, domain: domainOf(tenant), private: false };
    await messages.send(tenant, sender, { from, text: reportOf(deliveries) });
  } catch (error) {
    log.warn({ tenant: tenant.id, sender, to, error: String(error) }, 'store away, no text');
  }
};

const countsOf = (deliveries: Deliveries): { phones: number; delivered: number } => {
  const all = [...deliveries.values()].flat();
  return { phones: all.length, delivered: all.filter(isDelivered).length };
};

/** `3 of 4 phones have your text. Not taken: 103. No phone: 104, 105.` */
const reportOf = (deliveries: Deliveries): string => {
  const { phones, delivered } = countsOf(deliveries);
  const members = [...deliveries];
  const absent = members.flatMap(([member, own]) => (own.length === 0 ? [member] : []));
  const without = members.flatMap(([member, own]) => (own.length > 0 && !own.some(isDelivered) ? [member] : []));
  return [
    `${delivered} of ${phones} phones have your text.`,
    ...(without.length > 0 ? [`Not taken: ${listed(without)}.`] : []),
    ...(absent.length > 0 ? [`No phone: ${listed(absent)}.`] : []),
  ].join(' ');
};
