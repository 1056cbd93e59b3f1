import type { Tenant } from '../../../domain/office.js';
import type { NumberedNews } from '../../../flows/news.js';
import { eventJson, mayHear } from '../v1/event-json.js';

/**
 * An event as a webhook is told it: `data` is what `/v1/events` says of it, and everything beside it is signed too. Undefined
 * if it is of a call that the company's programs may not see.
 */
export const writeLetter = (tenant: Tenant, numbered: NumberedNews): string | undefined => {
  const { id, news } = numbered;
  if (!mayHear({ tenant }, news)) return undefined;
  return JSON.stringify({ id, event: news.event, tenant: tenant.id, data: eventJson(tenant, numbered) });
};
