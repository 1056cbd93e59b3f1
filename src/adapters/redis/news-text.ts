import type { News, NumberedNews } from '../../flows/news.js';
import type { CallRecord } from '../../flows/ports.js';

type Shown = 'call' | 'target' | 'caller' | 'callerName' | 'callerNumber' | 'isPrivate';

/** What is new about a call, without what the call's record says. */
export type NewsOf = News extends infer Each ? (Each extends News ? Omit<Each, Shown> : never) : never;

/** News of a call as they are kept. */
export const newsText = (call: CallRecord, what: NewsOf): string =>
  JSON.stringify({
    ...what,
    call: call.id,
    target: call.target,
    caller: call.isAnonymous ? '' : call.caller,
    callerName: call.callerName,
    callerNumber: call.callerNumber,
    isPrivate: call.isPrivate,
  });

/** Reads news by their id in the stream (`milliseconds-number`, by Redis's clock) and their text. */
export const readNews = (id: string, text: string): NumberedNews => ({
  id,
  at: Number(id.split('-')[0]),
  news: JSON.parse(text) as News,
});
