import { create, fragment } from 'xmlbuilder2';
import type { Line, Page, Participant } from './dialog-info-page.js';
import { builderOptions, plain } from './xml-text.js';

/** The namespace of the document (RFC 4235 section 7.1). */
const namespace = 'urn:ietf:params:xml:ns:dialog-info';

type Element = ReturnType<typeof create>;

/** A document of version 0. */
export const xmlOf = ({ entity, lines }: Page): string => {
  const root = create(builderOptions).ele(namespace, 'dialog-info');
  const empty = root.att({ version: '0', state: 'full', entity: plain(entity) }).end({ allowEmptyTags: true });
  return empty.replace(rootEnd, () => `${lines.map(writtenOnce).join('')}${rootEnd}`);
};

const rootEnd = '</dialog-info>';

/** A line that stays while others are cut is not written again. */
const writtenOnce = (line: Line): string => {
  const known = written.get(line);
  if (known !== undefined) return known;
  const text = dialogOf(line);
  written.set(line, text);
  return text;
};

const written = new WeakMap<Line, string>();

/** The children in the order of RFC 4235's schema (section 4.4). */
const dialogOf = ({ id, ids, direction, ...line }: Line): string => {
  const dialog = fragment(builderOptions).ele('dialog');
  dialog.att({ id: plain(id), ...attributesOf(ids), ...(direction && { direction }) });
  addState(dialog, line);
  if (line.replaces?.localTag && line.replaces.remoteTag) dialog.ele('replaces').att(attributesOf(line.replaces));
  addParticipant(dialog, 'local', line.local);
  addParticipant(dialog, 'remote', line.remote);
  return dialog.toString();
};

/** A tag that is not known yet is left out (protocol.md D18); so that `replaces`, which needs both, may be as well. */
const attributesOf = (ids: Line['ids']): Record<string, string> => ({
  ...(ids && { 'call-id': plain(ids.sipCallId) }),
  ...(ids?.localTag && { 'local-tag': plain(ids.localTag) }),
  ...(ids?.remoteTag && { 'remote-tag': plain(ids.remoteTag) }),
});

const addState = (dialog: Element, { state, event, code }: Pick<Line, 'state' | 'event' | 'code'>): void => {
  const element = dialog.ele('state');
  if (event) element.att('event', event);
  if (code !== undefined) element.att('code', String(code));
  element.txt(state);
};

const addParticipant = (dialog: Element, name: 'local' | 'remote', who: Participant | undefined): void => {
  if (!who) return;
  const participant = dialog.ele(name);
  if (who.identity !== undefined) {
    const identity = participant.ele('identity');
    if (who.display) identity.att('display', plain(who.display));
    identity.txt(plain(who.identity));
  }
  const target = participant.ele('target').att('uri', plain(who.target));
  // Asterisk and FreeSWITCH write `pvalue`, which the schema does not know.
  if (who.isHolding) target.ele('param').att({ pname: '+sip.rendering', pval: 'no' });
};
