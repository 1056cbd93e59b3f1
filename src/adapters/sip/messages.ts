import { randomUUID } from 'node:crypto';
import type { Extension, TenantId } from '../../domain/names.js';
import { domainOf, type Tenant } from '../../domain/office.js';
import type { Binding, Party } from '../../flows/ports.js';
import { type Delivery, type Messages, plainText, type Relays } from '../../flows/texts/messages.js';
import { assertedIdentity, fromHeader, type Headers, uriUser } from './headers.js';
import { pathHeaders } from './invite-headers.js';
import { partsOf } from './message-parts.js';
import { type SipRequest, type SipResponse, type Srf, within } from './srf.js';

/** What sending texts needs. */
export interface MessagesDeps {
  readonly srf: Srf;
  /** Our name in Call-IDs. */
  readonly instance: string;
  /** The registered phones of an extension; rejects if the store cannot be reached. */
  readonly phones: (tenant: TenantId, extension: Extension) => Promise<readonly Binding[]>;
}

/** One text on its way to the phones of one extension. */
interface Text {
  readonly tenant: Tenant;
  readonly to: Extension;
  readonly from: Party;
  readonly parts: readonly string[];
  /** Headers of the text that is sent on. */
  readonly passed?: Headers;
}

/** How long a phone may take to answer, in milliseconds: a phone that is there answers at once. */
const patience = 5_000;

/** Texts over drachtio: a MESSAGE to each phone of the extension (RFC 3428), in parts one after another if it is long. */
export const makeMessages = (deps: MessagesDeps): Messages & Relays => ({
  send: async (tenant, to, { from, text }) => {
    const parts = partsOf(plainText(text));
    const bindings = parts.length > 0 ? await deps.phones(tenant.id, to) : [];
    return Promise.all(bindings.map((binding) => deliver(deps, { tenant, to, from, parts }, binding)));
  },
  relay: async (tenant, to, { from, text, passed }) => {
    const bindings = await deps.phones(tenant.id, to);
    return Promise.all(bindings.map((binding) => deliver(deps, { tenant, to, from, parts: [text], passed }, binding)));
  },
});

/** The rest of a text is not sent to a phone that did not take its beginning. */
const deliver = async (deps: MessagesDeps, text: Text, binding: Binding): Promise<Delivery> => {
  let status = 0;
  for (const part of text.parts) {
    status = await ask(deps.srf, binding, { headers: headersOf(deps, text, binding), body: part });
    if (status < 200 || status > 299) break;
  }
  return { extension: text.to, phone: binding.id, status };
};

/** A MESSAGE has no Contact (RFC 3428 section 4), and its From tag is the server's. */
const headersOf = ({ instance }: MessagesDeps, { tenant, to, from, passed }: Text, { path }: Binding): Headers => ({
  ...passed,
  ...assertedIdentity(from),
  'Call-ID': `${randomUUID()}@${instance}`,
  From: fromHeader(from),
  To: `<sip:${uriUser(to)}@${domainOf(tenant)}>`,
  'Content-Type': 'text/plain;charset=UTF-8',
  ...pathHeaders(path),
});

const ask = (srf: Srf, { contact, path }: Binding, request: { headers: Headers; body: string }): Promise<number> => {
  const options = { method: 'MESSAGE', ...request, ...(path[0] !== undefined && { proxy: path[0] }) };
  // Not sent, or no answer in time, as when the connection to drachtio is lost meanwhile.
  return within(patience, 'MESSAGE', { promise: answerOf(srf, contact, options) }).catch(() => 0);
};

/** srf's request with a callback, which its types leave out. */
type RequestWithCallback = (
  uri: string,
  options: object,
  sent: (error: Error | null, req: SipRequest | undefined) => void,
) => void;

/**
 * The status of the answer. Not by srf's promise: "sent" and the answer may come in one read from the server, and then
 * the answer would be told before who awaits the promise can listen for it.
 */
const answerOf = (srf: Srf, uri: string, options: object): Promise<number> =>
  new Promise((resolve, reject) => {
    const request = srf.request.bind(srf) as unknown as RequestWithCallback;
    request(uri, options, (error, req) => {
      if (error || !req) return reject(error ?? new Error('not sent'));
      req.on('response', (res: SipResponse) => res.status >= 200 && resolve(res.status));
    });
  });
