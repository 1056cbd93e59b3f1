import type { Leg, Log } from '../../flows/ports.js';
import { isHeaderSafe } from './headers.js';
import type { SipLeg } from './sip-leg.js';
import { type SipRequest, type SipResponse, within } from './srf.js';

/** Two legs that talk to each other. */
interface Joint {
  /** One re-INVITE at a time over both legs: an overlapping one is answered 491 (RFC 3261 section 14.2). */
  changing: boolean;
  readonly log: Log;
}

/** How long the other phone may take to answer a request inside the call, in milliseconds: timer F. */
const relayDeadline = 32_000;

/**
 * Joins two established legs: what one phone sends reaches the other (re-INVITE, UPDATE, INFO, MESSAGE), and when one
 * hangs up the other is ended. srf would answer most of these by itself, with stale SDP (protocol.md 18.8).
 */
export const joinLegs = (a: Leg, b: Leg, { log, onEnded }: { log: Log; onEnded: () => void }): void => {
  const joint: Joint = { changing: false, log };
  const [one, other] = [a as SipLeg, b as SipLeg];
  relay(joint, one, other);
  relay(joint, other, one);
  const oneEnded = one.ended.then((reason) => other.end(otherParty(reason)));
  const otherEnded = other.ended.then((reason) => one.end(otherParty(reason)));
  void Promise.all([oneEnded, otherEnded]).then(onEnded);
};

const otherParty = (reason?: string) => ({ kind: 'other-party' as const, ...(reason !== undefined && { reason }) });

const relay = (joint: Joint, from: SipLeg, to: SipLeg): void => {
  const change = (req: SipRequest, res: SipResponse) => {
    const relayed = { from, to, req, res };
    if (req.method === 'INVITE') return void relayChange(joint, relayed, reinvite);
    if (req.body) return void relayChange(joint, relayed, update);
    // UPDATE without SDP only keeps the session alive (RFC 4028).
    res.send(200, { headers: { Contact: from.dialog.local.contact } });
  };
  for (const [req, res] of from.takeEarly()) change(req, res);
  from.dialog.on('modify', change);
  from.dialog.on('update', change);
  from.dialog.on('info', (req, res) => void relayRequest(joint, { from, to, req, res }));
  from.dialog.on('message', (req, res) => void relayRequest(joint, { from, to, req, res }));
  // A transfer we do not make must not look made: srf would answer 200 (protocol.md R 13.1).
  from.dialog.on('refer', (_req, res) => res.send(603));
};

interface Relayed {
  readonly from: SipLeg;
  readonly to: SipLeg;
  readonly req: SipRequest;
  readonly res: SipResponse;
}

/** What the other phone answered, and how to acknowledge it where the answer is the initiator's to give. */
interface Relay {
  readonly res: SipResponse;
  readonly acknowledge: ((options?: { body?: string }) => void) | undefined;
}

/**
 * Passes a change of the session on and its answer back, one at a time. `ask` sends it as the method that it came in:
 * re-INVITE, or UPDATE with SDP (RFC 3311).
 */
const relayChange = async (joint: Joint, relayed: Relayed, ask: typeof reinvite): Promise<void> => {
  const { from, to, req, res } = relayed;
  if (joint.changing) return void res.send(491);
  joint.changing = true;
  try {
    const reply = await ask(to, req.body);
    if (reply.res.status !== 200) return await refuseChange(relayed, reply.res);
    const body = from.session.write(reply.res.body ?? '');
    res.send(200, { headers: { Contact: from.dialog.local.contact, 'Content-Type': 'application/sdp' }, body });
    if (reply.acknowledge) await passAck(relayed, reply.acknowledge);
  } catch (error) {
    joint.log.warn({ error: String(error), method: req.method }, 'change of the session not answered');
    await refuseChange(relayed, { status: 408 });
  } finally {
    joint.changing = false;
  }
};

/** A re-INVITE that failed leaves the session as it was, but 408 and 481 end the call (RFC 3261 section 14.1). */
const refuseChange = async ({ from, to, res }: Relayed, reply: { status: number }): Promise<void> => {
  const gone = reply.status === 408 || reply.status === 481;
  res.send(gone ? 481 : reply.status >= 400 ? reply.status : 500);
  if (gone)
    await Promise.all([from, to].map((leg) => leg.end({ kind: 'failure', text: 'Session change not answered' })));
};

/**
 * Sends the re-INVITE on. Not `dialog.modify`, which hangs after one failure (protocol.md 18.4); and provisional
 * responses, for which srf calls back too, are passed over (18.5).
 */
const reinvite = (to: SipLeg, body: string | undefined): Promise<Relay> => {
  const offer = body ? to.session.write(body) : undefined;
  const contact = to.dialog.local.contact;
  const promise = new Promise<Relay>((resolve, reject) => {
    const options = {
      method: 'INVITE' as const,
      headers: { Contact: contact, ...(offer && { 'Content-Type': 'application/sdp' }) },
      ...(offer ? { body: offer } : { noAck: true }),
    };
    to.dialog.request(options, (error, res, acknowledge) => {
      if (error) reject(error);
      else if (res.status >= 200) resolve({ res, acknowledge });
    });
  });
  return within(relayDeadline, 're-INVITE', { promise });
};

/** The initiator made no offer: the other phone's offer went back in our 200, and the initiator's ACK answers it. */
const passAck = ({ from, to }: Relayed, acknowledge: (options?: { body?: string }) => void): Promise<void> => {
  const promise = new Promise<void>((resolve) => {
    from.dialog.once('ack', (ack) => {
      acknowledge({ body: to.session.write(ack.body ?? '') });
      resolve();
    });
    void from.ended.then(() => resolve());
  });
  return within(relayDeadline, 'ACK', { promise });
};

const update = async (to: SipLeg, body: string | undefined): Promise<Relay> => {
  const promise = to.dialog.request({
    method: 'UPDATE',
    headers: { Contact: to.dialog.local.contact, 'Content-Type': 'application/sdp' },
    body: to.session.write(body ?? ''),
  });
  return { res: await within(relayDeadline, 'UPDATE', { promise }), acknowledge: undefined };
};

/** INFO and MESSAGE go on with body and type as they are: DTMF by INFO must arrive (protocol.md C24). */
const relayRequest = async (joint: Joint, { to, req, res }: Relayed): Promise<void> => {
  const headers = Object.fromEntries(
    ['Content-Type', 'Info-Package', 'Content-Disposition'].flatMap((name) => {
      const value = req.get(name);
      return value && isHeaderSafe(value) ? [[name, value]] : [];
    }),
  );
  const body = req.body ? { body: req.body } : {};
  try {
    const promise = to.dialog.request({ method: req.method, headers, ...body });
    const reply = await within(relayDeadline, req.method, { promise });
    res.send(reply.status);
  } catch (error) {
    joint.log.warn({ error: String(error), method: req.method }, 'request inside the call not answered');
    res.send(408);
  }
};
