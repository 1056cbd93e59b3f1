import type { NewsOf } from '../../flows/call-news.js';
import type { CallRecord } from '../../flows/ports.js';
import { channels, keys } from './keys.js';
import { newsText } from './news-text.js';

/** The keys that belong to one call, or that it stands in. */
export const keysOf = (call: CallRecord) => ({
  record: keys.call(call.tenant, call.id),
  // A group's call is a member's as soon as he answers; where it was noted it is to be taken out again.
  ringing: keys.ringing(call.tenant, call.group ?? call.target),
  calls: keys.calls(call.tenant),
  news: keys.news(call.tenant),
});

/** The channel of the tenant's news, and the news. */
export const tellingOf = (call: CallRecord, what: NewsOf): [channel: string, news: string] => [
  channels.news(call.tenant),
  newsText(call, what),
];
