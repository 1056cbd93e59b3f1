import type { Tenant } from '../domain/office.js';
import type { Refusal } from '../domain/outcome.js';
import { refusalOfAct } from './act-by-rules.js';
import { type TellDeps, tellRefusedAct, tellSteal } from './act-by-tell.js';
import { type CallPhoneDeps, callPhone } from './called-phone.js';
import type { LiveCalls } from './live-calls.js';
import type { MediaServers } from './media.js';
import type { Order, OrderedAct, OrderState, Orders } from './orders.js';
import { extensionParty } from './party.js';
import type { IncomingLeg } from './ports.js';
import { sideOf } from './supervise/colleague.js';
import { refusalInCall } from './supervise/judge.js';
import type { StealFrom } from './supervise/steal-from.js';
import type { Supervisions } from './supervise/supervisions.js';
import type { Supervising } from './supervise.js';
import type { Taken } from './take-call.js';
import type { Waiting } from './waiting-orders.js';

/** What carrying out acts by program needs. */
export interface ActByOrderDeps extends CallPhoneDeps, TellDeps {
  readonly orders: Pick<Orders, 'note'>;
  readonly live: Pick<LiveCalls, 'talks' | 'joined' | 'gone'>;
  readonly media: Pick<MediaServers, 'isUp'>;
  readonly supervisions: Pick<Supervisions, 'byId'>;
  readonly waiting: Waiting;
  /** The company as it is now: its rules may have changed since the order was placed. */
  readonly tenant: (id: Tenant['id']) => Tenant | undefined;
  /** Both count and ask the rules by themselves, and leave the phone's final no to whoever has it. */
  readonly supervise: (asked: Supervising) => Promise<Taken>;
  readonly stealFrom: (asked: StealFrom) => Promise<Taken>;
}

interface Doing {
  readonly order: Order;
  readonly act: OrderedAct;
  readonly began: number;
}

/**
 * The owner's part of an act by program: the phones of who wants it are called, and the one that answers does what a phone
 * does that has dialled the code. Nobody notices before that. Never rejects.
 */
export const makeActByOrder =
  (deps: ActByOrderDeps) =>
  async (order: Order, act: OrderedAct): Promise<void> => {
    const doing = { order, act, began: performance.now() };
    const waits = deps.waiting.add(order);
    const refusal = await carryOut(deps, doing, waits.over).catch((error): Refusal => {
      deps.log.error({ order: order.id, error: error instanceof Error ? error.stack : String(error) }, 'surprise');
      return 'error';
    });
    if (refusal === undefined && waits.isOver) void deps.supervisions.byId(order.tenant, order.id)?.stop();
    waits.done();
    note(deps, order, refusal === undefined ? { state: 'answered' } : { state: 'failed', refusal });
  };

const note = ({ orders, log }: ActByOrderDeps, order: Order, state: OrderState): void => {
  orders.note(order, state).catch((error) => log.warn({ order: order.id, error: String(error) }, 'order not noted'));
};

const carryOut = async (deps: ActByOrderDeps, doing: Doing, over: Promise<Refusal>): Promise<Refusal | undefined> => {
  const { order } = doing;
  const tenant = deps.tenant(order.tenant);
  const refusal = tenant ? await refusalBefore(deps, doing, tenant) : 'not-allowed';
  if (!tenant || refusal) return refused(deps, doing, refusal ?? 'not-allowed');
  const called = await callPhone(deps, {
    ...{ tenant, extension: order.sendTo, call: order.call, waitSeconds: order.waitSeconds },
    shows: extensionParty(tenant, order.target, false),
    over: Promise.race([over, deps.live.gone(order.call).then((): Refusal => 'no-call')]),
    rings: () => note(deps, order, { state: 'ringing' }),
  });
  if (!called.ok) return refused(deps, doing, called.refusal);
  // The rules may be others by now: they are asked again, as they are.
  const now = deps.tenant(order.tenant);
  const taken = now ? await take(deps, doing, { leg: called.leg, tenant: now }) : gone;
  if (!taken.ok) called.leg.refuse(480);
  return taken.ok ? undefined : taken.refusal;
};

/** The company is there no more. */
const gone: Taken = { ok: false, refusal: 'not-allowed' };

/** What would be refused anyway rings nobody's phone. */
const refusalBefore = async (
  deps: ActByOrderDeps,
  { order, act }: Doing,
  tenant: Tenant,
): Promise<Refusal | undefined> => {
  const { sendTo: by, target: extension, call } = order;
  const refusal = refusalOfAct({ tenant, act, by, extension });
  if (refusal) return refusal;
  const side = await sideOf(deps.live, { tenant: tenant.id, extension, call });
  if (!side) return 'no-call';
  if (act === 'steal') return undefined;
  const inCall = refusalInCall({ tenant, supervisor: by, colleague: extension, mode: act }, side);
  return inCall ?? (deps.media.isUp ? undefined : 'media-unavailable');
};

const refused = (deps: ActByOrderDeps, { order, act, began }: Doing, refusal: Refusal): Refusal => {
  tellRefusedAct(deps, { ...order, act, refusal, began });
  return refusal;
};

interface Answered {
  readonly leg: IncomingLeg;
  readonly tenant: Tenant;
}

const take = async (deps: ActByOrderDeps, { order, act, began }: Doing, answered: Answered): Promise<Taken> => {
  const { id, sendTo: by, target: extension, call } = order;
  if (act !== 'steal')
    return deps.supervise({ ...answered, id, call, supervisor: by, colleague: extension, mode: act });
  const party = extensionParty(answered.tenant, by, false);
  const taken = await deps.stealFrom({ ...answered, picker: by, party, extension, call });
  tellSteal(deps, { ...order, act, refusal: taken.ok ? undefined : taken.refusal, began });
  return taken;
};
