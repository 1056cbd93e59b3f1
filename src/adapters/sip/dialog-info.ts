import { type DialogView, pageOf } from './dialog-info-page.js';
import { shrinks } from './dialog-info-shrink.js';
import { xmlOf } from './dialog-info-xml.js';

/** What a document is made of. */
export type { DialogView } from './dialog-info-page.js';

/** Bytes that a document may have: what goes to drachtio in one piece stays below 4 KB (protocol.md D28, 18.1). */
const mostBytes = 3500;

/** What the version grows by at most: it has one digit while the document is made, and up to ten (32 bits) later. */
const versionGrowth = 9;

/**
 * The document that tells these dialogs (application/dialog-info+xml, RFC 4235 section 4), always the full state, made
 * once for all watchers who see the same: each stamps the version of its own subscription. Never over 3,500 bytes.
 */
export const dialogInfo = (view: DialogView): ((version: number) => string) => {
  let page = pageOf(view);
  let text = xmlOf(page);
  for (const shrink of shrinks(view)) {
    if (Buffer.byteLength(text) + versionGrowth <= mostBytes) break;
    page = shrink(page);
    text = xmlOf(page);
  }
  // The version is the first of its kind and stands before all that comes from outside.
  const at = text.indexOf(firstVersion);
  const [head, tail] = [text.slice(0, at), text.slice(at + firstVersion.length)];
  return (version) => `${head} version="${version}"${tail}`;
};

/** As `xmlOf` writes it. */
const firstVersion = ' version="0"';
