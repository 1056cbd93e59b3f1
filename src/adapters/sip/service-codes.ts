import { type Extension, readExtension } from '../../domain/names.js';
import type { Tenant } from '../../domain/office.js';
import type { Refusal } from '../../domain/outcome.js';
import type { PickupTarget } from '../../domain/policy.js';
import type { Service } from '../../domain/service-code.js';
import type { ListenMode } from '../../flows/media.js';
import type { IncomingLeg, Party } from '../../flows/ports.js';
import { isPersonal, type PersonalCall } from './personal-codes.js';
import type { Pickup } from './pickup.js';
import { refuseLeg } from './replies.js';

/** A phone that dialled a service code. */
export interface ServiceCall {
  readonly service: Service;
  readonly rest: string;
  readonly tenant: Tenant;
  readonly picker: Extension;
  readonly leg: IncomingLeg;
  readonly party: Party;
}

/** The door of service codes. */
export type ServiceCodeDoor = (call: ServiceCall) => Promise<void> | void;

/** What has it done. */
export interface ServiceCodeDeps {
  readonly pickup: Pickup;
  /** Shows the call first. */
  readonly preview: Pickup;
  readonly personal: (call: PersonalCall) => Promise<void>;
  /** What is not given is not to be had here: 501. */
  readonly steal?: (call: ServiceCall) => Promise<void>;
  readonly replace?: (call: ServiceCall) => Promise<void>;
  readonly supervise?: ((call: ServiceCall, mode: ListenMode) => Promise<void>) | undefined;
}

/** How somebody takes part in a call who dials the code of one of these. */
const modes: Readonly<Partial<Record<Service, ListenMode>>> = {
  eavesdrop: 'listen',
  whisper: 'whisper',
  barge: 'barge',
};

/** Reads what was dialled after the code and has it done. */
export const makeServiceCodeDoor =
  ({ pickup, preview, personal, steal, replace, supervise }: ServiceCodeDeps): ServiceCodeDoor =>
  (call) => {
    const { service, tenant, picker, leg, party } = call;
    if (isPersonal(service)) return personal({ service, tenant, picker, leg });
    if (service === 'steal' && steal) return steal(call);
    if (service === 'phone-replace' && replace) return replace(call);
    const mode = modes[service];
    if (mode && supervise) return supervise(call, mode);
    const target = service === 'pickup' || service === 'preview' ? targetOf(call) : 'not-available';
    if (typeof target === 'string') return refuseLeg(leg, target, tenant.failureProfile);
    if (service === 'preview') return preview({ request: { tenant, picker, target, kind: 'preview' }, leg, party });
    const kind = target.by === 'number' ? 'directed' : 'group';
    return pickup({ request: { tenant, picker, target, kind }, leg, party });
  };

/** Nothing, an extension, or a group that has a number. */
const targetOf = ({ rest, tenant }: ServiceCall): PickupTarget | Refusal => {
  if (rest === '') return { by: 'group' };
  const number = readExtension(rest);
  if (!number) return 'unknown-extension';
  const group = tenant.extensions.has(number) ? undefined : groupOf(tenant, number);
  return group ? { by: 'group', group: group.id } : { by: 'number', extension: number };
};

const groupOf = ({ groups }: Tenant, wanted: Extension) => {
  for (const group of groups.values()) if (group.number === wanted) return group;
  return undefined;
};
