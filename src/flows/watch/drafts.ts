import { profileOf } from '../../domain/watcher-profile.js';
import type { DialogDocument, WriteDocument } from './document.js';
import type { FollowedDialogs } from './followed-dialogs.js';
import type { Subscriber, WatchRight } from './subscriber.js';

/** The next document of a subscription. */
export interface Draft {
  readonly document: string;
  /** The watcher did not take it: what it says is still to be said. The version is used up all the same. */
  unsaid(): void;
}

/** Writes what the watcher does not know yet; undefined if it knows all, unless it is to hear `all` again. */
export type NextDraft = (right: Extract<WatchRight, { ok: true }>, howMuch: 'news' | 'all') => Draft | undefined;

/** The drafts of one subscription, from version 0 on, each one more than the last (RFC 4235 section 4.3). */
export const makeDrafts = (who: Subscriber, followed: FollowedDialogs, write: WriteDocument): NextDraft => {
  let version = 0;
  /** What the watcher knows, without what is over. */
  let known: DialogDocument | undefined;

  return ({ tenant, sees }, howMuch) => {
    const profile = profileOf(tenant.watcherRules, who.userAgent);
    const { event, entity, extension } = who;
    const view = { event, entity, tenant, extension, profile, sees, isOwn: who.watcher === extension };
    const { open, over } = followed;
    const lasting = write({ ...view, dialogs: open });
    const document = over.length === 0 ? lasting : write({ ...view, dialogs: [...open, ...over] });
    const takeBack = followed.show();
    if (howMuch === 'news' && known && isSame(known, document)) return undefined;
    known = lasting;
    return {
      document: document(version++),
      unsaid: () => {
        known = undefined;
        takeBack();
      },
    };
  };
};

const isSame = (a: DialogDocument, b: DialogDocument): boolean => a === b || a(0) === b(0);
