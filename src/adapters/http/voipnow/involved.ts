import type { Extension } from '../../../domain/names.js';
import type { KnownCall } from '../../../flows/call-directory.js';
import { maySee, maySeeOrPick, type Viewer } from '../v1/sight.js';
import type { Account } from './account.js';

/** Which calls a request is about: those of one extension, or (`@self`) of every extension under the account. */
export interface Scope {
  readonly viewer: Viewer;
  readonly account: Account;
  /** Undefined is `@self`. */
  readonly extension?: Extension;
}

/** Whose call it is, as far as the viewer may be told: an anonymous caller is known to himself only. */
const partiesOf = (viewer: Viewer, call: KnownCall): (Extension | undefined)[] => {
  const caller = call.isAnonymous && viewer.extension !== call.caller ? undefined : call.caller;
  return [call.target, ...(call.ringsAt ?? []), call.picker, caller];
};

/** True if the call is one that the request is about, and the viewer may know of it. */
export const isInvolved = ({ viewer, account, extension }: Scope, call: KnownCall): boolean => {
  const isMeant = partiesOf(viewer, call).some(
    (party) => party !== undefined && (extension === undefined ? account.has(party) : party === extension),
  );
  if (!isMeant) return false;
  return maySee(viewer, call) || (call.state === 'ringing' && maySeeOrPick(viewer, call));
};
