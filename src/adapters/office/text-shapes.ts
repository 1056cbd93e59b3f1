import { Type } from 'typebox';
import { pinHashForm } from './pin-hash.js';

/** What each form asks for, in words: a regular expression tells an administrator nothing. */
const sentences = new Map<string, string>();

const formed = (pattern: string, sentence: string) => {
  sentences.set(pattern, sentence);
  return Type.String({ pattern });
};

/** The words for a form that a text does not have. */
export const sentenceOf = (pattern: unknown): string => sentences.get(String(pattern)) ?? 'has not the right form';

/** Text without control characters and line ends, counted in characters, not in what is drawn as one. */
const text = (least: number, most: number) =>
  formed(
    `^[^\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}]{${least},${most}}$`,
    `must have ${least > 0 ? `${least} to` : 'at most'} ${most} characters, no control characters among them`,
  );

/** Names that phones and programs show. */
export const Name = text(1, 80);

/** A part of what a phone says that it is. */
export const UserAgent = text(1, 80);

/** Remarks of an administrator. */
export const Notes = text(0, 1000);

/** A password for digest; any of its characters may come from a phone's keypad or a generator. */
export const Password = text(1, 128);

/** A PIN, hashed: it is not to be read from a document. */
export const ReplacePin = formed(pinHashForm, 'must be a hash as `npm run office -- pin` makes it');

/** What posts are signed with: long enough not to be guessed from one of them. */
export const WebhookSecret = text(16, 128);

/** Where posts go; that it is a URL is looked at afterwards. */
export const WebhookUrl = formed(
  '^https?://[\\x21-\\x7e]{1,2000}$',
  'must be a URL that begins with https:// or http://',
);

/** A number inside a company. */
export const NumberText = formed('^[A-Za-z0-9._+-]{1,64}$', 'must have 1 to 64 letters, digits and . _ + -');

/** A number that a phone could dial, codes and outside numbers among them. */
export const Dialable = formed('^[A-Za-z0-9._+*#-]{1,64}$', 'must have 1 to 64 letters, digits and . _ + - * #');

/** A wav file in the operator's folder of sounds; no path, so that it leads nowhere else. */
export const SoundFile = formed(
  '^[A-Za-z0-9_-]{1,64}$',
  'must be the name of a wav file without .wav: 1 to 64 letters, digits, _ and -',
);

/** What TelecomX's API names things by. */
export const ObjectId = formed('^[0-9A-Fa-f]{24}$', 'must have 24 hexadecimal digits');

/** What a group goes on to: an extension, a group, or an outside number, whose id may be shorter. */
export const PlaceId = formed('^[0-9A-Fa-f]{1,24}$', 'must have 1 to 24 hexadecimal digits');

/** Who owns an extension. */
export const UserId = formed('^[A-Za-z0-9._-]{1,64}$', 'must have 1 to 64 letters, digits and . _ -');

/** A SIP domain or an IPv4 address. */
export const Domain = formed('^[A-Za-z0-9.-]{1,253}$', 'must be a domain: letters, digits, dots and dashes');

/** Where numbers go that nobody has. */
export const Trunk = formed(
  '^sips?:[A-Za-z0-9.\\-:\\[\\]]{1,260}(;transport=(udp|tcp))?$',
  'must be a SIP URI without a user: sip:trunk.example',
);

/** A minute of the day. */
export const TimeOfDay = formed('^([01][0-9]|2[0-3]):[0-5][0-9]$', 'must be a time of the day, 00:00 to 23:59');

/** What time zones are named by. */
export const TimeZone = formed('^[A-Za-z0-9_+/-]{1,64}$', 'must be the name of a time zone: Europe/Copenhagen');
