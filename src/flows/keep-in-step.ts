import type { OfficeDocument } from '../domain/tenant-document.js';
import type { StoreFollower } from './follow-store.js';
import type { OfficeKeeping } from './office-keeping.js';
import type { OfficeChange } from './office-store.js';
import { makeRerun } from './rerun.js';
import { takeOver } from './take-over.js';

/**
 * When the store is asked although nobody has told of a change, in milliseconds: now and then, after a failure, and
 * after the start, when this instance may not have been listening yet.
 */
const pauses = { between: 30_000, afterFailure: 1_000, afterStart: 1_000 };

/** What keeps the offices of an instance in step with the store. */
export interface InStep {
  /** Settles when the store has been asked for the first time, whether it could be reached or not. */
  readonly asked: Promise<void>;
  stop(): void;
}

/** Takes the office file over as soon as the store can be reached, and follows every change from then on. */
export const keepInStep = (keeping: OfficeKeeping, follower: StoreFollower, file: OfficeDocument): InStep => {
  const { store, log } = keeping;
  const rerun = makeRerun();
  const state = { isTakenOver: false, hasMissed: false, isAway: false, isStopped: false };
  let timer: ReturnType<typeof setTimeout> | undefined;

  const askIn = (milliseconds: number) => {
    clearTimeout(timer);
    if (!state.isStopped) timer = setTimeout(() => void ask(), milliseconds);
  };
  const failed = (error: unknown) => {
    if (!state.isAway && !state.isStopped)
      log.warn({ error: String(error) }, 'store away, the last office stays in force');
    state.hasMissed = true;
    state.isAway = true;
    askIn(pauses.afterFailure);
  };
  const read = async () => {
    const isFirst = !state.isTakenOver;
    if (isFirst) await takeOver(keeping, file);
    state.isTakenOver = true;
    const all = state.hasMissed;
    state.hasMissed = false;
    await follower.reload(all);
    state.isAway = false;
    askIn(isFirst ? pauses.afterStart : pauses.between);
  };
  const ask = () => rerun('everything', read).catch(failed);

  store.onChange((change) => {
    if (state.isStopped) return;
    // While the file is being taken over, what has been read already may change: everything is read once more then.
    if (change === 'anything' || !state.isTakenOver) {
      state.hasMissed = true;
      if (change === 'anything') void ask();
    } else void rerun(keyOf(change), () => follow(follower, change)).catch(failed);
  });
  return {
    asked: ask(),
    stop: () => {
      state.isStopped = true;
      clearTimeout(timer);
    },
  };
};

type KnownChange = Exclude<OfficeChange, 'anything'>;

const keyOf = (change: KnownChange): string =>
  change === 'installation' ? change : `${change.personal ? 'personal' : 'tenant'} ${change.tenant}`;

const follow = (follower: StoreFollower, change: KnownChange): Promise<void> => {
  if (change === 'installation') return follower.installation();
  return change.personal ? follower.personal(change.tenant) : follower.tenant(change.tenant);
};
