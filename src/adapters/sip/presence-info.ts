import { create } from 'xmlbuilder2';
import type { Extension } from '../../domain/names.js';
import type { Presence, Tenant } from '../../domain/office.js';
import { presenceOf } from '../../domain/presence.js';
import { builderOptions, plain } from './xml-text.js';

/** Whose presence a document tells. */
export interface PresenceView {
  readonly tenant: Tenant;
  readonly extension: Extension;
  /** The address that the watcher subscribed to, in its own spelling. */
  readonly entity: string;
}

const namespaces = {
  pidf: 'urn:ietf:params:xml:ns:pidf',
  person: 'urn:ietf:params:xml:ns:pidf:data-model',
  activity: 'urn:ietf:params:xml:ns:pidf:rpid',
} as const;

/**
 * How each presence is said: whether calls are taken (RFC 3863 section 4.1.4), what the people do (RFC 4480 section 3.2;
 * it has no word for who wants to be left in peace, so that is `busy`), and what a phone's display shows.
 */
const words: Readonly<Record<Presence, { basic: 'open' | 'closed'; activity?: 'away' | 'busy'; note: string }>> = {
  available: { basic: 'open', note: 'Available' },
  away: { basic: 'open', activity: 'away', note: 'Away' },
  'do-not-disturb': { basic: 'closed', activity: 'busy', note: 'Do Not Disturb' },
};

/** The document that tells what the people of an extension say of themselves (application/pidf+xml, RFC 3863). */
export const presenceInfo = ({ tenant, extension, entity }: PresenceView): string => {
  const { basic, activity, note } = words[presenceOf(tenant, extension)];
  const root = create(builderOptions).ele(namespaces.pidf, 'presence');
  root.att('entity', plain(entity));
  const tuple = root.ele('tuple').att('id', 'calls');
  tuple.ele('status').ele('basic').txt(basic);
  tuple.ele('note').txt(note);
  if (activity) {
    const person = root.ele(namespaces.person, 'dm:person').att('id', 'people');
    person.ele(namespaces.activity, 'rpid:activities').ele(namespaces.activity, `rpid:${activity}`);
  }
  return root.end();
};
