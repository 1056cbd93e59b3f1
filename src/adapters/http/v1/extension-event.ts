import type { Tenant } from '../../../domain/office.js';
import { watching } from '../../../domain/watching.js';
import type { ExtensionNews } from '../../../flows/news.js';
import { namedExtension } from './call-json.js';
import type { Viewer } from './sight.js';

/**
 * True if the viewer may hear of it: a company's program of everything, an extension of what it takes part in, and of the
 * presence that its phones may watch.
 */
export const mayHearOfExtension = ({ tenant, extension: viewer }: Viewer, news: ExtensionNews): boolean => {
  if (viewer === undefined || viewer === news.extension) return true;
  return news.event === 'presence'
    ? watching(tenant, viewer, news.extension).sees !== 'nothing'
    : viewer === news.other;
};

/** What is told of an extension. */
export const extensionEventJson = (tenant: Tenant, news: ExtensionNews): object => {
  if (news.event === 'presence') {
    const { extension, presence, how, by } = news;
    return { ...namedExtension(tenant, extension), presence, how, ...(by && { by: namedExtension(tenant, by) }) };
  }
  const { extension, other, became } = news;
  return { by: namedExtension(tenant, extension), other: namedExtension(tenant, other), became };
};
