import type { Extension } from '../../../domain/names.js';
import { maySee, type Parties, type Viewer } from './sight.js';

/**
 * True if the viewer may know that somebody takes part in a call: whoever speaks for the company, and the supervisor's own
 * user. Nobody else's token is told, least of all the parties': whether those are to know that they are listened to is the
 * company's to say (`media.notice`), and then they hear it in the call itself; no right over calls gives it to a program.
 */
export const maySeeSupervision = (
  viewer: Viewer,
  { supervisor }: { readonly supervisor: Extension },
  call: Parties,
): boolean => {
  const { tenant, extension, user } = viewer;
  if (extension === undefined) return maySee(viewer, call);
  return extension === supervisor || (user !== undefined && tenant.extensions.get(supervisor)?.user === user);
};
