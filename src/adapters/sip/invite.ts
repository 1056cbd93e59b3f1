import type { Group } from '../../domain/group.js';
import { groupOfNumber } from '../../domain/hunt.js';
import { type Extension, readExtension } from '../../domain/names.js';
import { domainOf } from '../../domain/office.js';
import { decodeDialled, readDialled } from '../../domain/service-code.js';
import { extensionParty } from '../../flows/party.js';
import type { IncomingLeg, Party } from '../../flows/ports.js';
import type { IncomingCall } from '../../flows/route-call.js';
import { watchCancel } from './cancel-watch.js';
import type { SealedClaim } from './claim-header.js';
import type { Door } from './door.js';
import { claimIn } from './forwarded.js';
import { actIn, type ForwardedActDoor } from './forwarded-act.js';
import { passedHeaders } from './headers.js';
import type { Sender } from './identity.js';
import { incomingLeg } from './incoming-leg.js';
import { type JoinCall, modeHeader } from './join-door.js';
import { refuseWith } from './refuse.js';
import type { ReplacesCall } from './replaces-door.js';
import { refuseLeg } from './replies.js';
import { screenInvite } from './screen.js';
import type { ServiceCodeDoor } from './service-codes.js';
import type { OpenLegs } from './sip-leg.js';
import { keepPending, parseUri, type SipRequest, type SipResponse } from './srf.js';

/** What sorting an INVITE needs. */
export interface InviteDeps {
  readonly identify: (req: SipRequest) => Sender;
  readonly open: OpenLegs;
  readonly isDraining: () => boolean;
  readonly routeCall: (call: IncomingCall) => Promise<void>;
  readonly serviceCode: ServiceCodeDoor;
  readonly replaces: (call: ReplacesCall) => Promise<void>;
  /** Undefined where no call can be joined. */
  readonly join?: ((call: JoinCall) => Promise<void>) | undefined;
  /** The owner's side of a pickup that another instance hands on. */
  readonly forwarded: (claim: SealedClaim, picker: IncomingLeg, isPrivate: boolean) => Promise<void>;
  /** The same of an act on an answered call. */
  readonly forwardedAct: ForwardedActDoor;
  readonly secret: () => string | undefined;
  /** Counts a request that got no further, by a reason of a closed set. */
  readonly rejected: (reason: string) => void;
}

/** The door of every INVITE that begins something: an ordinary call, or a service code. */
export const makeInviteDoor = (deps: InviteDeps): Door => {
  const waiting = new Map<string, readonly [SipRequest, SipResponse]>();

  return async (req, res) => {
    const callId = req.get('Call-ID') ?? '';
    const first = waiting.get(callId);
    if (first || deps.open.has(callId)) {
      // srf finds the INVITE of a CANCEL by Call-ID alone, so a second one would be cancelled for the first; and
      // drachtio-server the dialog of a session timer, so a second one would have that of the first.
      reject(deps, res, { status: 482, reason: 'call-id-in-use' });
      return first && keepPending(...first);
    }
    const cancel = watchCancel(req);

    const screened = screenInvite(req, deps.join !== undefined);
    if (!screened.ok) return reject(deps, res, { ...screened.rejection, reason: 'bad-request' });
    const leg = incomingLeg({ req, res, offer: screened.offer, open: deps.open }, cancel);
    const claim = claimIn(req, deps.secret());
    if (claim) return deps.forwarded(claim, leg, isPrivate(req));
    const act = actIn(req, deps.secret());
    if (act) return deps.forwardedAct(act, leg, isPrivate(req));

    const sender = deps.identify(req);
    if (sender.kind === 'challenge') {
      return refuseWith(res, { status: 401, headers: { 'WWW-Authenticate': sender.value } });
    }
    if (sender.kind === 'forbidden') return reject(deps, res, { status: 403, phrase: 'Forbidden', reason: 'identity' });

    waiting.set(callId, [req, res]);
    try {
      await sort(deps, { req, sender, leg, user: screened.user });
    } finally {
      waiting.delete(callId);
    }
  };
};

interface Rejected {
  readonly status: number;
  readonly phrase?: string;
  readonly headers?: Record<string, string>;
  readonly reason: string;
}

const reject = (deps: InviteDeps, res: SipResponse, { reason, ...reply }: Rejected): void => {
  deps.rejected(reason);
  refuseWith(res, reply);
};

type KnownSender = Extract<Sender, { kind: 'extension' | 'outside' }>;

