import type { Refusal } from '../../domain/outcome.js';
import type { LiveCall } from '../live-call.js';
import type { LiveCalls } from '../live-calls.js';
import type { Log } from '../ports.js';

/** What is done to a call at the moment: who wants something else of it waits for its end. */
export interface CallMove {
  /** It comes to the media server; otherwise it leaves it. */
  readonly isComing: boolean;
  /** Never rejects. */
  readonly result: Promise<Refusal | undefined>;
}

/** The calls that are on their way to the media server, or back. */
export interface CallMoves {
  of(call: LiveCall): CallMove | undefined;
  /** Does one thing to a call, with the sole right to; `lost-race` if somebody else has that. */
  begin(call: LiveCall, isComing: boolean, act: () => Promise<Refusal | undefined>): CallMove;
}

/** None yet. */
export const callMoves = ({ live, log }: { readonly live: Pick<LiveCalls, 'move'>; readonly log: Log }): CallMoves => {
  const moves = new Map<LiveCall, CallMove>();
  const surprise = (error: unknown): Refusal => {
    log.error({ error: error instanceof Error ? error.stack : String(error) }, 'surprise');
    return 'error';
  };
  return {
    of: (call) => moves.get(call),
    begin: (call, isComing, act) => {
      const done = live.move(call);
      if (!done) return { isComing, result: Promise.resolve('lost-race') };
      const over = (refusal: Refusal | undefined): Refusal | undefined => {
        moves.delete(call);
        done();
        return refusal;
      };
      const move: CallMove = { isComing, result: act().catch(surprise).then(over) };
      moves.set(call, move);
      return move;
    },
  };
};
