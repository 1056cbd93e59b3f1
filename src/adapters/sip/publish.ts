import type { Published, PublishRequest } from '../../flows/publish-presence.js';
import type { Door } from './door.js';
import type { Sender } from './identity.js';
import { screenPublish } from './publish-screen.js';
import { refuseWith } from './refuse.js';
import type { Rejection } from './request-checks.js';
import type { SipRequest, SipResponse } from './srf.js';
import { extensionIn } from './subscribe.js';

/** What publishing needs. */
export interface PublishDoorDeps {
  readonly identify: (req: SipRequest) => Sender;
  readonly publish: (request: PublishRequest) => Promise<Published>;
  /** Counts a request that got no further, by a reason of a closed set. */
  readonly rejected: (reason: string) => void;
}

/** What each refusal is called in SIP. */
const replies: Readonly<Record<Extract<Published, { ok: false }>['refusal'], Rejection>> = {
  'unknown-extension': { status: 404, phrase: 'No Such Extension' },
  'not-allowed': { status: 403, phrase: 'Publishing Not Allowed' },
  'unknown-tag': { status: 412, phrase: 'Conditional Request Failed' },
  'too-many': { status: 403, phrase: 'Too Many Publications' },
  'store-unreachable': { status: 503, headers: { 'Retry-After': '5' } },
};

/** The door of PUBLISH (RFC 3903 section 6): what a phone says of its extension for a time. */
export const makePublishDoor = (deps: PublishDoorDeps): Door => {
  const reject = (res: SipResponse, rejection: Rejection, reason = 'bad-request') => {
    deps.rejected(reason);
    refuseWith(res, rejection);
  };

  return async (req, res) => {
    const screened = screenPublish(req);
    if ('status' in screened) return reject(res, screened);
    const sender = deps.identify(req);
    if (sender.kind === 'challenge') {
      return refuseWith(res, { status: 401, headers: { 'WWW-Authenticate': sender.value } });
    }
    if (sender.kind !== 'extension') return reject(res, { status: 403, phrase: 'Forbidden' }, 'identity');
    const named = extensionIn(req.uri);
    if (!named) return reject(res, replies['unknown-extension']);
    const { tenant, extension: by, number = by } = sender;
    // A phone that has changed hands names the number that it registers by.
    const extension = named === number ? by : named;
    const published = await deps.publish({ tenant, by, extension, ...screened });
    if (!published.ok) return reject(res, replies[published.refusal], 'not-published');
    res.send(200, { headers: { 'SIP-ETag': published.tag, Expires: String(screened.seconds) } });
  };
};
