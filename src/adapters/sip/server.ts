import type { Log } from '../../flows/ports.js';
import { type Door, guarded } from './door.js';
import { capabilities } from './headers.js';
import { refuseWith } from './incoming-leg.js';
import type { Srf } from './srf.js';

/** The doors of the SIP side. */
export interface Doors {
  readonly invite: Door;
  readonly register: Door;
  readonly isDraining: () => boolean;
  /** Counts every request by method. */
  readonly seen: (method: string) => void;
}

/** Gives every request from outside a dialog its door. A method without one would be answered 404 by srf. */
export const openSipDoors = (srf: Srf, doors: Doors, log: Log): void => {
  const at = (door: Door): Door => {
    const safe = guarded(door, log);
    return (req, res) => {
      doors.seen(req.method);
      return safe(req, res);
    };
  };
  srf.invite(at(doors.invite));
  srf.register(at(doors.register));
  srf.options(at(optionsDoor(doors.isDraining)));
  srf.subscribe(at((_req, res) => refuseWith(res, { status: 489 })));
  srf.publish(at((_req, res) => refuseWith(res, { status: 489 })));
  srf.message(at(notAllowed));
  srf.refer(at(notAllowed));
  for (const stray of [srf.info, srf.notify, srf.update, srf.prack]) {
    stray.call(
      srf,
      at((_req, res) => refuseWith(res, { status: 481 })),
    );
  }
};

/** An edge asks by OPTIONS whether it may send calls: 503 while draining takes us out of its dispatcher (ecosystem.md 4). */
const optionsDoor =
  (isDraining: () => boolean): Door =>
  (req, res) => {
    const unknown = (req.get('Require') ?? '').trim();
    if (!/^sips?:/i.test(req.uri)) return refuseWith(res, { status: 416 });
    if (unknown)
      return refuseWith(res, {
        status: 420,
        headers: { Unsupported: unknown.slice(0, 200).replace(/[^\w., -]/g, '') },
      });
    if (isDraining()) return refuseWith(res, { status: 503, headers: { 'Retry-After': '5' } });
    res.send(200, { headers: { ...capabilities, Accept: 'application/sdp' } });
  };

const notAllowed: Door = (_req, res) => refuseWith(res, { status: 405, headers: { Allow: capabilities.Allow } });
