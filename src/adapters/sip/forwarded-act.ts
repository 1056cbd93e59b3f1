import type { Office, Tenant } from '../../domain/office.js';
import type { PickupKind, Refusal } from '../../domain/outcome.js';
import type { ForwardedAct } from '../../flows/act-request.js';
import type { ListenMode } from '../../flows/media.js';
import { extensionParty } from '../../flows/party.js';
import type { IncomingLeg, Log, Party } from '../../flows/ports.js';
import type { Stealing } from '../../flows/steal-call.js';
import { sideOf } from '../../flows/supervise/colleague.js';
import { handedLeg } from '../../flows/supervise/handed-leg.js';
import { foundOf, type StealFromDeps } from '../../flows/supervise/steal-from.js';
import type { Taken } from '../../flows/take-call.js';
import { actHeader, openAct, type SealedAct } from './act-header.js';
import { replies } from './replies.js';
import { sealedLife } from './seal.js';
import type { SipRequest } from './srf.js';
import type { Supervise } from './supervise-code.js';

/** What the owner's side of a forwarded act needs. */
export interface ForwardedActDeps extends Pick<StealFromDeps, 'live' | 'self'> {
  /** The office as it is now. */
  readonly office: () => Office;
  readonly supervise: Supervise;
  readonly stealCall: (stealing: Stealing) => Promise<Taken>;
  readonly log: Log;
}

/** Does what another instance asks for on a call of this one. */
export type ForwardedActDoor = (sealed: SealedAct, leg: IncomingLeg, isPrivate: boolean) => Promise<void>;

/** The act that an INVITE brings from another instance; undefined for every other INVITE. */
export const actIn = (req: SipRequest, secret: string | undefined): SealedAct | undefined => {
  const header = req.get(actHeader);
  return header && secret ? openAct(header, secret) : undefined;
};

/**
 * The owner's side: the call is heard, entered or taken by somebody who reached another instance, which counts the act. A no
 * is named by its phrase, for the other instance says it in its own words.
 */
export const makeForwardedActDoor = (deps: ForwardedActDeps): ForwardedActDoor => {
  const isFirst = heardOnce();
  return async (sealed, phone, isPrivate) => {
    if (!isFirst(sealed.once)) return refuse(phone, 'not-allowed');
    const tenant = deps.office().tenants.get(sealed.tenant);
    if (!tenant) return refuse(phone, 'no-call');
    const leg = handedLeg(phone, { ids: sealed.askerIds });
    const party = extensionParty(tenant, sealed.asker, isPrivate);
    const taken = await act(deps, { sealed, tenant, leg, party });
    if (!taken.ok) refuse(phone, taken.refusal);
    const { act: name, asker, extension, call: callId } = sealed;
    deps.log.info({ tenant: tenant.id, callId, act: name, asker, extension, taken: taken.ok }, 'forwarded act');
  };
};

/** Whether a word is heard for the first time, for as long as it could be said again: twice the life of a sealed text. */
const heardOnce = () => {
  const heard = new Map<string, number>();
  return (word: string): boolean => {
    const now = Date.now();
    for (const [each, at] of heard) {
      if (now - at <= 2 * sealedLife) break;
      heard.delete(each);
    }
    if (heard.has(word)) return false;
    heard.set(word, now);
    return true;
  };
};

/** How somebody takes part; the others are steals. */
const modes: Readonly<Partial<Record<ForwardedAct, ListenMode>>> = {
  eavesdrop: 'listen',
  whisper: 'whisper',
  barge: 'barge',
};

interface Asked {
  readonly sealed: SealedAct;
  readonly tenant: Tenant;
  readonly leg: IncomingLeg;
  readonly party: Party;
}

const act = async (deps: ForwardedActDeps, { sealed, tenant, leg, party }: Asked): Promise<Taken> => {
  const { act: name, asker, extension, call, ids } = sealed;
  const mode = modes[name];
  if (mode) {
    const asked = { tenant, supervisor: asker, mode, colleague: extension, call, ids, leg };
    return deps.supervise({ ...asked, isForwarded: true });
  }
  const side = await sideOf(deps.live, { tenant: tenant.id, extension, call, ids });
  const found = side ? foundOf(side, extension, deps.self) : 'no-call';
  if (found === 'no-call') return { ok: false, refusal: found };
  return deps.stealCall({ tenant, picker: asker, leg, party, found, method: name as PickupKind });
};

const refuse = (leg: IncomingLeg, refusal: Refusal): void => leg.refuse(replies[refusal].status, refusal);
