import { type Element, readDocument as readElements } from './dialog-info-reader.js';
import type { Message } from './phone-message.js';
import { readPresence, type ShownPresence } from './presence-document.js';

/** One end of a dialog, as a document shows it. */
export interface ShownEnd {
  readonly identity?: string;
  readonly display?: string;
  readonly target?: string;
  /** The target's parameters, by name: `+sip.rendering` and whatever else there is. */
  readonly params: Readonly<Record<string, string>>;
}

/** One dialog, as a document shows it (RFC 4235 section 4.1). */
export interface ShownDialog {
  readonly id: string;
  readonly callId?: string;
  readonly localTag?: string;
  readonly remoteTag?: string;
  readonly direction?: string;
  readonly state: string;
  readonly event?: string;
  readonly code?: string;
  readonly replaces?: { readonly callId?: string; readonly localTag?: string; readonly remoteTag?: string };
  readonly local: ShownEnd;
  readonly remote: ShownEnd;
}

/** What a NOTIFY shows. */
export interface ShownDocument {
  /** Microseconds of the machine's monotonic clock, when it came. */
  readonly at: number;
  readonly version: number;
  readonly state: string;
  readonly entity: string;
  readonly dialogs: readonly ShownDialog[];
  /** Only in a document of the presence package, which has no version and no dialogs. */
  readonly presence?: ShownPresence;
  readonly notify: Message;
}

/** Reads a document strictly, by its Content-Type; throws on what is no XML, or not of its package. */
export const readDocument = (notify: Message, at: number): ShownDocument => {
  if (notify.get('content-type') === 'application/pidf+xml') {
    const presence = readPresence(notify.body);
    return { at, version: -1, state: 'full', entity: presence.entity, dialogs: [], presence, notify };
  }
  const root = readElements(notify.body);
  if (root.name !== 'dialog-info') throw new Error(`the document is a <${root.name}>`);
  const { version = '', state = '', entity = '' } = root.attributes;
  if (!/^\d+$/.test(version) || state === '' || entity === '') throw new Error('version, state or entity is missing');
  const dialogs = root.children.filter(({ name }) => name === 'dialog').map(dialogOf);
  return { at, version: Number(version), state, entity, dialogs, notify };
};

const childOf = ({ children }: Element, wanted: string): Element | undefined =>
  children.find(({ name }) => name === wanted);

const dialogOf = (element: Element): ShownDialog => {
  const { id = '', direction } = element.attributes;
  const state = childOf(element, 'state');
  const { event, code } = state?.attributes ?? {};
  const replaces = childOf(element, 'replaces');
  return {
    id,
    ...idsOf(element),
    ...(direction !== undefined && { direction }),
    state: state?.text.trim() ?? '',
    ...(event !== undefined && { event }),
    ...(code !== undefined && { code }),
    ...(replaces && { replaces: idsOf(replaces) }),
    local: endOf(childOf(element, 'local')),
    remote: endOf(childOf(element, 'remote')),
  };
};

const idsOf = ({ attributes }: Element) => {
  const { 'call-id': callId, 'local-tag': localTag, 'remote-tag': remoteTag } = attributes;
  return {
    ...(callId !== undefined && { callId }),
    ...(localTag !== undefined && { localTag }),
    ...(remoteTag !== undefined && { remoteTag }),
  };
};

const endOf = (element: Element | undefined): ShownEnd => {
  const identity = element && childOf(element, 'identity');
  const target = element && childOf(element, 'target');
  const params = target?.children.map(({ attributes: { pname = '', pval, pvalue } }) => [pname, pval ?? pvalue ?? '']);
  const display = identity?.attributes.display;
  const uri = target?.attributes.uri;
  return {
    ...(identity && { identity: identity.text.trim() }),
    ...(display !== undefined && { display }),
    ...(uri !== undefined && { target: uri }),
    params: Object.fromEntries(params ?? []),
  };
};
