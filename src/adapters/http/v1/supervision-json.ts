import { type Static, Type } from 'typebox';
import type { Tenant } from '../../../domain/office.js';
import { listenModes } from '../../../flows/media.js';
import type { OrderRecord } from '../../../flows/orders.js';
import type { KnownSupervision } from '../../../flows/supervision-directory.js';
import { failureOf } from './act-order.js';
import { NamedExtension, namedExtension, timeOf } from './call-json.js';

/** How somebody takes part. */
export const ModeForm = Type.Enum([...listenModes]);

/** A supervision as /v1 shows it: who the colleague talks to is the call's to show, or to hide. */
export const SupervisionJson = Type.Object({
  id: Type.String(),
  call: Type.String({ description: 'the call that it is in now: a supervisor follows the colleague into others' }),
  mode: ModeForm,
  supervisor: NamedExtension,
  colleague: NamedExtension,
  state: Type.Enum(['pending', 'ringing', 'running', 'ended', 'failed'], {
    description: "pending and ringing: the supervisor's phones are called",
  }),
  since: Type.Optional(Type.String({ format: 'date-time', description: 'since when it runs' })),
  refusal: Type.Optional(Type.String()),
  reason: Type.Optional(Type.String()),
});

/** One that runs. */
export const supervisionJson = (
  tenant: Tenant,
  { id, call, mode, supervisor, colleague, since }: KnownSupervision,
): Static<typeof SupervisionJson> => ({
  ...{ id, call, mode, state: 'running', since: timeOf(since) },
  supervisor: namedExtension(tenant, supervisor),
  colleague: namedExtension(tenant, colleague),
});

/** One that a program asked for and that does not run: not yet, not any more, or it never did. */
export const orderedSupervisionJson = (
  tenant: Tenant,
  record: OrderRecord & { readonly act: Static<typeof ModeForm> },
): Static<typeof SupervisionJson> => ({
  ...{ id: record.id, call: record.call, mode: record.act },
  supervisor: namedExtension(tenant, record.sendTo),
  colleague: namedExtension(tenant, record.target),
  state: record.state === 'answered' ? 'ended' : record.state,
  ...failureOf(record),
});
