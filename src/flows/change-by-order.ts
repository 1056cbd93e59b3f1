import type { Refusal } from '../domain/outcome.js';
import type { Order, Orders, SupervisionChange } from './orders.js';
import type { Log } from './ports.js';
import type { Supervisions } from './supervise/supervisions.js';
import type { Waiting } from './waiting-orders.js';

/** What changing supervisions by program needs. */
export interface ChangeByOrderDeps {
  readonly orders: Pick<Orders, 'note'>;
  readonly supervisions: Pick<Supervisions, 'byId'>;
  readonly waiting: Waiting;
  readonly log: Log;
}

/** The owner's part of switching or ending a supervision by program. Never rejects. */
export const makeChangeByOrder =
  (deps: ChangeByOrderDeps) =>
  async (order: Order, change: SupervisionChange): Promise<void> => {
    const refusal = await carryOut(deps, order, change).catch((error): Refusal => {
      deps.log.error({ order: order.id, error: error instanceof Error ? error.stack : String(error) }, 'surprise');
      return 'error';
    });
    await deps.orders
      .note(order, refusal === undefined ? { state: 'answered' } : { state: 'failed', refusal })
      .catch((error) => deps.log.warn({ order: order.id, error: String(error) }, 'order not noted'));
  };

const carryOut = async (
  { supervisions, waiting }: ChangeByOrderDeps,
  { tenant }: Order,
  { supervision, to }: SupervisionChange,
): Promise<Refusal | undefined> => {
  const running = supervisions.byId(tenant, supervision);
  if (running && to !== 'stop') return running.setMode(to);
  // It is over at once; only the phone's answer to the BYE takes its time.
  if (running) void running.stop();
  else if (to !== 'stop' || !waiting.cancel(tenant, supervision)) return 'no-call';
  return undefined;
};
