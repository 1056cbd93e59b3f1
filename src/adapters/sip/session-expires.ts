import type { Headers } from './headers.js';

/** What a message says of its session timer (RFC 4028 section 4). */
interface SessionExpires {
  readonly seconds: number;
  /** Who is to refresh: who sent the request, or who answers it; whoever chooses next, if neither is said. */
  readonly refresher?: 'uac' | 'uas';
}

/** Headers of a request or response. */
export interface Read {
  get(name: string): string | undefined;
}

/** The shortest interval that we take, in seconds: the shortest that there may be (RFC 4028 section 5). */
const shortestInterval = 90;

/** What a phone that wants less is told, with 422 (RFC 4028 section 6). */
const tooShort = { status: 422, headers: { 'Min-SE': String(shortestInterval) } };

const header = /^\s*(\d{1,9})\s*((?:;[^,;]*)*)$/;

/**
 * Reads Session-Expires, also in its compact form, which srf does not know. `bad` where it is no number of seconds, is
 * said twice, or names a refresher that there is none of.
 */
const sessionExpiresIn = (message: Read): SessionExpires | 'bad' | undefined => {
  const value = message.get('Session-Expires') ?? message.get('x');
  if (value === undefined) return undefined;
  const [, seconds, params = ''] = header.exec(value) ?? [];
  const refreshers = [...params.matchAll(/;\s*refresher\s*(?:=\s*([^;\s]*))?/gi)].map(([, who = '']) =>
    who.toLowerCase(),
  );
  if (seconds === undefined || refreshers.length > 1) return 'bad';
  const [refresher] = refreshers;
  if (refresher === undefined) return { seconds: Number(seconds) };
  return refresher === 'uac' || refresher === 'uas' ? { seconds: Number(seconds), refresher } : 'bad';
};

/** The shortest interval that a 422 wants, in seconds; undefined where it says none, or nonsense. */
export const leastIn = (message: Read): number | undefined => {
  const value = message.get('Min-SE');
  const seconds = /^\s*(\d{1,9})\s*(?:;|$)/.exec(value ?? '')?.[1];
  return seconds === undefined ? undefined : Number(seconds);
};

/** Whether the sender can keep a session timer itself. */
const knowsTimers = (message: Read): boolean =>
  /(?:^|[\s,])timer(?:$|[\s,])/i.test(
    `${message.get('Supported') ?? message.get('k') ?? ''},${message.get('Require') ?? ''}`,
  );

/** What is agreed of one leg: how long the session lives without being refreshed, and who refreshes it. */
export interface Terms {
  readonly seconds: number;
  readonly refresher: 'phone' | 'us';
}

/**
 * What we agree to when a phone begins or changes a session (RFC 4028 section 9, table 2). Who cannot keep a timer never
 * refreshes; a change that says nothing of a timer keeps the one there is, where the phone can. Inside a dialog
 * drachtio-server takes it that we refresh unless the phone says that it does, and so do we.
 */
export const termsFor = (request: Read, before?: { readonly terms: Terms | undefined }): Terms | undefined => {
  const wish = sessionExpiresIn(request);
  if (wish === 'bad') return undefined;
  if (!wish) return knowsTimers(request) ? before?.terms : undefined;
  const chosen = wish.refresher ?? (before ? 'uas' : 'uac');
  const refresher = chosen === 'uac' && knowsTimers(request) ? 'phone' : 'us';
  return { seconds: Math.max(wish.seconds, shortestInterval), refresher };
};

/** Why what a request says of session timers is refused; undefined where it is not. */
export const timerRefusal = (request: Read): Refused | undefined => {
  const wish = sessionExpiresIn(request);
  if (wish === 'bad') return { status: 400, phrase: 'Bad Session-Expires' };
  if (request.get('Min-SE') !== undefined && leastIn(request) === undefined)
    return { status: 400, phrase: 'Bad Min-SE' };
  // Who cannot keep a timer could make nothing of a 422; some proxy wants it, and it is refreshed more seldom.
  return wish && wish.seconds < shortestInterval && knowsTimers(request) ? tooShort : undefined;
};

interface Refused {
  readonly status: number;
  readonly phrase?: string;
  readonly headers?: Headers;
}

/** What a phone has agreed to in its 2xx to a request of ours. */
export const termsIn = (response: Read): Terms | undefined => {
  const said = sessionExpiresIn(response);
  if (!said || said === 'bad') return undefined;
  return { seconds: Math.max(said.seconds, shortestInterval), refresher: said.refresher === 'uas' ? 'phone' : 'us' };
};

/** The headers of our 2xx to a phone's request. */
export const answerHeaders = (terms: Terms | undefined): Headers => {
  if (!terms) return {};
  const isPhone = terms.refresher === 'phone';
  return {
    'Session-Expires': `${terms.seconds};refresher=${isPhone ? 'uac' : 'uas'}`,
    // Only so does the phone know that we count on it (RFC 4028 section 9).
    ...(isPhone && { Require: 'timer' }),
  };
};

/** The headers of a re-INVITE of ours: a session that is changed without them has no timer any more (RFC 4028 section 7.2). */
export const askHeaders = (terms: Terms | undefined): Headers =>
  terms
    ? {
        Supported: 'timer',
        'Session-Expires': `${terms.seconds};refresher=${terms.refresher === 'phone' ? 'uas' : 'uac'}`,
      }
    : {};
