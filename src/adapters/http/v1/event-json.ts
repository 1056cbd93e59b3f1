import type { Extension } from '../../../domain/names.js';
import type { Tenant } from '../../../domain/office.js';
import type { News, NumberedNews, SupervisionNewsParts } from '../../../flows/news.js';
import { callerJson, namedExtension, timeOf } from './call-json.js';
import { maySeeOrPick, type Parties, type Viewer } from './sight.js';
import { maySeeSupervision } from './supervision-sight.js';

/** News have no mark for an anonymous caller: nothing of the caller is told. */
const isAnonymous = ({ caller, callerName, callerNumber }: News): boolean =>
  caller === '' && callerName === '' && callerNumber === '';

/** True if the viewer may hear of it. */
export const mayHear = (viewer: Viewer, news: News): boolean => {
  const call: Parties = {
    target: news.target,
    caller: news.caller,
    ...(news.event === 'picked-up' && { picker: news.picker }),
    isPrivate: news.isPrivate,
    isAnonymous: isAnonymous(news),
  };
  return isOfSupervision(news) ? maySeeSupervision(viewer, news, call) : maySeeOrPick(viewer, call);
};

const isOfSupervision = (news: News): news is News & SupervisionNewsParts => 'supervision' in news;

/** What each event adds to the call: by whom it was picked up, whose it was, and how; or how it ended. */
const addedBy = (tenant: Tenant, news: News): object => {
  switch (news.event) {
    case 'picked-up':
      return {
        by: namedExtension(tenant, news.picker),
        whose: namedExtension(tenant, news.from ?? news.target),
        how: news.method,
      };
    case 'ended':
      return { result: news.result };
    default:
      return {};
  }
};

/** What is told of the call itself. */
const ofCall = (tenant: Tenant, news: News): object => ({
  target: namedExtension(tenant, news.target as Extension),
  caller: callerJson({ ...news, isAnonymous: isAnonymous(news) }),
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

/** An event as text/event-stream has it (WHATWG HTML 9.2): JSON is one line, so nothing in it can end the event. */
export const eventText = (tenant: Tenant, { id, at, news }: NumberedNews): string => {
  const told = isOfSupervision(news) ? ofSupervision(tenant, news) : ofCall(tenant, news);
  const data = { call: news.call, at: timeOf(at), ...told };
  return `id: ${id}\nevent: ${news.event}\ndata: ${JSON.stringify(data)}\n\n`;
};
