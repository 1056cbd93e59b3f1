import type { Extension, TenantId } from '../../domain/names.js';
import type { ExtensionNews } from '../../flows/news.js';
import type { Saying } from '../../flows/office-store.js';
import { channels, keys } from './keys.js';

type PresenceNews = Extract<ExtensionNews, { event: 'presence' }>;

/** The keys of every script that changes what people say of themselves. */
export const personalKeys = (tenant: TenantId) => [keys.personal(tenant), keys.news(tenant)];

/** What those scripts end with: how another presence is told to who listens, and that all instances are to read anew. */
export const presenceTold = (tenant: TenantId, extension: Extension, saying: Saying | undefined) => [
  saying?.otherwise ?? 'available',
  saying ? newsText(extension, saying) : '',
  ...[channels.news(tenant), channels.office, `personal ${tenant}`],
];

/** The presence itself is known when it is noted. */
const newsText = (extension: Extension, { how, by }: Saying): string => {
  const news: Omit<PresenceNews, 'presence'> = { event: 'presence', extension, how, ...(by !== undefined && { by }) };
  return JSON.stringify(news);
};
