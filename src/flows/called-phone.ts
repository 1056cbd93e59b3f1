import type { CallId, Extension, TenantId } from '../domain/names.js';
import { domainOf, type Tenant } from '../domain/office.js';
import type { Refusal } from '../domain/outcome.js';
import { offeringLeg } from './offering-leg.js';
import type { Binding, DialResult, EndReason, IncomingLeg, Legs, OutgoingLeg, Party } from './ports.js';

/** What calling somebody's phones needs. */
export interface CallPhoneDeps {
  readonly legs: Pick<Legs, 'dial'>;
  readonly phones: (tenant: TenantId, extension: Extension) => Promise<readonly Binding[]>;
}

/** Whose phones are called, for what. */
export interface CallingPhone {
  readonly tenant: Tenant;
  readonly extension: Extension;
  /** The call that the phone is to have to do with. */
  readonly call: CallId;
  /** Whom the phones show. */
  readonly shows: Party;
  readonly waitSeconds: number;
  /** Settles when there is nothing to be called for any more, with what that is called. */
  readonly over: Promise<Refusal>;
  /** The phones are being called. */
  rings(): void;
}

/** The phone that answered, as if it had called us, or why there is none. */
export type CalledPhone = { ok: true; leg: IncomingLeg } | { ok: false; refusal: Refusal };

const no = (refusal: Refusal): CalledPhone => ({ ok: false, refusal });

/**
 * Calls the phones of an extension without an offer (RFC 3725 section 4.1), until one answers; that one has made an offer
 * with its 200 and waits for what becomes of it. Refusals: `store-unreachable`, `not-registered`, `no-answer`, `declined`,
 * `media-mismatch` (it answered and offered nothing), and what `over` says. Never rejects.
 */
export const callPhone = async (deps: CallPhoneDeps, calling: CallingPhone): Promise<CalledPhone> => {
  const { tenant, extension } = calling;
  const phones = await deps.phones(tenant.id, extension).catch(() => undefined);
  if (!phones) return no('store-unreachable');
  if (phones.length === 0) return no('not-registered');
  return new Promise((resolve) => ringAll(deps, { calling, phones, resolve }));
};

interface Ringing {
  readonly calling: CallingPhone;
  readonly phones: readonly Binding[];
  resolve(called: CalledPhone): void;
}

const ringAll = (deps: CallPhoneDeps, { calling, phones, resolve }: Ringing): void => {
  const legs = new Set<OutgoingLeg>();
  const statuses: number[] = [];
  let over: EndReason | undefined;
  const settle = (called: CalledPhone): void => {
    if (over) return;
    const reason: EndReason = { kind: called.ok ? 'elsewhere' : 'other-party' };
    over = reason;
    clearTimeout(timer);
    for (const leg of legs) leg.stop(reason);
    resolve(called);
  };
  const timer = setTimeout(() => settle(no('no-answer')), calling.waitSeconds * 1000);
  calling.rings();
  for (const phone of phones) {
    const leg = dial(deps, calling, phone);
    legs.add(leg);
    void leg.result.then((result) => {
      legs.delete(leg);
      if (over) return giveUp(result, over);
      if (result.kind === 'offered' && result.sdp) return settle({ ok: true, leg: offeringLeg(result) });
      statuses.push(result.kind === 'failed' ? result.status : 488);
      void giveUp(result, { kind: 'failure', text: 'No SDP In 200' });
      if (legs.size === 0) settle(no(failureOf(statuses)));
    });
  }
  void calling.over.then((refusal) => settle(no(refusal)));
};

const dial = (deps: CallPhoneDeps, { call, tenant, extension, shows }: CallingPhone, phone: Binding): OutgoingLeg =>
  deps.legs.dial({
    ...{ call, uri: phone.contact, path: phone.path, caller: shows, passed: {}, offer: { kind: 'delayed' } },
    callee: { number: extension, domain: domainOf(tenant) },
    onRinging: () => undefined,
  });

/** A phone that has answered for nothing is let go. */
const giveUp = async (result: DialResult, reason: EndReason): Promise<void> => {
  if (result.kind === 'answered') return result.leg.end(reason);
  if (result.kind === 'offered') return result.abandon();
};

/** What the phones' own no means, of all of them. */
export const failureOf = (statuses: readonly number[]): Refusal => {
  if (statuses.some((status) => status === 486 || (status >= 600 && status !== 606))) return 'declined';
  return statuses.some((status) => status === 488 || status === 606) ? 'media-mismatch' : 'no-answer';
};
