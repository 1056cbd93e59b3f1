import type { CallId, TenantId } from '../../domain/names.js';
import type { Refusal } from '../../domain/outcome.js';
import type { CallDirectory } from '../call-directory.js';
import type { RingEnd } from '../live-call.js';
import type { LiveCalls } from '../live-calls.js';
import { isOfExtension, type NewsStream } from '../news.js';

/** What watching a call needs. */
export interface WatchRingingDeps {
  readonly live: LiveCalls;
  readonly directory: CallDirectory;
  readonly news: NewsStream;
}

/** Which call of whose. */
export interface Watched {
  readonly tenant: TenantId;
  readonly call: CallId;
}

/** How often a call that another instance holds is looked at, in milliseconds: news get lost, and instances die. */
const lookEvery = 1_000;

/** Tells once, with what it means to who wanted the call, that it rings no more; returns how to stop. */
export const watchRinging = (
  deps: WatchRingingDeps,
  watched: Watched,
  over: (refusal: Refusal) => void,
): (() => void) => {
  const call = deps.live.get(watched.call);
  if (!call) return watchElsewhere(deps, watched, over);
  void call.over.then((end) => over(refusalOf(end)));
  return () => undefined;
};

/** Somebody was quicker, or there is nobody to talk to any more. */
const refusalOf = ({ kind }: RingEnd): Refusal =>
  kind === 'answered' || kind === 'offered' || kind === 'picked' ? 'lost-race' : 'caller-gone';

const watchElsewhere = (
  { directory, news }: WatchRingingDeps,
  { tenant, call }: Watched,
  over: (refusal: Refusal) => void,
): (() => void) => {
  const look = async (): Promise<void> => {
    const known = await directory.find(tenant, call);
    if (!known) over('caller-gone');
    else if (known.state === 'connected') over('lost-race');
  };
  // A store that is away says nothing of the call; whoever takes it then is refused by the claim.
  const lookAgain = (): void => void look().catch(() => undefined);
  const unlisten = news.listen(tenant, ({ news: told }) => {
    if (!isOfExtension(told) && told.call === call && told.event !== 'ringing') lookAgain();
  });
  const timer = setInterval(lookAgain, lookEvery);
  lookAgain();
  return () => {
    clearInterval(timer);
    unlisten();
  };
};
