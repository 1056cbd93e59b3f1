import type { Tenant } from '../../domain/office.js';
import type { Anchors } from '../anchors.js';
import type { Talking } from '../live-calls.js';

/** Tells both parties that somebody listens or enters, where the company wants that; nobody waits for it. */
export const giveNotice = (anchors: Pick<Anchors, 'endpointOf'>, { media }: Tenant, { leg, other }: Talking): void => {
  if (media.notice === 'none') return;
  const sound = media.notice === 'beep' ? 'beep' : 'supervised';
  for (const party of [leg, other]) void anchors.endpointOf(party)?.overlay(sound);
};
