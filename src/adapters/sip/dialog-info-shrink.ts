import { type DialogView, type Line, ownAddress, type Page, type Participant } from './dialog-info-page.js';

/** Characters of a name that a key of a phone can show. */
const shortName = 24;

/** Characters of an id of ours. */
const longestId = 64;

/**
 * What is left out where a document would be too large (protocol.md D28), one after the other until it fits: the rest of
 * long names; who was at the ends of what is over; all dialogs but the one that matters most; who is at its other end; at
 * last everything but its state.
 */
export const shrinks = (view: DialogView): readonly ((page: Page) => Page)[] => [
  ({ lines, ...page }) => ({ ...page, lines: lines.map(withShortNames) }),
  ({ lines, ...page }) => ({ ...page, lines: lines.map(withoutPastEnds) }),
  ({ lines, ...page }) => ({ ...page, lines: lines.slice(0, 1) }),
  ({ lines, ...page }) => ({ ...page, lines: lines.map(withoutIdentity) }),
  ({ lines }) => ({ entity: ownAddress(view), lines: lines.map(stateAlone) }),
];

/** What is short enough stays the same line, which need not be written again. */
const withShortNames = (line: Line): Line => {
  const { local, remote } = line;
  if (![local, remote].some((who) => (who?.display?.length ?? 0) > shortName)) return line;
  return { ...line, ...(local && { local: withShortName(local) }), ...(remote && { remote: withShortName(remote) }) };
};

const withShortName = ({ display, ...participant }: Participant): Participant => ({
  ...participant,
  ...(display !== undefined && { display: cut(display, shortName) }),
});

const withoutPastEnds = (line: Line): Line => {
  if (line.state !== 'terminated') return line;
  const { local: _, remote: __, ...over } = line;
  return over;
};

/** The key can still pick the call up. */
const withoutIdentity = ({ remote, ...line }: Line): Line => ({
  ...line,
  ...(remote && remote.target !== remote.identity && { remote: { target: remote.target } }),
});

const stateAlone = ({ id, direction, state }: Line): Line => ({
  id: cut(id, longestId),
  state,
  ...(direction && { direction }),
});

/** Never inside a character: half of a pair has no UTF-8. */
const cut = (text: string, most: number): string => (text.length <= most ? text : [...text].slice(0, most).join(''));
