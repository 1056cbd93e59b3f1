/** What a watcher may be shown as the target of the remote party. */
export const remoteTargets = ['code', 'caller'] as const;

/** How the dialogs of an extension are shown to a kind of phone; what RFC 4235 leaves open, phones see differently. */
export interface WatcherProfile {
  /** Only the one that matters most: some phones fall over several (protocol.md D25). */
  readonly oneDialog: boolean;
  /** An idle extension is shown as one terminated dialog instead of an empty list (protocol.md D24). */
  readonly idleDialog: boolean;
  /** Who calls and hears it ring is shown as `confirmed`: many phones blink at any `early` (protocol.md D26). */
  readonly callerConfirmed: boolean;
  /** Who has no call and is not to be disturbed is shown as one confirmed dialog, as if in a call: its key is lit. */
  readonly dndConfirmed: boolean;
  /** What the target of the remote party is: the code that picks the call up, or the caller's own address. */
  readonly remoteTarget: (typeof remoteTargets)[number];
}

/** Watchers whose User-Agent contains this text, in whatever case, are shown dialogs like this; the first that fits counts. */
export interface WatcherRule {
  readonly userAgent: string;
  readonly profile: WatcherProfile;
}

/**
 * For every phone that no rule knows: an empty document breaks the lamp of Yealink's phones and of Bria, phones blink at
 * a caller that is `early`, and Snom's calls the remote target to pick up (protocol.md 4.2, 20). Each leg has a dialog of
 * its own, because Polycom's and Mitel's name one of them by both tags.
 */
export const usualProfile: WatcherProfile = {
  oneDialog: false,
  idleDialog: true,
  callerConfirmed: true,
  dndConfirmed: false,
  remoteTarget: 'code',
};

const oneDialog: WatcherProfile = { ...usualProfile, oneDialog: true };

/**
 * Phones that are known to need something else than usual; a company's own rules come before these.
 *
 * - The SPA family, under all names that it was sold by, with the firmware of the SPA962: it crashes on a document with
 *   several dialogs (Kamailio's presence_dialoginfo has `force_single_dialog` for it).
 */
export const knownWatchers: readonly WatcherRule[] = [
  { userAgent: 'Linksys/', profile: oneDialog },
  { userAgent: 'Cisco/SPA', profile: oneDialog },
  { userAgent: 'Sipura/', profile: oneDialog },
];

/** The profile of a watcher by its User-Agent. */
export const profileOf = (rules: readonly WatcherRule[], userAgent: string): WatcherProfile => {
  const wanted = userAgent.toLowerCase();
  return rules.find((rule) => wanted.includes(rule.userAgent.toLowerCase()))?.profile ?? usualProfile;
};
