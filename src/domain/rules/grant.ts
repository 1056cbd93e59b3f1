import { associatedPickupGroup } from './associated-groups.js';
import { allowAll, perExtension, pickupAll, replaceGroups, shareGroups } from './call-control.js';
import { controllers } from './groups.js';
import { isOwn, ownExtension } from './own.js';
import { ownUser, wideContext } from './phone-calls.js';
import { sharedPickupGroup } from './pickup-groups.js';
import type { Act, Ask, Grant, Rule } from './rule.js';

/** Which rules can grant an act. The narrow ones come first, so that a grant names the group that joins two people. */
const rules: Readonly<Record<Act, readonly Rule[]>> = {
  pickup: [
    sharedPickupGroup,
    shareGroups,
    controllers,
    ownUser,
    associatedPickupGroup,
    pickupAll,
    wideContext,
    allowAll,
  ],
  steal: [controllers, allowAll],
  eavesdrop: [perExtension('eavesdrop'), controllers, allowAll],
  whisper: [perExtension('whisper'), allowAll],
  barge: [perExtension('barge'), allowAll],
  replace: [replaceGroups, allowAll],
  'view-other-party': [controllers, ownUser, wideContext],
  'set-presence': [controllers],
  'queue-member': [controllers],
  sms: [controllers],
};

/**
 * What the models say to an ask about somebody whom the company has: the first grant, or silence; `suits` leaves out
 * what some of them say.
 */
export const grantOf = (ask: Ask, suits: (grant: Grant) => boolean = () => true): Grant | undefined => {
  if (isOwn(ask)) return ownExtension(ask);
  for (const rule of rules[ask.act]) {
    const grant = rule(ask);
    if (grant && suits(grant)) return grant;
  }
  return undefined;
};
