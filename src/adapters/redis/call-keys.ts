import type { CallRecord } from '../../flows/ports.js';
import { channels, keys } from './keys.js';
import { type NewsOf, newsText } from './news-text.js';

/** The keys that belong to one call, or that it stands in. */
export const keysOf = (call: CallRecord) => ({
  record: keys.call(call.tenant, call.id),
  ringing: keys.ringing(call.tenant, call.target),
  calls: keys.calls(call.tenant),
  news: keys.news(call.tenant),
});

/** The channel of the tenant's news, and the news. */
export const tellingOf = (call: CallRecord, what: NewsOf): [channel: string, news: string] => [
  channels.news(call.tenant),
  newsText(call, what),
];
