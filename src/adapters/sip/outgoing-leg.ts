import { randomBytes, randomUUID } from 'node:crypto';
import type { DialRequest, DialResult, EarlyDialog, EndReason, OutgoingLeg } from '../../flows/ports.js';
import { assertedIdentity, capabilities, fromHeader, type Headers, uriUser } from './headers.js';
import { reasonHeaders } from './reasons.js';
import { newSession } from './session.js';
import type { OpenLegs } from './sip-leg.js';
import { type SipDialog, type SipRequest, type SipResponse, Srf } from './srf.js';

/** What dialling needs. */
export interface DialDeps {
  readonly srf: Srf;
  readonly open: OpenLegs;
  /** Our name in Call-IDs, so that a dialog id tells whose it is (protocol.md 1.2). */
  readonly instance: string;
  /** Legs that wait for their phone; the owner of the connection ends them when it is lost. */
  readonly waiting: Set<() => void>;
}

/** A callee leg over drachtio: one INVITE with a Call-ID of its own to one phone (protocol.md 18.2). */
export const dialLeg = (deps: DialDeps, request: DialRequest): OutgoingLeg => {
  const id = randomBytes(6).toString('hex');
  const sipCallId = `${randomUUID()}@${deps.instance}`;
  const ids = { id, sipCallId, tag: randomBytes(8).toString('hex') };
  const session = newSession();
  let sent: SipRequest | undefined;
  let stopped: EndReason | undefined;

  const cancel = (reason: EndReason) => {
    // An INVITE that has had its final response cannot be cancelled; what it came to is dealt with below.
    sent?.cancel({ headers: reasonHeaders(reason) }, () => undefined);
  };

  const invite = async (): Promise<DialResult> => {
    const options = {
      ...(request.offer.kind === 'sdp' ? { localSdp: session.write(request.offer.body) } : { noAck: true }),
      ...(request.path[0] !== undefined && { proxy: request.path[0] }),
      headers: inviteHeaders(request, ids),
    };
    const progress = {
      cbRequest: (error: Error | null, req: SipRequest) => {
        if (error) return;
        sent = req;
        // The call ended while the INVITE was on its way to the stack: the second guard of reliability.md 0.2.
        if (stopped) cancel(stopped);
      },
      cbProvisional: (res: SipResponse) => {
        if (!stopped && res.status > 100) request.onRinging(earlyDialog(request, ids, res));
      },
    };
    const made = await deps.srf.createUAC(request.uri, options, progress);
    return answered(made, stopped);
  };

  const answered = async (made: SipDialog | Srf.Pending3pcc, late: EndReason | undefined): Promise<DialResult> => {
    if (made instanceof Object && 'ack' in made) {
      if (late) await made.destroy();
      return late ? cancelled : offered(made);
    }
    const leg = deps.open.open(made, session);
    if (!late) return { kind: 'answered', leg, sdp: made.remote.sdp };
    // The phone's 200 crossed our CANCEL. Where the stack has not sent a BYE by itself, this one tells the phone why.
    await leg.end(late);
    return cancelled;
  };

  const offered = (made: Srf.Pending3pcc): DialResult => ({
    kind: 'offered',
    sdp: made.sdp,
    acknowledge: async (answer) => deps.open.open(await made.ack(session.write(answer)), session),
    abandon: () => made.destroy(),
  });

  return {
    id,
    sipCallId,
    result: untilLost(deps, invite().catch(failed)),
    stop: (reason) => {
      if (stopped) return;
      stopped = reason;
      cancel(reason);
    },
  };
};

const cancelled: DialResult = { kind: 'failed', status: 487 };

const failed = (error: unknown): DialResult => {
  if (error instanceof Srf.SipError)
    return { kind: 'failed', status: error.status, ...(error.reason && { reason: error.reason }) };
  // Not sent: the contact cannot be reached, or is none (`NOK|…` of the server).
  return { kind: 'failed', status: 480 };
};

/** drachtio never settles an INVITE whose connection was lost; this does. */
const untilLost = (deps: DialDeps, result: Promise<DialResult>): Promise<DialResult> =>
  new Promise((resolve) => {
    const lost = () => resolve({ kind: 'failed', status: 503 });
    deps.waiting.add(lost);
    void result.then((end) => {
      deps.waiting.delete(lost);
      resolve(end);
    });
  });

interface LegIds {
  readonly id: string;
  readonly sipCallId: string;
  readonly tag: string;
}

const inviteHeaders = (request: DialRequest, { sipCallId, tag }: LegIds): Headers => ({
  ...capabilities,
  ...request.passed,
  ...assertedIdentity(request.caller),
  'Call-ID': sipCallId,
  From: `${fromHeader(request.caller)};tag=${tag}`,
  To: `<sip:${uriUser(request.callee.number)}@${request.callee.domain}>`,
  // A reliable provisional response of a fork would get the wrong ACK (protocol.md 10.6), so nobody is asked for one.
  Supported: 'path',
  ...(request.path.length > 0 && { 'X-Callpickup-Path': request.path.map((uri) => `<${uri}>`).join(', ') }),
});

const earlyDialog = (request: DialRequest, { id, sipCallId, tag }: LegIds, res: SipResponse): EarlyDialog => {
  const localTag = res.getParsedHeader('to').params['tag'];
  return {
    leg: id,
    sipCallId,
    ...(localTag && { localTag }),
    remoteTag: tag,
    contact: request.uri,
    since: Date.now(),
    state: localTag ? 'early' : 'proceeding',
  };
};
