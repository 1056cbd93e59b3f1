/**
 * What a Replaces may be besides what RFC 3891 asks for, because some phones send it so (protocol.md R14, R24, R25, R27):
 * a value that is percent-escaped; the tags the wrong way round; no tags; or the ids of the caller's own dialog.
 */
export const leniencies = ['escaped', 'swapped-tags', 'call-id-only', 'caller-dialog'] as const;

/** One of {@link leniencies}. */
export type Leniency = (typeof leniencies)[number];
