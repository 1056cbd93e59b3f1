import type { CallId } from '../domain/names.js';
import type { Refusal } from '../domain/outcome.js';
import type { Talking } from './live-calls.js';
import { extensionParty } from './party.js';
import { accompany } from './supervise/accompany.js';
import { sideOf } from './supervise/colleague.js';
import type { SuperviseDeps as CourseDeps } from './supervise/course.js';
import { refusalInCall, refusalOfWish, type Wish } from './supervise/judge.js';
import { takeSeat } from './supervise/seat.js';
import type { BegunElsewhere, SupervisingElsewhere } from './supervise/supervise-elsewhere.js';
import { connectPhone } from './supervise/supervisor-phone.js';
import { tellAct } from './supervise/tell.js';
import type { Taken } from './take-call.js';

/** What supervising needs. */
export interface SuperviseDeps extends CourseDeps {
  /** Leaves it to the instance that holds the call. */
  readonly elsewhere: (asked: SupervisingElsewhere) => Promise<BegunElsewhere>;
}

/** The same, as it comes to the instance that may hold the call. */
export interface Supervising extends SupervisingElsewhere {
  /** What the supervision is to be called; one is made up if there is none. */
  readonly id?: string;
  /** Another instance has handed it on, and tells and counts what becomes of it. */
  readonly isForwarded?: true | undefined;
}

/**
 * Has somebody listen to a colleague's call, whisper to him, or enter it (RFC 3911). The call is moved onto the media
 * server for that; whatever fails leaves it as it was. Settles when the supervision runs, which then goes on by itself.
 * Refusals: those of the policy, `own-call`, `private-call`, `no-call`, and those of `Anchoring.need` and of the phone.
 * A call of another instance is left to that one, by which the phone is then answered; what was asked for under an id is
 * `no-call` there.
 */
export const makeSupervise =
  (deps: SuperviseDeps) =>
  async (asked: Supervising): Promise<Taken> => {
    const began = performance.now();
    const begun = await begin(deps, asked).catch((error): BegunElsewhere => {
      deps.log.error({ error: error instanceof Error ? error.stack : String(error) }, 'surprise');
      return no('error');
    });
    const { supervisor, colleague, mode, tenant } = asked;
    const done: Taken = begun.ok ? { ok: true } : { ok: false, refusal: begun.refusal };
    if (asked.isForwarded) return done;
    const facts = { tenant: tenant.id, supervisor, colleague, sipCallId: asked.leg.sipCallId, began };
    tellAct(deps, { ...facts, mode, call: begun.call, refusal: begun.ok ? undefined : begun.refusal });
    return done;
  };

const no = (refusal: Refusal, call?: CallId): BegunElsewhere => ({
  ok: false,
  refusal,
  ...(call !== undefined && { call }),
});

const begin = async (deps: SuperviseDeps, asked: Supervising): Promise<BegunElsewhere> => {
  const wish: Wish = asked;
  const refused = refusalOfWish(wish);
  if (refused) return no(refused);
  const { tenant, colleague: extension, call, ids } = asked;
  const side = await sideOf(deps.live, { tenant: tenant.id, extension, call, ids });
  if (!side) return asked.isForwarded || asked.id !== undefined ? no('no-call') : deps.elsewhere(asked);
  const { id } = side.call.record;
  const refusal = refusalInCall(wish, side) ?? (await sitDown(deps, asked, side));
  return refusal ? no(refusal, id) : { ok: true, call: id };
};

/** The endpoint and the ear first, the phone's 200 last: until then an error can still be answered (protocol.md J8). */
const sitDown = async (deps: SuperviseDeps, asked: Supervising, side: Talking): Promise<Refusal | undefined> => {
  const { tenant, colleague, mode, leg } = asked;
  const offer = leg.offer.kind === 'sdp' ? { offer: leg.offer.body } : {};
  const seated = await takeSeat(deps, { side, mode }, (beside) =>
    deps.media.open({ ...offer, call: side.call.record.id, beside }),
  );
  if (!seated.ok) return seated.refusal;
  const { seat } = seated;
  const talksTo = extensionParty(tenant, colleague, false);
  const connected = await connectPhone(leg, seat.own, { talksTo, mode }).catch(async (error) => {
    deps.log.error({ error: error instanceof Error ? error.stack : String(error) }, 'surprise');
    return no('error') as { ok: false; refusal: Refusal };
  });
  if (!connected.ok) {
    await seat.own.release();
    seat.leave();
    return connected.refusal;
  }
  accompany(deps, { ...asked, seat, side, phone: connected.leg });
  return undefined;
};
