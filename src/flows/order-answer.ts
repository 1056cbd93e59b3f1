import type { Refusal } from '../domain/outcome.js';
import type { Order, OrderRecord, Orders } from './orders.js';

/** How long the owner may take for what it does at once, in milliseconds. */
const patience = 3_000;

/** How often it is asked whether it has, in milliseconds. */
const pause = 20;

/**
 * Waits for the end of an order that calls no phone: undefined if it was done, `owner-unreachable` if nobody said anything
 * in time. Rejects if the store cannot be reached.
 */
export const answerOf = async (orders: Pick<Orders, 'find'>, { tenant, id }: Order): Promise<Refusal | undefined> => {
  for (const until = Date.now() + patience; Date.now() < until; await waited()) {
    const record: OrderRecord | undefined = await orders.find(tenant, id);
    if (record?.state === 'answered') return undefined;
    if (record?.state === 'failed') return record.refusal;
  }
  return 'owner-unreachable';
};

const waited = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, pause));
