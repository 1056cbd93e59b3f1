import type { Extension, TenantId } from '../domain/names.js';
import { mayStillWake, wokenBy } from '../domain/push.js';
import type { LiveCall } from './live-call.js';
import type { Binding, DialResult, OutgoingLeg } from './ports.js';

/** Tells the phones of a number, all of them, whenever one that a push can wake has registered; returns how to stop. */
export type FollowPhones = (listener: (phones: readonly Binding[]) => void) => () => void;

/** Where phones tell that they are awake, at whichever instance they do. */
export type WokenPhones = (tenant: TenantId, number: Extension) => FollowPhones;

/** A phone that sleeps, and how it is called. */
export interface Waking {
  readonly call: LiveCall;
  readonly phone: Binding;
  readonly follow: FollowPhones;
  /** How long it may be out of reach, in milliseconds. */
  readonly patience: number;
  /** Sends a leg to where the phone is; in the place of another that never reached it. */
  dial(phone: Binding, before?: OutgoingLeg): OutgoingLeg;
}

/**
 * A leg to a phone that sleeps until a push wakes it (RFC 8599). Whoever sends the push, the phone registers when it is
 * awake: unless it rings already, it is called again where it is then, and no more where it was. One leg at a time, so
 * that a phone never rings twice for a call; seen from outside it is one leg all the while, but its id changes.
 */
export const wakingLeg = ({ call, phone, follow, patience, dial }: Waking): OutgoingLeg => {
  const name = wokenBy(phone.contact);
  let [at, leg] = [phone, dial(phone)];
  /** Nobody was there: the phone is waited for. */
  let missed: DialResult | undefined;
  let [isPatient, isStopped] = [true, false];
  let settle: (result: DialResult) => void = () => undefined;
  const result = new Promise<DialResult>((resolve) => {
    settle = resolve;
  });

  const end = (how: DialResult): void => {
    isStopped = true;
    clearTimeout(timer);
    unfollow();
    settle(how);
  };
  const hear = async (current: OutgoingLeg): Promise<void> => {
    const how = await current.result;
    if (current !== leg) return;
    const waits = isPatient && !isStopped && !call.noted.has(leg.id) && how.kind === 'failed';
    if (waits && mayStillWake(how.status)) missed = how;
    else end(how);
  };
  const callAgain = (phones: readonly Binding[]): void => {
    const now = phones.find(({ contact }) => wokenBy(contact) === name);
    const isCalled = call.noted.has(leg.id) || (!missed && now !== undefined && isSamePlace(now, at));
    if (!now || isStopped || isCalled) return;
    call.log.info({ leg: leg.id }, 'phone has woken up');
    call.legGone(self);
    leg.stop({ kind: 'elsewhere' }); // It may have come through after all: no missed call.
    [at, leg, missed] = [now, dial(now, leg), undefined];
    call.dialled(self);
    void hear(leg);
  };
  const timer = setTimeout(() => {
    isPatient = false;
    if (missed) end(missed);
  }, patience);
  const unfollow = follow(callAgain);

  const self: OutgoingLeg = {
    get id() {
      return leg.id;
    },
    get ids() {
      return leg.ids;
    },
    result,
    stop: (reason) => {
      isStopped = true;
      if (missed) end(missed);
      else leg.stop(reason);
    },
  };
  void hear(leg);
  return self;
};

const isSamePlace = (a: Binding, b: Binding): boolean => a.contact === b.contact && a.path.join() === b.path.join();
