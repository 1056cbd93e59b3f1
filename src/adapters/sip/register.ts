import { createHash } from 'node:crypto';
import { type Extension, readExtension } from '../../domain/names.js';
import type { Tenant } from '../../domain/office.js';
import { wokenBy } from '../../domain/push.js';
import type { Registrar, Registration, StoredBinding } from '../../flows/ports.js';
import { readContacts, readPath } from './contacts.js';
import type { Door } from './door.js';
import { isHeaderSafe } from './headers.js';
import type { Sender } from './identity.js';
import { refuseWith } from './refuse.js';
import { parseUri, type SipRequest, type SipResponse } from './srf.js';

/** What the registrar's door needs. */
export interface RegisterDeps {
  readonly identify: (req: SipRequest) => Sender;
  readonly registrar: Registrar;
  readonly registered: (tenant: Tenant, extension: Extension, bindings: readonly StoredBinding[]) => void;
  readonly rejected: (reason: string) => void;
  readonly authFailed: (reason: string) => void;
}

/** Shortest and longest life of a binding, and what a phone gets that does not say, in seconds. */
const life = { shortest: 30, longest: 7200, unsaid: 3600 };

/** The registrar (RFC 3261 section 10.3, Path by RFC 3327). */
export const makeRegisterDoor =
  (deps: RegisterDeps): Door =>
  async (req, res) => {
    const sender = deps.identify(req);
    if (sender.kind === 'challenge') {
      return refuseWith(res, { status: 401, headers: { 'WWW-Authenticate': sender.value } });
    }
    if (sender.kind !== 'extension') {
      deps.authFailed(sender.kind === 'forbidden' ? 'credentials' : 'not-an-extension');
      return refuseWith(res, { status: 403, phrase: 'Forbidden' });
    }
    // A phone keeps its account whoever has it at present.
    const { tenant, extension, number = extension } = sender;
    if (addressOfRecord(req) !== number) return reject(deps, res, { status: 403, phrase: 'Not Your Extension' });

    const registration = readRegistration(req, { tenant, number });
    if ('status' in registration) return reject(deps, res, registration);
    const result = await deps.registrar.register(registration).catch(() => undefined);
    if (!result) return reject(deps, res, { status: 503, headers: { 'Retry-After': '2' } });
    if (!result.ok) {
      const full = { status: 403, phrase: 'Too Many Phones' };
      return reject(deps, res, result.refusal === 'full' ? full : { status: 500, phrase: 'CSeq Out Of Order' });
    }
    deps.registered(tenant, number, result.bindings);
    res.send(200, { headers: okHeaders(req, result.bindings) });
  };

interface Rejection {
  readonly status: number;
  readonly phrase?: string;
  readonly headers?: Record<string, string>;
}

const reject = (deps: RegisterDeps, res: SipResponse, rejection: Rejection): void => {
  deps.rejected('bad-register');
  refuseWith(res, rejection);
};

const addressOfRecord = (req: SipRequest): Extension | undefined =>
  readExtension(parseUri(req.getParsedHeader('to').uri)?.user ?? '');

const readRegistration = (
  req: SipRequest,
  { tenant, number }: { tenant: Tenant; number: Extension },
): Registration | Rejection => {
  const base = { tenant: tenant.id, extension: number, callId: req.get('Call-ID') ?? '', cseq: cseqOf(req) };
  const header = req.get('Contact');
  const expires = readExpires(req.get('Expires'));
  if (header === undefined) return { ...base, change: [] };
  if (header.trim() === '*') {
    return expires === 0 ? { ...base, change: 'all' } : { status: 400, phrase: 'Contact * Needs Expires 0' };
  }
  const contacts = readContacts(header);
  const path = readPath(req.get('Path'));
  if (!contacts || contacts.length === 0) return { status: 400, phrase: 'Bad Contact' };
  if (!path) return { status: 400, phrase: 'Bad Path' };
  const changes = [];
  for (const contact of contacts) {
    const seconds = contact.expires ?? expires ?? life.unsaid;
    if (seconds > 0 && seconds < life.shortest) {
      return { status: 423, headers: { 'Min-Expires': String(life.shortest) } };
    }
    const binding = { ...base, path, uri: contact.uri, seconds: Math.min(seconds, life.longest), req };
    changes.push({ id: bindingId(contact.uri), binding: seconds > 0 ? stored(binding) : undefined });
  }
  return { ...base, change: changes };
};

const cseqOf = (req: SipRequest): number => req.getParsedHeader('cseq').seq;

const readExpires = (value: string | undefined): number | undefined => {
  if (value === undefined || !/^\s*\d{1,10}\s*$/.test(value)) return undefined;
  return Number(value);
};

/** Whatever a phone calls its contact, in the store it is a hash: no text from outside becomes a field's name. */
const bindingId = (uri: string): string => hashOf(uri);

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 22);

interface NewBinding {
  readonly uri: string;
  readonly path: string[];
  readonly callId: string;
  readonly cseq: number;
  readonly seconds: number;
  readonly req: SipRequest;
}

const stored = ({ uri, path, callId, cseq, seconds, req }: NewBinding): StoredBinding => {
  const userAgent = req.get('User-Agent')?.slice(0, 100);
  const push = wokenBy(uri);
  return {
    id: bindingId(uri),
    contact: uri,
    path,
    callId,
    cseq,
    expiresAt: Date.now() + seconds * 1000,
    ...(userAgent && isHeaderSafe(userAgent) && { userAgent }),
    ...(push !== undefined && { push: hashOf(push) }),
  };
};

const okHeaders = (req: SipRequest, bindings: readonly StoredBinding[]): Record<string, string> => {
  const contacts = bindings.map(({ contact, expiresAt }) => `<${contact}>;expires=${secondsUntil(expiresAt)}`);
  const path = req.get('Path');
  const longest = Math.max(0, ...bindings.map(({ expiresAt }) => secondsUntil(expiresAt)));
  return {
    ...(contacts.length > 0 && { Contact: contacts.join(', '), Expires: String(longest) }),
    ...(path && isHeaderSafe(path) && { Path: path, Supported: 'path' }),
    Date: new Date().toUTCString(),
  };
};

const secondsUntil = (time: number): number => Math.max(0, Math.round((time - Date.now()) / 1000));
