import type { Log } from '../../flows/ports.js';
import { type Door, guarded } from './door.js';
import { allowEvents } from './event-header.js';
import { capabilities, capabilitiesWith } from './headers.js';
import { refuseWith } from './refuse.js';
import { checkRequire } from './request-checks.js';
import type { Srf } from './srf.js';
import { hasToTag } from './subscribe-again.js';

/** The doors of the SIP side. */
export interface Doors {
  readonly invite: Door;
  readonly register: Door;
  readonly subscribe: Door;
  readonly publish: Door;
  /** Of INFO outside established dialogs. */
  readonly info: Door;
  /** Of MESSAGE outside calls. */
  readonly message: Door;
  readonly isDraining: () => boolean;
  /** Calls can be joined here (RFC 3911 section 7.2). */
  readonly joins?: boolean;
  /** Counts every request by method. */
  readonly seen: (method: string) => void;
}

/** Gives every request from outside a dialog its door. A method without one would be answered 404 by srf. */
export const openSipDoors = (srf: Srf, doors: Doors, log: Log): void => {
  const at = (door: Door): Door => {
    const safe = guarded(withoutReplaces(door), log);
    return (req, res) => {
      doors.seen(req.method);
      return safe(req, res);
    };
  };
  srf.invite(at(beginning(doors.invite)));
  srf.register(at(doors.register));
  srf.options(at(optionsDoor(doors)));
  srf.subscribe(at(doors.subscribe));
  srf.publish(at(doors.publish));
  srf.message(at(doors.message));
  srf.refer(at(notAllowed));
  srf.info(at(doors.info));
  for (const stray of [srf.notify, srf.update, srf.prack]) {
    stray.call(
      srf,
      at((_req, res) => refuseWith(res, { status: 481 })),
    );
  }
};

/** The only dialogs of which requests come here are those of subscriptions: no call is made in one (RFC 5057 section 5). */
const beginning =
  (door: Door): Door =>
  (req, res) =>
    hasToTag(req) ? refuseWith(res, { status: 488, phrase: 'No Call Inside A Subscription' }) : door(req, res);

/** Replaces means something in an INVITE alone (RFC 3891 section 3, protocol.md R1). */
const withoutReplaces =
  (door: Door): Door =>
  (req, res) =>
    req.method !== 'INVITE' && req.has('Replaces')
      ? refuseWith(res, { status: 400, phrase: 'Replaces Outside INVITE' })
      : door(req, res);

/** An edge asks by OPTIONS whether it may send calls: 503 while draining takes us out of its dispatcher (ecosystem.md 4). */
const optionsDoor =
  ({ isDraining, joins }: Pick<Doors, 'isDraining' | 'joins'>): Door =>
  (req, res) => {
    if (!/^sips?:/i.test(req.uri)) return refuseWith(res, { status: 416 });
    const unmet = checkRequire()(req);
    if (unmet) return refuseWith(res, unmet);
    if (isDraining()) return refuseWith(res, { status: 503, headers: { 'Retry-After': '5' } });
    res.send(200, { headers: { ...capabilitiesWith(joins), ...allowEvents, Accept: 'application/sdp' } });
  };

const notAllowed: Door = (_req, res) => refuseWith(res, { status: 405, headers: { Allow: capabilities.Allow } });
