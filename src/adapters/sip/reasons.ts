import type { EndReason } from '../../flows/ports.js';
import { type Headers, isHeaderSafe } from './headers.js';

/** What phones compare byte by byte, so that they log no missed call (RFC 3326, features.md 5.4). */
const elsewhere = 'SIP;cause=200;text="Call completed elsewhere"';

/** Non-selected user clearing; drachtio-server makes a second header line of what stands behind the comma. */
const nonSelected = 'Q.850;cause=26';

/**
 * The Reason of a CANCEL or BYE. Only who lost the call to another hears `cause=200`: where the caller gave up, the
 * phone must keep its missed call, and the caller's own Reason is passed on or none is sent.
 */
export const reasonHeaders = (reason: EndReason): Headers => {
  switch (reason.kind) {
    case 'elsewhere':
      return { Reason: `${elsewhere}, ${nonSelected}` };
    case 'other-party':
      return reason.reason !== undefined && passesOn(reason.reason) ? { Reason: reason.reason } : {};
    case 'failure':
      return { Reason: `SIP;cause=500;text="${reason.text.replace(/[^A-Za-z0-9 .-]/g, ' ')}"` };
  }
};

/** Names of parameters have no case, and any 2xx means "answered elsewhere" to some phones. */
const passesOn = (reason: string): boolean =>
  reason.length <= 200 && isHeaderSafe(reason) && !/cause\s*=\s*"?2\d\d\b/i.test(reason);
