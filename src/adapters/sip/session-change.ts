import type { Log } from '../../flows/ports.js';
import type { SipLeg } from './sip-leg.js';
import { type SipRequest, type SipResponse, within } from './srf.js';

/** Two legs whose sessions change together. */
export interface Joint {
  /** One change at a time over both legs: an overlapping one is answered 491 (RFC 3261 section 14.2). */
  changing: boolean;
  readonly log: Log;
}

/** How long the other phone may take to answer a request inside the call, in milliseconds: timer F. */
export const relayDeadline = 32_000;

/** A request of one phone on its way to the other. */
export interface Relayed {
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
 * Passes a change of the session on and its answer back, one at a time, as the method that it came in: re-INVITE, or
 * UPDATE with SDP (RFC 3311).
 */
export const relayChange = async (joint: Joint, relayed: Relayed): Promise<void> => {
  const { from, to, req, res } = relayed;
  const ask = req.method === 'INVITE' ? reinvite : update;
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
