import type { Extension } from '../../domain/names.js';
import type { Tenant } from '../../domain/office.js';
import type { Service } from '../../domain/service-code.js';
import type { Personal } from '../../flows/office-store.js';
import type { Offices } from '../../flows/offices.js';
import type { IncomingLeg, Log } from '../../flows/ports.js';
import { refuseLeg } from './replies.js';

/** What a service notes, and what the phone's display shows then. */
interface Meaning {
  readonly personal: Personal;
  readonly phrase: string;
}

const meanings = {
  'pickup-deny': { personal: { refusesPickup: true }, phrase: 'Pickup Denied From Now On' },
  'pickup-allow': { personal: { refusesPickup: false }, phrase: 'Pickup Allowed From Now On' },
  'dnd-on': { personal: { presence: 'do-not-disturb' }, phrase: 'Do Not Disturb From Now On' },
  'dnd-off': { personal: { presence: 'available' }, phrase: 'Calls Ring From Now On' },
  'away-on': { personal: { presence: 'away' }, phrase: 'Away From Now On' },
  'away-off': { personal: { presence: 'available' }, phrase: 'Back From Now On' },
} as const satisfies Partial<Record<Service, Meaning>>;

/** The services by which an extension's people say something of themselves. */
export type PersonalService = keyof typeof meanings;

/** A phone that says something of its own extension. */
export interface PersonalCall {
  readonly service: PersonalService;
  readonly tenant: Tenant;
  readonly picker: Extension;
  readonly leg: IncomingLeg;
}

/** Tells whether a service is one of these. */
export const isPersonal = (service: Service): service is PersonalService => Object.hasOwn(meanings, service);

/** What noting what people say of themselves needs. */
export interface PersonalDeps {
  readonly setPersonal: Offices['setPersonal'];
  readonly log: Log;
}

/**
 * Notes it and ends the call. Without prompts there is nothing that a 200 could let the phone hear, so the confirmation
 * is the phrase of a 603, which phones show, and its Reason.
 */
export const makePersonalCodes =
  ({ setPersonal, log }: PersonalDeps) =>
  async ({ service, tenant, picker, leg }: PersonalCall): Promise<void> => {
    const { personal, phrase }: Meaning = meanings[service];
    if (!(await setPersonal(tenant, picker, { ...personal, how: 'code' }))) {
      return refuseLeg(leg, 'store-unreachable', tenant.failureProfile);
    }
    log.info({ tenant: tenant.id, extension: picker, ...personal, sipCallId: leg.sipCallId }, 'said by phone');
    leg.refuse(603, phrase, { Reason: `SIP;cause=603;text="${phrase}"` });
  };
