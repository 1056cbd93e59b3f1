import type { ReplaceRefusal } from '../../domain/replace-refusal.js';
import { readReplaceWish } from '../../domain/replace-wish.js';
import type { PromptRefusal } from '../../flows/prompt-refusal.js';
import type { ReplacePhone } from '../../flows/replace-phone.js';
import type { Reply } from './replies.js';
import type { ServiceCall } from './service-codes.js';

/** What the code that changes phones needs. */
export interface ReplaceCodeDeps {
  readonly replacePhone: ReplacePhone;
  readonly prompt: PromptRefusal;
}

/** What each refusal is called in SIP. */
const refusals: Readonly<Record<ReplaceRefusal, Reply>> = {
  'number-too-short': { status: 484, phrase: 'Address Incomplete' },
  'unknown-extension': { status: 404, phrase: 'No Such Extension' },
  'not-allowed': { status: 403, phrase: 'Changing Phones Not Allowed' },
  'wrong-pin': { status: 403, phrase: 'Wrong PIN' },
  locked: { status: 403, phrase: 'Too Many Wrong PINs' },
  'changed-already': { status: 403, phrase: 'Phones Are Changed Already' },
  'not-changed': { status: 403, phrase: 'No Phones To Change Back' },
  'store-unreachable': { status: 503, phrase: 'Service Unavailable', headers: { 'Retry-After': '1' } },
};

/** What the phone's display shows when it is done: as with other codes there is nothing that a 200 could let it hear. */
const done = { changed: 'Phones Changed', 'changed-back': 'Phones Changed Back' } as const;

/** Changes phones, or changes them back, and ends the call with what became of it. */
export const makeReplaceCode =
  ({ replacePhone, prompt }: ReplaceCodeDeps) =>
  async ({ tenant, picker, rest, leg }: ServiceCall): Promise<void> => {
    const wish = readReplaceWish(rest);
    const replaced = await replacePhone({ tenant, picker, wish, sipCallId: leg.sipCallId });
    if (replaced.ok) {
      const phrase = done[replaced.became];
      return leg.refuse(603, phrase, { Reason: `SIP;cause=603;text="${phrase}"` });
    }
    await prompt({ tenant, leg, refusal: replaced.refusal });
    const { status, phrase, headers } = refusals[replaced.refusal];
    leg.refuse(status, phrase, headers);
  };
