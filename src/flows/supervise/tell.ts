import type { CallId, Extension, TenantId } from '../../domain/names.js';
import { outcomeOf, type Refusal } from '../../domain/outcome.js';
import type { ListenMode } from '../media.js';
import type { Log, Meter } from '../ports.js';
import { actOf } from './acts.js';

/** What became of somebody's wish to take part in a call, at its beginning or by a switch. */
export interface ActEnd {
  readonly tenant: TenantId;
  readonly supervisor: Extension;
  readonly colleague: Extension;
  readonly mode: ListenMode;
  /** Undefined where none was found. */
  readonly call: CallId | undefined;
  readonly sipCallId: string;
  /** Undefined: it was done. */
  readonly refusal: Refusal | undefined;
  /** By `performance.now()`. */
  readonly began: number;
}

/** One line and one count for every act, in the same words, whichever way it was asked for. */
export const tellAct = ({ meter, log }: { meter: Pick<Meter, 'supervised'>; log: Log }, end: ActEnd): void => {
  const { mode, refusal, began, call, ...facts } = end;
  const outcome = refusal === undefined ? 'answered' : outcomeOf(refusal);
  const act = actOf(mode);
  meter.supervised(act, outcome);
  const ms = Math.round((performance.now() - began) * 10) / 10;
  log.info(
    { ...facts, ...(call !== undefined && { callId: call }), act, outcome, ...(refusal && { refusal }), ms },
    'supervision',
  );
};
