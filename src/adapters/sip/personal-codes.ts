import type { Extension } from '../../domain/names.js';
import type { Tenant } from '../../domain/office.js';
import type { Service } from '../../domain/service-code.js';
import type { Personal } from '../../flows/office-store.js';
import type { IncomingLeg, Log } from '../../flows/ports.js';
import { refuseLeg } from './replies.js';

/** A phone that says something of its own extension. */
export interface PersonalCall {
  readonly service: PersonalService;
  readonly tenant: Tenant;
  readonly picker: Extension;
  readonly leg: IncomingLeg;
}

/** The services by which an extension's people say something of themselves. */
export type PersonalService = Extract<Service, 'pickup-deny' | 'pickup-allow'>;

/** What each of them notes, and what the phone's display shows then. */
const meanings: Readonly<Record<PersonalService, { personal: Personal; phrase: string }>> = {
  'pickup-deny': { personal: { refusesPickup: true }, phrase: 'Pickup Denied From Now On' },
  'pickup-allow': { personal: { refusesPickup: false }, phrase: 'Pickup Allowed From Now On' },
};

/** Tells whether a service is one of these. */
export const isPersonal = (service: Service): service is PersonalService => Object.hasOwn(meanings, service);

/** What noting what people say of themselves needs. */
export interface PersonalDeps {
  readonly setPersonal: (tenant: Tenant, extension: Extension, personal: Personal) => Promise<boolean>;
  readonly log: Log;
}

/**
 * Notes it and ends the call. Without prompts there is nothing that a 200 could let the phone hear, so the confirmation
 * is the phrase of a 603, which phones show, and its Reason.
 */
export const makePersonalCodes =
  ({ setPersonal, log }: PersonalDeps) =>
  async ({ service, tenant, picker, leg }: PersonalCall): Promise<void> => {
    const { personal, phrase } = meanings[service];
    if (!(await setPersonal(tenant, picker, personal))) {
      return refuseLeg(leg, 'store-unreachable', tenant.failureProfile);
    }
    log.info({ tenant: tenant.id, extension: picker, ...personal, sipCallId: leg.sipCallId }, 'said by phone');
    leg.refuse(603, phrase, { Reason: `SIP;cause=603;text="${phrase}"` });
  };
