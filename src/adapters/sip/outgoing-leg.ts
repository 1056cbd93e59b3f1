import { randomBytes, randomUUID } from 'node:crypto';
import type { DialRequest, DialResult, EndReason, OutgoingLeg, Party } from '../../flows/ports.js';
import type { EarlyByes } from './early-bye.js';
import { takeCalleeUpdates } from './early-update.js';
import { assertedParty, earlyDialog, inviteHeaders, type LegIds } from './invite-headers.js';
import { reasonHeaders } from './reasons.js';
import { newSession, type Session } from './session.js';
import { termsIn } from './session-expires.js';
import type { OpenLegs } from './sip-leg.js';
import { type SipRequest, type SipResponse, Srf } from './srf.js';

/** What dialling needs. */
export interface DialDeps {
  readonly srf: Srf;
  readonly open: OpenLegs;
  readonly byes: EarlyByes;
  /** Our name in Call-IDs, so that a dialog id tells whose it is (protocol.md 1.2). */
  readonly instance: string;
  /** Legs that wait for their phone; the owner of the connection ends them when it is lost. */
  readonly waiting: Set<() => void>;
}

/** One INVITE of ours on its way. */
interface Dialling {
  readonly deps: DialDeps;
  readonly request: DialRequest;
  readonly ids: LegIds;
  readonly session: Session;
  /** The INVITE as drachtio sent it; before that there is nothing to cancel. */
  sent?: SipRequest;
  stopped?: EndReason;
}

/** A callee leg over drachtio: one INVITE with a Call-ID of its own to one phone (protocol.md 18.2). */
export const dialLeg = (deps: DialDeps, request: DialRequest): OutgoingLeg => {
  const ids = {
    id: randomBytes(6).toString('hex'),
    sipCallId: `${randomUUID()}@${deps.instance}`,
    tag: randomBytes(8).toString('hex'),
  };
  const dialling: Dialling = { deps, request, ids, session: newSession() };
  return {
    id: ids.id,
    ids: { sipCallId: ids.sipCallId, remoteTag: ids.tag },
    result: untilLost(deps, invite(dialling)),
    stop: (reason) => {
      if (dialling.stopped) return;
      dialling.stopped = reason;
      cancel(dialling, reason);
    },
  };
};

/** An INVITE that has had its final response cannot be cancelled; what it came to is dealt with when it is made. */
const cancel = ({ sent }: Dialling, reason: EndReason): void =>
  sent?.cancel({ headers: reasonHeaders(reason) }, () => undefined);

const invite = (dialling: Dialling): Promise<DialResult> =>
  new Promise((resolve) => {
    const { deps, request, ids, session } = dialling;
    const options = {
      ...(request.offer.kind === 'sdp' ? { localSdp: session.write(request.offer.body) } : { noAck: true }),
      ...(request.path[0] !== undefined && { proxy: request.path[0] }),
      headers: inviteHeaders(request, ids, deps.open.joins),
    };
    deps.srf.createUAC(request.uri, options, progress(dialling), (error, made) => {
      resolve(made ? answered(dialling, made) : failed(error));
    });
  });

const progress = (dialling: Dialling): Srf.ProgressCallbacks => ({
  cbRequest: (error, req) => {
    if (error) return;
    dialling.sent = req;
    takeCalleeUpdates(req);
    // The call ended while the INVITE was on its way to the stack: the second guard of reliability.md 0.2.
    if (dialling.stopped) cancel(dialling, dialling.stopped);
  },
  cbProvisional: (res: SipResponse) => {
    const { request, ids, stopped } = dialling;
    if (!stopped && res.status > 100) request.onRinging(earlyDialog(request, ids, res));
  },
});

/** The phone said 200. Runs up to the dialog's listeners without a pause. */
const answered = (dialling: Dialling, made: Srf.Dialog | Srf.Pending3pcc): DialResult | Promise<DialResult> => {
  const { deps, session, stopped } = dialling;
  // Only the dialog-to-be of a delayed offer has an SDP of its own; a Dialog has an `ack` too.
  if ('sdp' in made) return stopped ? made.destroy().then(() => cancelled) : offered(dialling, made);
  const leg = deps.open.open(made, session, { terms: termsIn(made.res) });
  if (!stopped) return { kind: 'answered', leg, sdp: made.remote.sdp, ...talksTo(dialling, made.res) };
  // The phone's 200 crossed our CANCEL. Where the stack has not sent a BYE by itself, this one tells the phone why.
  return leg.end(stopped).then(() => cancelled);
};

const offered = (dialling: Dialling, made: Srf.Pending3pcc): DialResult => {
  const { deps, session, ids } = dialling;
  const expected = deps.byes.expect(ids.sipCallId);
  return {
    kind: 'offered',
    ids: {
      sipCallId: ids.sipCallId,
      remoteTag: ids.tag,
      localTag: made.res.getParsedHeader('to').params.tag ?? '',
    },
    sdp: made.sdp,
    ...talksTo(dialling, made.res),
    acknowledge: async (answer) => {
      const dialog = await made.ack(session.write(answer));
      return deps.open.open(dialog, session, { terms: termsIn(made.res), bye: expected.end() });
    },
    abandon: () => {
      expected.end();
      return made.destroy();
    },
  };
};

const talksTo = ({ request }: Dialling, res: SipResponse): { talksTo?: Party } =>
  request.isOurs ? { talksTo: assertedParty(res, request.caller.domain) } : {};

const cancelled: DialResult = { kind: 'failed', status: 487 };

const failed = (error: unknown): DialResult => {
  if (error instanceof Srf.SipError) {
    return { kind: 'failed', status: error.status, ...(error.reason && { reason: error.reason }) };
  }
  // Not sent: the contact cannot be reached, or is none (`NOK|…` of the server).
  return { kind: 'failed', status: 480 };
};

/** drachtio never settles an INVITE whose connection was lost; this does. */
const untilLost = (deps: DialDeps, result: Promise<DialResult>): Promise<DialResult> =>
  new Promise((resolve) => {
    const settle = (end: DialResult) => {
      deps.waiting.delete(lost);
      resolve(end);
    };
    const lost = () => settle({ kind: 'failed', status: 503 });
    deps.waiting.add(lost);
    void result.then(settle);
  });
