import type { DialogIds } from '../domain/dialog.js';
import type { CallId, Extension } from '../domain/names.js';
import { domainOf, type Tenant } from '../domain/office.js';
import type { Refusal } from '../domain/outcome.js';
import { type PickupTarget, reachOf } from '../domain/policy.js';
import type { KnownCall } from './call-directory.js';
import type { MediaServers } from './media.js';
import type { IncomingLeg, Party } from './ports.js';
import { type Choice, chooseCall } from './preview-call/choose.js';
import { type EarlyEnds, endsLost, openEarlyEnds } from './preview-call/early-ends.js';
import { type WatchRingingDeps, watchRinging } from './preview-call/watch-ringing.js';

/** What looking at a call before taking it needs. */
export interface PreviewCallDeps extends WatchRingingDeps {
  readonly media: MediaServers;
  /** Hears the keys that an unanswered phone tells of by INFO; returns how to stop. */
  readonly onEarlyDigit: (ids: DialogIds, listener: (digit: string) => void) => () => void;
}

/** Who looks at which call. */
export interface Previewing {
  readonly tenant: Tenant;
  readonly picker: Extension;
  readonly target: PickupTarget;
  readonly leg: IncomingLeg;
  /** Settles when this instance stops: who looks is refused then. */
  readonly stopped: Promise<void>;
}

/** The call is to be taken now, or the picker is to be refused; either way with what the phone hears already. */
export type Previewed = ({ ok: true; call: CallId } | { ok: false; refusal: Refusal }) & { readonly ends?: EarlyEnds };

/** The key that takes the call. */
const takes = '1';

/**
 * Shows a picker the call that a pickup would take, while it rings on and nothing is claimed: its phone gets 180 with the
 * caller, and hears that there is a call. Settles when the call is to be taken (the key, or the time, is there) or
 * cannot be had any more. Rejects with the store.
 */
export const makePreviewCall =
  (deps: PreviewCallDeps) =>
  async (request: Previewing): Promise<Previewed> => {
    const choice = await choose(deps, request);
    if (!choice.ok) return choice;
    const { leg } = request;
    const ends = await openEarlyEnds(deps.media, { leg, call: choice.call.id, isHere: isHere(deps, choice) });
    leg.ringing({ talksTo: callerOf(deps, choice.call, request.tenant), ...(ends && { sdp: ends.phone.sdp }) });
    void ends?.phone.play('preview');
    const refusal = await decided(deps, { ...request, call: choice.call.id, ends });
    void ends?.phone.hush();
    const seen = refusal === undefined ? { ok: true as const, call: choice.call.id } : { ok: false as const, refusal };
    return { ...seen, ...(ends && { ends }) };
  };

const choose = async ({ directory }: PreviewCallDeps, { tenant, picker, target }: Previewing): Promise<Choice> => {
  const reach = reachOf(tenant, picker, target);
  if (!reach.ok) return reach;
  const calls = await directory.list(tenant.id).catch(() => undefined);
  if (!calls) return { ok: false, refusal: 'store-unreachable' };
  const choice = chooseCall(calls, { picker, ...reach });
  return !choice.ok && choice.refusal === 'no-call' && reach.otherwise
    ? { ok: false, refusal: reach.otherwise }
    : choice;
};

const isHere = ({ live }: PreviewCallDeps, { call }: Choice & { ok: true }): boolean => live.get(call.id) !== undefined;

/** Whom the phone shows; of a call that another instance holds, what every instance may know. */
const callerOf = ({ live }: PreviewCallDeps, call: KnownCall, tenant: Tenant): Party =>
  live.get(call.id)?.callerParty ?? {
    name: call.callerName,
    number: call.callerNumber,
    domain: domainOf(tenant),
    private: call.isAnonymous,
  };

interface Deciding extends Previewing {
  readonly call: CallId;
  readonly ends: EarlyEnds | undefined;
}

/** Waits for whatever comes first; undefined if the call is to be taken. */
const decided = async (deps: PreviewCallDeps, deciding: Deciding): Promise<Refusal | undefined> => {
  const { tenant, leg, call, ends } = deciding;
  const stops: (() => void)[] = [];
  const refusal = await new Promise<Refusal | undefined>((decide) => {
    const press = (digit: string) => digit === takes && decide(undefined);
    const timer = setTimeout(() => decide(undefined), tenant.media.previewSeconds * 1000);
    stops.push(() => clearTimeout(timer));
    stops.push(deps.onEarlyDigit(leg.ids, press));
    stops.push(watchRinging(deps, { tenant: tenant.id, call }, decide));
    leg.onGone(() => decide('picker-gone'));
    void deciding.stopped.then(() => decide('draining'));
    if (!ends) return;
    stops.push(ends.phone.onDigit(press));
    void endsLost(ends).then(() => decide('media-unavailable'));
  });
  for (const stop of stops) stop();
  return refusal;
};
