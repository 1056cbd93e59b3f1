import { bestFailure } from '../../domain/final-response.js';
import { groupOfNumber } from '../../domain/hunt.js';
import type { Delivery } from './messages.js';
import type { Pace, PaceRule } from './pace.js';
import { type RelayToGroupDeps, relayToGroup } from './relay-to-group.js';
import { isDelivered } from './text-members.js';
import type { Relayed, TextOfPhone } from './text-of-phone.js';

/** What is relayed, and what becomes of it. */
export type { Relayed, TextOfPhone } from './text-of-phone.js';

/** What relaying a text needs. */
export interface RelayTextDeps extends RelayToGroupDeps {
  /** Each extension by itself: a phone that writes without end must not hurt calls. */
  readonly pace: Pace;
}

/** As fast as people write, and as a phone that comes back sends what it has kept. */
export const paceOfTexts: PaceRule = { burst: 20, every: 1_000 };

/** Sends a text to every phone of an extension or of a group's members. Texts are not kept or logged. */
export const makeRelayText =
  (deps: RelayTextDeps) =>
  async (text: TextOfPhone): Promise<Relayed> => {
    const { tenant, sender, to } = text;
    const wait = deps.pace(`${tenant.id} ${sender}`);
    if (wait > 0) return { kind: 'hurried', seconds: Math.ceil(wait / 1000) };
    if (tenant.extensions.has(to)) return relayToExtension(deps, text);
    const group = groupOfNumber(tenant, to);
    return group ? relayToGroup(deps, text, group) : { kind: 'refused', refusal: 'unknown-extension' };
  };

/** It has arrived when one phone took it. */
const relayToExtension = async (
  { messages, log }: RelayTextDeps,
  { tenant, sender, to, ...message }: TextOfPhone,
): Promise<Relayed> => {
  const deliveries = await messages.relay(tenant, to, message).catch((error: unknown) => {
    log.warn({ tenant: tenant.id, error: String(error) }, 'store away, no text');
    return undefined;
  });
  if (!deliveries) return { kind: 'refused', refusal: 'store-unreachable' };
  const relayed = outcomeOf(deliveries);
  log.info({ tenant: tenant.id, sender, to, phones: deliveries.length, outcome: relayed.kind }, 'text relayed');
  return relayed;
};

const outcomeOf = (deliveries: readonly Delivery[]): Relayed => {
  if (deliveries.length === 0) return { kind: 'refused', refusal: 'not-registered' };
  const taken = deliveries.filter(isDelivered);
  if (taken.length === 0) return { kind: 'failed', failure: bestFailure(deliveries.map(({ status }) => ({ status }))) };
  return { kind: 'delivered', isStored: taken.every(({ status }) => status === 202) };
};
