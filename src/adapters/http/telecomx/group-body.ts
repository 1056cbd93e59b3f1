import type { GroupDocument, TenantDocument } from '../../../domain/tenant-document.js';
import type { Edited } from '../../../flows/offices.js';
import { badField, badRequest, type FieldFault, type Problem } from '../problem.js';
import type { GroupBody } from './shapes.js';

type Result = Edited<GroupDocument, Problem>;

/** What a program cannot change, and what the body must therefore agree with. */
export interface Given {
  readonly customer: string;
  /** Of a group that exists. */
  readonly id?: string;
}

/** Which field of a body names something else than the request is about; undefined if none does. */
export const disagreement = (body: GroupBody, { customer, id }: Given): Problem | undefined => {
  if (body.customer !== undefined && body.customer.toLowerCase() !== customer) {
    return badField('customer', 'is not the customer whom this request is about; a group stays where it is');
  }
  if (body._id !== undefined && body._id.toLowerCase() !== id) return badField('_id', 'is not the id in the path');
  const { writePhonebook, writePhoneBook = writePhonebook } = body;
  if (writePhonebook !== undefined && writePhonebook !== writePhoneBook) {
    return badField('writePhoneBook', 'says something else than writePhonebook');
  }
  return undefined;
};

/** The group as it is after the change: fields that the body does not name stay, null takes a field away. */
export const changedGroup = (document: TenantDocument, before: GroupDocument, body: GroupBody): Result => {
  const { customer, _id, type, writePhoneBook, members, controllers, ...plain } = body;
  const numbers = numbersById(document);
  const faults: FieldFault[] = [];
  const extensions = (field: string, ids: readonly string[] | undefined) => {
    if (ids === undefined) return {};
    const read = readIds(field, ids, numbers);
    faults.push(...read.faults);
    return { [field]: read.numbers };
  };
  const changed = {
    ...before,
    ...lowerCaseIds(plain),
    ...(writePhoneBook !== undefined && { writePhonebook: writePhoneBook }),
    ...extensions('members', members),
    ...extensions('controllers', controllers),
  };
  if (faults.length > 0) return { ok: false, refusal: badRequest(faults) };
  return { ok: true, document: withoutNulls(changed) };
};

const numbersById = ({ extensions }: TenantDocument): ReadonlyMap<string, string> =>
  new Map(Object.entries(extensions).flatMap(([number, { id }]) => (id ? [[id.toLowerCase(), number]] : [])));

const readIds = (field: string, ids: readonly string[], known: ReadonlyMap<string, string>) => {
  const numbers: string[] = [];
  const faults: FieldFault[] = [];
  const seen = new Set<string>();
  ids.forEach((id, index) => {
    const number = known.get(id.toLowerCase());
    const at = `${field}.${index}`;
    if (number === undefined) faults.push({ field: at, reason: 'is the id of no extension of this customer' });
    else if (seen.has(number)) faults.push({ field: at, reason: 'is named twice' });
    else {
      seen.add(number);
      numbers.push(number);
    }
  });
  return { numbers, faults };
};

type PlainFields = Omit<GroupBody, 'customer' | '_id' | 'type' | 'writePhoneBook' | 'members' | 'controllers'>;

/** Ids are kept in lower case, so that they can be compared. */
const lowerCaseIds = ({ startAudio, timeoutGoto, ...fields }: PlainFields) => ({
  ...fields,
  ...(startAudio !== undefined && { startAudio: startAudio?.toLowerCase() ?? null }),
  ...(timeoutGoto !== undefined && { timeoutGoto: timeoutGoto?.toLowerCase() ?? null }),
});

const withoutNulls = (fields: object): GroupDocument =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)) as unknown as GroupDocument;
