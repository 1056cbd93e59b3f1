import Srf from 'drachtio-srf';
import type { Log } from '../../flows/ports.js';

/** drachtio's words as the rest of the adapter uses them. */
export type SipRequest = Srf.SrfRequest;
export type SipResponse = Srf.SrfResponse;
export type SipDialog = Srf.Dialog;
export type SipMessage = Srf.SipMessage;
export { Srf };

/** Reads a SIP URI; its scheme has no case (RFC 3261 section 19.1.4), but srf knows only small letters. */
export const parseUri = (uri: string): Srf.ParsedUri | undefined =>
  Srf.parseUri(uri.replace(/^sips?:/i, (scheme) => scheme.toLowerCase()));

/** Where drachtio-server, or the embedded engine, is. */
export interface DrachtioPlace {
  readonly host: string;
  readonly port: number;
  readonly secret: string;
}

/** What a connection tells its owner. */
export interface ConnectionListener {
  /** Connected, or connected again; the addresses on which SIP is received, such as `udp/127.0.0.1:5060`. */
  up(addresses: string[]): void;
  /** Lost: drachtio settles no promise of before and forgets no dialog by itself (reliability.md D11). */
  down(why: string): void;
}

/** Longest pause between two tries to connect, in milliseconds; drachtio's own pauses grow without bound. */
const longestPause = 500;

/** Connects to drachtio-server and stays connected. */
export const connectDrachtio = (place: DrachtioPlace, log: Log, listener: ConnectionListener): Srf => {
  const srf = new Srf();
  first(srf, withoutEcho);
  let up = false;
  const lost = (why: string) => {
    if (!up) return;
    up = false;
    listener.down(why);
  };
  srf.on('connect', (error, hostports) => {
    if (error) return log.error({ error: error.message }, 'drachtio refused us');
    up = true;
    log.info({ server: `${place.host}:${place.port}`, sip: hostports }, 'drachtio connected');
    const addresses = (hostports ?? '').split(',');
    void routesTaken(srf, addresses).then(() => up && listener.up(addresses));
  });
  srf.on('error', (error) => lost(error.message));
  srf.on('reconnecting', () => lost('connection closed'));
  srf.on('close', () => lost('connection closed'));
  // No connectTimeout: srf counts all tries together, and gives up for ever.
  srf.connect({ ...place, reconnect: { retryMaxDelay: longestPause } });
  return srf;
};

/**
 * srf tells the server what we take right after it is connected, and does not say when that is done; a phone that comes
 * before hears 503. The server does things in order: once it has answered for a request of ours to itself (it refuses
 * to send one), it has taken the rest.
 */
const routesTaken = async (srf: Srf, [address = '']: readonly string[]): Promise<void> => {
  await new Promise(setImmediate);
  const promise = srf.request(`sip:${address.replace(/^\w+\//, '')}`, { method: 'OPTIONS' });
  await within(1_000, 'probe', { promise }).catch(() => undefined);
};

/** srf's own book of INVITEs that wait for an answer, by Call-ID alone; private to it, but nothing else reaches it. */
interface Agent {
  readonly mapServer: Map<object, { pendingNetworkInvites: Map<string, { req: SipRequest; res: SipResponse }> }>;
}

/**
 * Puts an INVITE back into srf's book, unless it has had its final response. A second INVITE with the same Call-ID has
 * taken its place there, and with it the CANCEL that would come for the first (reliability.md F23). At once: that
 * CANCEL may be the next frame.
 */
export const keepPending = (req: SipRequest, res: SipResponse): void => {
  if (res.finalResponseSent) return;
  bookOf(req)?.set(req.get('Call-ID') ?? '', { req, res });
};

const bookOf = (req: SipRequest) =>
  (req as unknown as { agent: Agent }).agent.mapServer.get(req.socket)?.pendingNetworkInvites;

type Step = (req: SipRequest, res: SipResponse, next: () => void) => void;

/** Puts a step before all others, those of established dialogs too, which `srf.use` cannot. */
const first = (srf: Srf, handle: Step): void => {
  (srf as unknown as { app: { stack: { method: string; handle: Step }[] } }).app.stack.unshift({ method: '*', handle });
};

/** A Call-ID may be so long; ours has 50 characters or so. */
const longestCallId = 300;

/**
 * srf repeats From, To and CSeq of the request in every response, though drachtio-server sets them by itself. A long
 * one would make our frame too long for the server, which then drops the connection with all its calls: one packet
 * would do. The Call-ID must stay for srf's own book, so a long one is refused here.
 */
const withoutEcho: Step = (req, res, next) => {
  for (const name of ['from', 'to', 'cseq']) delete res.msg.headers[name];
  const callId = req.get('Call-ID') ?? '';
  if (callId.length <= longestCallId) return next();
  delete res.msg.headers['call-id'];
  bookOf(req)?.delete(callId);
  res.send(400, 'Call-ID Too Long');
};

/**
 * Has our side of a dialog this tag (RFC 3261 section 19.3), from the first response on: whoever watches can be told it
 * before. drachtio-server takes it from the To of the response, of which it reads nothing else.
 */
export const chooseTag = (res: SipResponse, tag: string): void => {
  res.msg.headers.to = `<sip:callpickup>;tag=${tag}`;
};

/** How many dialogs srf has in its book, which it never forgets by itself. */
export const dialogsOf = (srf: Srf): number => (srf as unknown as { _dialogs: Map<string, unknown> })._dialogs.size;

/** What a promise of drachtio became that did not settle in time. */
export class Overdue extends Error {
  constructor(what: string, milliseconds: number) {
    super(`${what} took longer than ${milliseconds} ms`);
  }
}

/**
 * Bounds a wait: drachtio's promises never settle when its connection is lost (reliability.md F10). A result that
 * comes after the deadline goes to `late`, so that a dialog made too late can still be ended.
 */
export const within = <T>(
  milliseconds: number,
  what: string,
  { promise, late }: { promise: Promise<T>; late?: (result: T) => void },
): Promise<T> =>
  new Promise((resolve, reject) => {
    let overdue = false;
    const timer = setTimeout(() => {
      overdue = true;
      reject(new Overdue(what, milliseconds));
    }, milliseconds);
    promise.then(
      (result) => {
        clearTimeout(timer);
        if (overdue) late?.(result);
        else resolve(result);
      },
      (error) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
