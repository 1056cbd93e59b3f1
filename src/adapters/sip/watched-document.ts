import type { DialogView, WriteDocument } from '../../flows/watch/document.js';
import { dialogInfo } from './dialog-info.js';
import { presenceInfo } from './presence-info.js';

/** Writes what a watcher asked for. A presence has no versions: each document says all (RFC 3863). */
export const watchedDocument: WriteDocument = (view: DialogView) => {
  if (view.event === 'dialog') return dialogInfo(view);
  const document = presenceInfo(view);
  return () => document;
};
