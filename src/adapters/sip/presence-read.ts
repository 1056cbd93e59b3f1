import type { Presence } from '../../domain/office.js';
import { elementsIn } from './xml-read.js';

const pidf = 'urn:ietf:params:xml:ns:pidf';

/** RFC 4480's, and the drafts' before it that phones still write. */
const isOfActivities = (space: string): boolean => /^urn:ietf:params:xml:ns:pidf:(status:)?rpid(-status)?$/.test(space);

/** Activities of people who are not at their phones (RFC 4480 section 3.2). */
const absent: ReadonlySet<string> = new Set([
  ...['away', 'permanent-absence', 'vacation', 'holiday', 'breakfast', 'dinner', 'meal', 'sleeping'],
  ...['travel', 'in-transit', 'steering', 'performance', 'playing', 'shopping', 'worship'],
]);

/** RFC 4480 has no word for it: phones say it in these, or as busy people who take no calls. */
const inPeace = /^\s*(dnd|do[ -]not[ -]disturb)\s*$/i;

/** What a phone says in a presence document (RFC 3863, RFC 4480); undefined if it is none. Never throws. */
export const readPresence = (xml: string): Presence | undefined => {
  const said = wordsIn(xml);
  if (!said) return undefined;
  const { isOpen, activities, notes } = said;
  if ([...activities, ...notes].some((word) => inPeace.test(word))) return 'do-not-disturb';
  if (!isOpen && activities.includes('busy')) return 'do-not-disturb';
  return isOpen && !activities.some((word) => absent.has(word)) ? 'available' : 'away';
};

interface Words {
  /** A phone is open for calls, or none says that it is not (RFC 3863 section 4.1.4). */
  readonly isOpen: boolean;
  readonly activities: readonly string[];
  readonly notes: readonly string[];
}

const wordsIn = (xml: string): Words | undefined => {
  const elements = elementsIn(xml);
  const [root] = elements;
  if (root?.localName !== 'presence' || root.namespaceURI !== pidf) return undefined;
  const texts = (name: string) =>
    elements.filter(({ localName }) => localName === name).map(({ textContent }) => textContent?.trim() ?? '');
  const basics = texts('basic').map((text) => text.toLowerCase());
  return {
    isOpen: basics.length === 0 || basics.includes('open'),
    activities: elements
      .filter(({ namespaceURI }) => isOfActivities(namespaceURI ?? ''))
      .map(({ localName }) => localName ?? ''),
    notes: texts('note'),
  };
};
