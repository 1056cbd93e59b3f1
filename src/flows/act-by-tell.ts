import { outcomeOf, type Refusal } from '../domain/outcome.js';
import type { Order, OrderedAct } from './orders.js';
import type { Log, Meter } from './ports.js';
import { actOf } from './supervise/acts.js';
import { tellPickup } from './tell-pickup.js';

/** What became of an act that a program wanted, before any flow of a phone counted it. */
export interface ActToTell extends Partial<Pick<Order, 'id' | 'call'>>, Pick<Order, 'tenant' | 'target' | 'sendTo'> {
  readonly act: OrderedAct;
  readonly refusal: Refusal | undefined;
  /** By `performance.now()`. */
  readonly began: number;
}

/** What telling needs. */
export interface TellDeps {
  readonly meter: Pick<Meter, 'supervised' | 'pickupEnded'>;
  readonly log: Log;
}

/** One line and one count for a refused act, in the words of the same act by code. */
export const tellRefusedAct = (deps: TellDeps, told: ActToTell & { readonly refusal: Refusal }): void => {
  const { act, refusal, began, target, sendTo } = told;
  if (act === 'steal') {
    deps.meter.supervised('steal', outcomeOf(refusal));
    tellSteal(deps, told);
    return;
  }
  const outcome = outcomeOf(refusal);
  deps.meter.supervised(actOf(act), outcome);
  const ms = Math.round((performance.now() - began) * 10) / 10;
  const facts = { ...factsOf(told), supervisor: sendTo, colleague: target, act: actOf(act) };
  deps.log.info({ ...facts, outcome, refusal, ms }, 'supervision');
};

/** A steal is a pickup too, and is told of as one whatever came of it. */
export const tellSteal = (deps: TellDeps, told: ActToTell): void => {
  const facts = { ...factsOf(told), picker: told.sendTo, target: told.target };
  tellPickup(deps, { kind: 'steal', refusal: told.refusal, began: told.began, facts });
};

const factsOf = ({ id, call, tenant }: ActToTell): object => ({
  ...(call !== undefined && { callId: call }),
  tenant,
  ...(id !== undefined && { order: id }),
});
