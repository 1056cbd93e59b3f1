import type { Extension } from '../../../domain/names.js';
import { domainOf, type Tenant } from '../../../domain/office.js';
import type { Party } from '../../../flows/ports.js';
import { type Delivery, longestText, plainText } from '../../../flows/texts/messages.js';
import { isDelivered, textMembers } from '../../../flows/texts/text-members.js';
import type { Api } from '../api.js';
import { badField, thrown } from '../problem.js';
import type { Place } from './find-group.js';

/** What became of a text at one phone. */
export interface PhoneJson {
  readonly extension: string;
  readonly number: string;
  readonly phone: string;
  /** The SIP status of its answer, 0 if there was none. */
  readonly status: number;
  readonly delivered: boolean;
}

/** What became of a text to a group. */
export interface SmsJson {
  /** At least one phone has it. */
  readonly success: boolean;
  /** How many phones have it. */
  readonly recipients: number;
  readonly phones: PhoneJson[];
  /** The ids of members that no phone is registered for. */
  readonly unregistered: string[];
}

/** The text as phones get it; throws if it is empty or too long for that. */
export const readText = (text: string): string => {
  const plain = plainText(text);
  if (plain === '') throw thrown(badField('text', 'has no character that can be shown'));
  if (plain.length > longestText) throw thrown(badField('text', `must not have more than ${longestText} characters`));
  return plain;
};

/** Who the phones say has written: the extension, or the group where nobody's phone stands behind the token. */
export const senderOf = ({ tenant, group }: Place, extension: Extension | undefined): Party => {
  const entry = extension && tenant.extensions.get(extension);
  const { name, number = '' } = entry ?? group;
  return { name, number, domain: domainOf(tenant), private: false };
};

/** Sends a text to every phone of every member. */
export const sendToGroup = async (
  { messages }: Pick<Api, 'messages'>,
  { tenant, group }: Place,
  message: { from: Party; text: string },
): Promise<SmsJson> => {
  const deliveries = await textMembers(group.members, (member) => messages.send(tenant, member, message));
  const phones = [...deliveries.values()].flat().map((each) => phoneJson(tenant, each));
  const recipients = phones.filter(({ delivered }) => delivered).length;
  const unregistered = [...deliveries].flatMap(([member, own]) => (own.length === 0 ? [idOf(tenant, member)] : []));
  return { success: recipients > 0, recipients, phones, unregistered };
};

const idOf = ({ extensions }: Tenant, number: Extension): string => extensions.get(number)?.id ?? '';

const phoneJson = (tenant: Tenant, delivery: Delivery): PhoneJson => {
  const { extension, phone, status } = delivery;
  const delivered = isDelivered(delivery);
  return { extension: idOf(tenant, extension), number: extension, phone, status, delivered };
};
