import { callNews, type NewsOf } from '../../flows/call-news.js';
import type { News, NumberedNews } from '../../flows/news.js';
import type { CallRecord } from '../../flows/ports.js';

/** News of a call as they are kept. */
export const newsText = (call: CallRecord, what: NewsOf): string => JSON.stringify(callNews(call, what));

/** Reads news by their id in the stream (`milliseconds-number`, by Redis's clock) and their text. */
export const readNews = (id: string, text: string): NumberedNews => ({
  id,
  at: Number(id.split('-')[0]),
  news: JSON.parse(text) as News,
});
