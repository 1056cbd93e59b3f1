import { EventEmitter } from 'node:events';
import type { Sender } from '../../../src/adapters/sip/identity.js';
import { type SipRequest, type SipResponse, Srf } from '../../../src/adapters/sip/srf.js';
import { makeSubscribeDoor } from '../../../src/adapters/sip/subscribe.js';
import type { Subscriber } from '../../../src/flows/watch/subscriber.js';
import type { Subscription } from '../../../src/flows/watch/subscription.js';
import type { WatcherPhone } from '../../../src/flows/watch/watcher-phone.js';
import type { Watched, WatchRefusal } from '../../../src/flows/watch-extension.js';
import { acme, carol } from '../../domain/acme.js';
import { requestOf, type Sent } from './request.js';

/** A SUBSCRIBE of Carol's phone to Bob with everything that it needs, some headers said otherwise. */
export const subscribeOf = (
  headers: Readonly<Record<string, string | undefined>> = {},
  { uri = 'sip:101@acme.example', body = '' } = {},
): SipRequest => {
  const all: Record<string, string | undefined> = {
    Via: 'SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK1',
    From: '<sip:102@acme.example>;tag=from',
    To: '<sip:101@acme.example>',
    'Call-ID': 'watch@192.0.2.9',
    CSeq: '1 SUBSCRIBE',
    Contact: '<sip:102@192.0.2.9:5062>',
    Event: 'dialog',
    'User-Agent': 'Example 7',
    ...headers,
  };
  const lines = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]));
  return requestOf([`SUBSCRIBE ${uri} SIP/2.0`, ...lines], '192.0.2.9', body);
};

/** What a door of the tests stands before. */
export interface DoorOptions {
  readonly sender?: Sender;
  readonly refusal?: WatchRefusal;
  /** What drachtio says of the 200. */
  readonly error?: string;
}

/** A subscription that notes what is done with it. */
const fakeSubscription = (who: Subscriber) => {
  const done: string[] = [];
  let phone: WatcherPhone | undefined;
  let over = () => {};
  const isOver = new Promise<void>((resolve) => {
    over = resolve;
  });
  const subscription: Subscription = {
    ...{ who, known: Promise.resolve(), over: isOver, done: isOver },
    begin: (its, seconds) => {
      phone = its;
      done.push(`begin ${seconds}`);
    },
    refresh: (seconds) => void done.push(`refresh ${seconds}`),
    lose: (why) => void done.push(`lose ${why}`),
    end: (reason) => void done.push(`end ${reason}`),
    ...{ reconsider: () => undefined, probe: () => undefined },
  };
  return {
    ...{ subscription, done },
    get phone() {
      return phone;
    },
    over: async () => {
      over();
      await isOver;
    },
  };
};

/** What a phone answers to a request; undefined is nothing at all, an error is drachtio's. */
export type Answer = { readonly status: number; readonly headers?: Record<string, string> } | Error | undefined;

/** A connection to drachtio that notes the requests, and has them answered. */
export const fakeSrf = (answers: Answer[] = []) => {
  const requests: { uri: string; options: Record<string, unknown> }[] = [];
  const request = (
    uri: string,
    options: Record<string, unknown>,
    sent: (error?: Error, req?: EventEmitter) => void,
  ) => {
    requests.push({ uri, options });
    const answer = answers.length > 0 ? answers.shift() : { status: 200 };
    if (answer instanceof Error) return sent(answer);
    const req = new EventEmitter();
    sent(undefined, req);
    if (!answer) return;
    const { status, headers = {} } = answer;
    // A provisional response is none.
    req.emit('response', { status: 100, get: () => undefined });
    req.emit('response', { status, get: (name: string) => headers[name] });
  };
  return { requests, srf: { request } as unknown as Srf };
};

/** The door, before it a phone, behind it subscriptions that note what is done with them. */
export const doorStage = ({ sender, refusal, error }: DoorOptions = {}) => {
  const subscriptions: ReturnType<typeof fakeSubscription>[] = [];
  const [counted, { srf, requests }] = [[] as string[], fakeSrf()];
  const now: { sender: Sender; isSlow: boolean } = {
    sender: sender ?? { kind: 'extension', tenant: acme, extension: carol },
    isSlow: false,
  };
  const door = makeSubscribeDoor({
    srf,
    identify: () => now.sender,
    rejected: (reason) => void counted.push(reason),
    watch: async (who): Promise<Watched> => {
      if (refusal) return { ok: false, refusal };
      const made = fakeSubscription(who);
      subscriptions.push(made);
      return { ok: true, subscription: made.subscription };
    },
  });
  const sends = async (req: SipRequest): Promise<Sent[]> => {
    const sent: Sent[] = [];
    Object.assign(req, { stackDialogId: `${req.get('Call-ID')};from-tag=${req.getParsedHeader('from').params.tag}` });
    await door(req, responseOf(req, sent, now.isSlow ? 'slow' : error));
    return sent;
  };
  return { sends, subscriptions, counted, requests, now };
};

/** A response that drachtio sends, and tells with our Contact. */
const responseOf = (req: SipRequest, sent: Sent[], error?: string): SipResponse =>
  ({
    ...{ finalResponseSent: false, stackDialogId: req.stackDialogId },
    send: (status: number, ...rest: unknown[]) => {
      const phrase = rest.find((part) => typeof part === 'string') as string | undefined;
      const options = rest.find((part) => typeof part === 'object') as { headers?: Record<string, string> } | undefined;
      sent.push({ status, phrase, headers: options?.headers ?? {} });
      const told = rest.find((part) => typeof part === 'function') as Told | undefined;
      const message = new Srf.SipMessage(`SIP/2.0 ${status} OK\r\nContact: <sip:192.0.2.1:5060>\r\n\r\n`);
      if (error === 'slow') return;
      if (error) told?.(error);
      else told?.(null, message);
    },
  }) as unknown as SipResponse;

type Told = (error: string | null, message?: unknown) => void;

/** How many bytes srf sends to drachtio for a request inside a dialog, with the server's longest message number. */
export const frameLength = ({ uri, options }: ReturnType<typeof fakeSrf>['requests'][number]): number => {
  const { stackDialogId, _socket, ...message } = options;
  const text = `${crypto.randomUUID()}|sip||${stackDialogId}\r\n${new Srf.SipMessage({ uri, ...message })}`;
  return Buffer.byteLength(`${Buffer.byteLength(text)}#${text}`);
};
