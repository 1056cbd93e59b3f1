import type { Extension } from '../../../domain/names.js';
import type { Tenant } from '../../../domain/office.js';
import {
  type CallNews,
  isOfExtension,
  type News,
  type NumberedNews,
  type SupervisionNewsParts,
} from '../../../flows/news.js';
import { callerJson, namedExtension, timeOf } from './call-json.js';
import { extensionEventJson, mayHearOfExtension } from './extension-event.js';
import { historyJson } from './history-json.js';
import { maySeeOrPick, type Parties, type Viewer } from './sight.js';
import { maySeeSupervision } from './supervision-sight.js';

/** News have no mark for an anonymous caller: nothing of the caller is told. */
const isAnonymous = ({ caller, callerName, callerNumber }: CallNews): boolean =>
  caller === '' && callerName === '' && callerNumber === '';

/** True if the viewer may hear of it. Whose call was taken hears by whom, whatever else the viewer may see. */
export const mayHear = (viewer: Viewer, news: News): boolean => {
  if (isOfExtension(news)) return mayHearOfExtension(viewer, news);
  const picker = pickerOf(news);
  const call: Parties = {
    target: news.target,
    ...(news.ringsAt && { ringsAt: news.ringsAt }),
    ...(news.rung && { rung: news.rung }),
    ...(news.groups && { groups: news.groups }),
    caller: news.caller,
    ...(picker !== undefined && { picker }),
    isPrivate: news.isPrivate,
    isAnonymous: isAnonymous(news),
  };
  if (isOfSupervision(news)) return maySeeSupervision(viewer, news, call);
  return isLoser(viewer, news) || maySeeOrPick(viewer, call);
};

/** Who had the call in the end is a party of it too. */
const pickerOf = (news: CallNews): Extension | undefined => {
  if (news.event === 'picked-up') return news.picker;
  return news.event === 'ended' ? news.history?.answeredBy : undefined;
};

const isLoser = ({ extension }: Viewer, news: CallNews): boolean =>
  news.event === 'picked-up' && extension !== undefined && news.from === extension;

const isOfSupervision = (news: CallNews): news is CallNews & SupervisionNewsParts => 'supervision' in news;

/** What each event adds to the call: by whom it was picked up, whose it was, and how; or how it ended. */
const addedBy = (tenant: Tenant, news: CallNews): object => {
  switch (news.event) {
    case 'picked-up':
      return {
        by: namedExtension(tenant, news.picker),
        whose: namedExtension(tenant, news.from ?? news.target),
        how: news.method,
      };
    case 'waiting':
      return { group: news.group, seconds: news.seconds };
    case 'ended':
      return { result: news.result, ...(news.history && historyJson(tenant, news.history)) };
    default:
      return {};
  }
};

/** A group that shows nothing of callers does not make an anonymous one of each. */
const isTold = (news: CallNews): boolean => news.event !== 'waiting' || !isAnonymous(news);

/** What is told of the call itself. */
const ofCall = (tenant: Tenant, news: CallNews): object => ({
  target: namedExtension(tenant, news.target as Extension),
  ...(news.ringsAt && { ringsAt: news.ringsAt.map((each) => namedExtension(tenant, each)) }),
  ...(isTold(news) && { caller: callerJson({ ...news, isAnonymous: isAnonymous(news) }) }),
  private: news.isPrivate,
  ...addedBy(tenant, news),
});

/** Who may listen to a colleague is not thereby shown with whom the colleague talks. */
const ofSupervision = (tenant: Tenant, { supervision, supervisor, colleague, mode }: SupervisionNewsParts): object => ({
  supervision,
  supervisor: namedExtension(tenant, supervisor),
  colleague: namedExtension(tenant, colleague),
  mode,
});

/** What is told of an event, by its event's name. */
export const eventJson = (tenant: Tenant, { at, news }: NumberedNews): object => {
  if (isOfExtension(news)) return { at: timeOf(at), ...extensionEventJson(tenant, news) };
  const told = isOfSupervision(news) ? ofSupervision(tenant, news) : ofCall(tenant, news);
  return { call: news.call, at: timeOf(at), ...told };
};

/** An event as text/event-stream has it (WHATWG HTML 9.2): JSON is one line, so nothing in it can end the event. */
export const eventText = (tenant: Tenant, numbered: NumberedNews): string => {
  const { id, news } = numbered;
  return `id: ${id}\nevent: ${news.event}\ndata: ${JSON.stringify(eventJson(tenant, numbered))}\n\n`;
};
