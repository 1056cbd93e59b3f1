import { type Edge, type EdgeOptions, freeLoopbackAddress, startKamailio } from '../support/kamailio.js';
import { answerOf, answersPings, type Peer, requestOf, udpPeer } from './sip-peer.js';
import { digest, first, type RequestParts, request, response, type SipText, token } from './sip-text.js';

/** The password of every user of the test office; made anew for each run. */
export const password = token();

/** The password of zenith's anna. */
export const otherPassword = token();

/** Users of two companies that both have an extension 100. */
export const users = [
  { username: 'anna', domain: 'acme.example', password, tenant: 'acme', extension: '100' },
  { username: 'bert', domain: 'acme.example', password, tenant: 'acme', extension: '101' },
  { username: 'anna', domain: 'zenith.example', password: otherPassword, tenant: 'zenith', extension: '100' },
];

/** An edge in front of one stub service. */
export interface EdgeOffice {
  edge: Edge;
  service: Peer;
  close(): Promise<void>;
}

/** Starts both; the stub answers pings, the test answers all else. */
export async function openEdgeOffice(options: Partial<EdgeOptions> = {}): Promise<EdgeOffice> {
  const host = await freeLoopbackAddress();
  const edgeHost = await freeLoopbackAddress();
  const service = await udpPeer(host, { host: edgeHost, port: 5060 }, { answering: answersPings });
  const edge = await startKamailio({ services: [service.uri], users, host: edgeHost, ...options });
  const close = async () => {
    await edge.stop();
    await service.close();
  };
  return { edge, service, close };
}

/** Sends a request as user anna (or another), answers the challenge, and returns the request with credentials; `mutate` spoils its text. */
export async function sendAs(
  phone: Peer,
  parts: Omit<RequestParts, 'via'>,
  login: { username: string; password: string; mutate?: (text: string) => string } = { username: 'anna', password },
): Promise<Omit<RequestParts, 'via'> & { callId: string; cseq: number }> {
  const callId = parts.callId ?? token();
  const from = parts.from ?? `<sip:${login.username}@acme.example>;tag=${token()}`;
  phone.send(request({ ...parts, via: phone.via, callId, from }));
  const code = parts.method === 'REGISTER' ? 401 : 407;
  const challenge = await phone.next(answerOf(code, callId));
  if (parts.method === 'INVITE') phone.send(acknowledge(phone, { ...parts, callId, from }, challenge));
  const [asked, answer] =
    code === 401 ? ['WWW-Authenticate', 'Authorization'] : ['Proxy-Authenticate', 'Proxy-Authorization'];
  const credentials = digest(first(challenge, asked), { ...login, method: parts.method, uri: parts.uri });
  const again = {
    ...parts,
    callId,
    from,
    cseq: (parts.cseq ?? 1) + 1,
    headers: [...(parts.headers ?? []), `${answer}: ${credentials}`],
  };
  const text = request({ ...again, via: phone.via });
  phone.send(login.mutate?.(text) ?? text);
  return again;
}

/** Registers anna's (or another's) phone and returns what the service was sent, already answered with 200. */
export async function registerPhone(office: EdgeOffice, phone: Peer, contact: string): Promise<SipText> {
  const sent = await sendAs(phone, {
    method: 'REGISTER',
    uri: 'sip:acme.example',
    to: '<sip:100@acme.example>',
    headers: [`Contact: <${contact}>`, 'Expires: 300'],
  });
  const register = await office.service.next(requestOf('REGISTER', sent.callId));
  office.service.send(response(register, '200 OK', { tag: token(), headers: [`Contact: <${contact}>;expires=300`] }));
  await phone.next(answerOf(200, sent.callId));
  return register;
}

/** The ACK of a refused INVITE, in the transaction of that INVITE. */
export function acknowledge(phone: Peer, invite: Omit<RequestParts, 'via'>, refusal: SipText): string {
  const branch = /branch=([^;]+)/.exec(first(refusal, 'Via'))?.[1] ?? '';
  return request({
    method: 'ACK',
    uri: invite.uri,
    via: phone.via,
    from: invite.from,
    to: first(refusal, 'To'),
    callId: invite.callId,
    cseq: invite.cseq ?? 1,
  }).replace(/branch=[^;\r]+/, `branch=${branch}`);
}
