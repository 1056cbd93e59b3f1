import type { DialogIds } from '../../domain/dialog.js';
import type { IncomingLeg } from '../ports.js';

/** A phone between which and the owner of a call an instance stands: what is different about its leg. */
export interface Between {
  /** The dialog that the phone itself has. */
  readonly ids?: DialogIds | undefined;
  /** What it is told whom it talks with. */
  readonly as?: 'focus';
}

/** The leg of such a phone, in all else as it is. */
export const handedLeg = (leg: IncomingLeg, { ids = leg.ids, as }: Between): IncomingLeg => ({
  ...{ sipCallId: leg.sipCallId, ids, offer: leg.offer },
  get gone() {
    return leg.gone;
  },
  get isFinal() {
    return leg.isFinal ?? false;
  },
  onGone: (listener) => leg.onGone(listener),
  ringing: (early) => leg.ringing(early),
  answer: (body, talksTo, own) => leg.answer(body, talksTo, as ?? own),
  answerWithOffer: (body, talksTo, own) => leg.answerWithOffer(body, talksTo, as ?? own),
  refuse: (...no) => leg.refuse(...no),
});
