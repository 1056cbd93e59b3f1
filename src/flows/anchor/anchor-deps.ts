import type { Anchors } from '../anchors.js';
import type { MediaServers } from '../media.js';

/** When calls talk through the media server: where they cannot without; all of them; none (`MEDIA`). */
export type MediaUse = 'auto' | 'always' | 'never';

/** What bringing phones to the media server needs. */
export interface AnchorDeps {
  readonly media: MediaServers;
  readonly anchors: Anchors;
  readonly mediaUse: MediaUse;
}

/** Whether endpoints may be asked for, and a server is there to give them. */
export const mayAnchor = ({ media, mediaUse }: Pick<AnchorDeps, 'media' | 'mediaUse'>): boolean =>
  mediaUse !== 'never' && media.isUp;
