import type { Phone } from '../support/phone.js';
import type { Message } from '../support/phone-message.js';
import { fits, type Schema } from './bad-rest-schema.js';
import type { Programs, Role } from './bad-rest-stage.js';
import { allTexts, isThorough, someNaughty } from './bad-rest-strings.js';

/** Names that try to end what they stand in, although no control character is in them. */
const breakouts = [
  'a" <sip:evil>',
  '"',
  '\\',
  'a\\',
  '\\"',
  'a";tag=1;x="',
  'a, "b"',
  '%0d%0aX-Evil: 1',
  '=?utf-8?B?DQpYLUV2aWw6IDE=?=',
  'a;b=c',
  '\u202egnp.exe',
  '\u{1f4a9}'.repeat(20),
  ' a ',
];

/** Names that this schema lets pass, to be seen at a phone. */
export const passingNames = (passes: (text: string) => boolean): string[] => {
  const naughty = isThorough ? allTexts : someNaughty(24);
  return [...new Set([...breakouts, ...naughty])].filter(passes);
};

/** A schema's verdict on a caller id of this name. */
export const callerIdOf = (name: string): string => `${name} <+4930123456>`;

/** True if the schema of a caller id lets the name pass. */
export const passesAsCaller =
  (schema: Schema) =>
  (name: string): boolean =>
    fits(schema, callerIdOf(name));

/** The names of a message's header lines, sorted; a line more is a header that somebody smuggled in. */
export const headerNames = ({ text }: Message): string[] =>
  (text.split('\r\n\r\n')[0] ?? '')
    .split('\r\n')
    .slice(1)
    .map((line) => line.slice(0, line.indexOf(':')).toLowerCase())
    .sort();

/** The display name of an address, as a phone reads it (RFC 3261 section 25.1). */
export const displayName = (value: string | undefined): string | undefined => {
  const quoted = /^"((?:[^"\\]|\\.)*)"\s*<sips?:[^<>\s]+>(?:;tag=[\w.~-]+)?$/su.exec(value ?? '')?.[1];
  return quoted?.replace(/\\(.)/gsu, '$1');
};

/** What both ways of asking for a pickup have in common. */
export interface Offer {
  readonly method: string;
  readonly url: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Orders a pickup and declines it at the picker's phone; resolves with the INVITE that came there. */
export const invitedBy = async (
  programs: Programs,
  { role, offer, phone }: { role: Role; offer: Offer; phone: Phone },
): Promise<Message> => {
  const { method, url, body } = offer;
  const headers = { authorization: programs.authorization(role), 'content-type': 'application/json' };
  const { status, text } = await programs.ask({ method, url, headers, body: JSON.stringify(body) });
  if (status !== 202) throw new Error(`${JSON.stringify(body)} is ${status} ${text}`);
  const leg = await phone.isCalled();
  await leg.declines();
  return leg.request;
};