interface Arrival {
  readonly req: SipRequest;
  readonly sender: KnownSender;
  readonly leg: IncomingLeg;
  readonly user: string;
}

const sort = async (deps: InviteDeps, { req, sender, leg, user }: Arrival): Promise<void> => {
  const party = partyOf(req, sender);
  // Whatever number the phone's key dials with it (protocol.md R20).
  const value = req.get('Replaces');
  if (value !== undefined) {
    if (req.has('Join')) return leg.refuse(400, 'Replaces And Join');
    if (sender.kind === 'outside') return refuseLeg(leg, 'no-such-dialog');
    const press = { tenant: sender.tenant, picker: sender.extension, leg, party, userAgent: req.get('User-Agent') };
    return deps.replaces({ value, ...press });
  }
  if (deps.join && req.has('Join')) return join(deps.join, { req, sender, leg, party });
  const number = decodeDialled(user);
  if (number === undefined) return leg.refuse(404, 'Not A Number');
  const dialled = readDialled(number, sender.tenant.codes);
  if (dialled.kind === 'service') {
    if (sender.kind === 'outside') return leg.refuse(403, 'Service Codes Are For Extensions');
    return deps.serviceCode({ ...dialled, tenant: sender.tenant, picker: sender.extension, leg, party });
  }
  // Calls that ring here may still be picked up; only new ones are for the others.
  if (deps.isDraining()) return turnAway(deps, leg);
  const target = targetOf(sender, dialled.number);
  if (!target) return leg.refuse(404, 'No Such Extension');
  await deps.routeCall({
    tenant: sender.tenant,
    caller: leg,
    callerParty: party,
    ...(sender.kind === 'extension' && { callerExtension: sender.extension }),
    target: target.extension,
    ...(target.group && { group: target.group }),
    ...(target.trunk !== undefined && { trunk: target.trunk }),
    isPrivate: /^\s*yes\s*$/i.test(req.get(privateHeader) ?? ''),
    passed: passedHeaders((name) => req.get(name)),
  });
};

const join = async (
  door: NonNullable<InviteDeps['join']>,
  { req, sender, leg, party }: Omit<Arrival, 'user'> & { readonly party: Party },
): Promise<void> => {
  if (sender.kind === 'outside') return leg.refuse(481, 'No Such Dialog To Join');
  const { tenant, extension: supervisor } = sender;
  return door({ value: req.get('Join') ?? '', mode: req.get(modeHeader), tenant, supervisor, party, leg });
};

const turnAway = (deps: InviteDeps, leg: IncomingLeg): void => {
  deps.rejected('draining');
  refuseLeg(leg, 'draining');
};

/** An extension or a group of the tenant, or a number that its trunk may know; nobody comes in from outside to go out again. */
const targetOf = (
  { kind, tenant }: KnownSender,
  number: string,
): { extension: Extension; group?: Group; trunk?: string } | undefined => {
  const extension = readExtension(number);
  if (!extension) return undefined;
  if (tenant.extensions.has(extension)) return { extension };
  const group = groupOfNumber(tenant, extension);
  if (group) return { extension, group };
  return kind === 'outside' || tenant.trunk === undefined ? undefined : { extension, trunk: tenant.trunk };
};

/** By this header a caller's phone, or the edge, says `yes`: nobody but the callee may have or watch the call. */
const privateHeader = 'X-Callpickup-Private';

/** The party does not want to be known (RFC 3323 section 4.2). */
const isPrivate = (req: SipRequest): boolean => /\b(id|user|header)\b/i.test(req.get('Privacy') ?? '');

/** Who calls, as the other side is told: an extension by what the office says, an outside caller by its From. */
const partyOf = (req: SipRequest, sender: KnownSender): Party => {
  if (sender.kind === 'extension') return extensionParty(sender.tenant, sender.extension, isPrivate(req));
  const from = req.getParsedHeader('from');
  const uri = parseUri(from.uri);
  const name = (from.name ?? '').replace(/^"|"$/g, '').slice(0, 80);
  return {
    name,
    number: uri?.user?.slice(0, 64) ?? '',
    domain: hostOf(uri?.host) ?? domainOf(sender.tenant),
    private: isPrivate(req),
  };
};

const hostOf = (host: string | undefined): string | undefined =>
  host && /^[A-Za-z0-9.-]{1,253}$|^\[[0-9a-fA-F:.]{2,45}\]$/.test(host) ? host : undefined;
