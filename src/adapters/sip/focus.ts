import type { Leg } from '../../flows/ports.js';
import type { SipLeg } from './sip-leg.js';
import type { SipRequest } from './srf.js';

/** Marks the Contact of the middle of a conference (RFC 4579 section 4.1). */
export const focusMark = ';isfocus';

/** Whether who sends this is the middle of a conference; the mark stands behind the address. */
const isMarked = (contact = ''): boolean => /;isfocus\b/i.test(contact.slice(contact.lastIndexOf('>') + 1));

/** What stands as our Contact from now on. */
const marked = (contact: string, isFocus: boolean): string => {
  const [plain = ''] = contact.split(focusMark);
  return isFocus ? `${plain}${focusMark}` : plain;
};

/** A phone that another instance has answered through us is told whether that one is a focus, by the re-INVITE that we pass on. */
export const carryFocus = ({ dialog }: SipLeg, req: SipRequest): void => {
  if (req.method === 'INVITE') dialog.local.contact = marked(dialog.local.contact, isMarked(req.get('Contact')));
};

/**
 * Has the phone know by our Contact, the target of its dialog, whether it talks with the middle of a conference; nothing is
 * sent where it knows. What it was told of the session last is said again, as a refresh does. Never rejects.
 */
export const tellFocus = async (leg: Leg, isFocus: boolean): Promise<void> => {
  const { dialog, session, change } = leg as SipLeg;
  const wanted = marked(dialog.local.contact, isFocus);
  if (wanted === dialog.local.contact) return;
  dialog.local.contact = wanted;
  await change(() => session.told);
};
