import { leadsNowhere, placeIdsOf } from '../../../domain/faults/ids.js';
import type { GroupDocument, TenantDocument } from '../../../domain/tenant-document.js';
import type { Edited } from '../../../flows/offices.js';
import { badField, badRequest, type FieldFault, type Problem } from '../problem.js';
import type { GroupBody } from './shapes.js';

type Result = Edited<GroupDocument, Problem>;

/** What a program cannot change, and what the body must therefore agree with. */
export interface Given {
  readonly customer: string;
  readonly id: string;
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

/** What is to be changed: the group as it is, in its company's document. */
export interface Before {
  readonly document: TenantDocument;
  readonly id: string;
  readonly group: GroupDocument;
}

/**
 * The group as it is after the change: fields that the body does not name stay, null takes a field away. Whatever the
 * body names by id must be there, and all that is not is told at once.
 */
export const changedGroup = ({ document, id, group }: Before, body: GroupBody): Result => {
  const { customer, _id, type, writePhoneBook, members, controllers, ...plain } = body;
  const extensions = { what: 'extension', byId: numbersById(document) };
  const faults: FieldFault[] = [];
  const listed = (field: string, ids: readonly string[] | undefined, known: Known) => {
    if (ids === undefined) return {};
    const read = readIds(field, ids, known);
    faults.push(...read.faults);
    return { [field]: read.numbers };
  };
  const changed = {
    ...group,
    ...lowerCaseIds(plain),
    ...(writePhoneBook !== undefined && { writePhonebook: writePhoneBook }),
    ...listed('members', members, { what: 'extension or group', byId: withGroupIds(document, extensions.byId) }),
    ...listed('controllers', controllers, extensions),
  };
  const goto = plain.timeoutGoto?.toLowerCase();
  const isKnown = goto === undefined || goto === id || placeIdsOf(document).has(goto);
  if (!isKnown) faults.push({ field: 'timeoutGoto', reason: leadsNowhere });
  if (faults.length > 0) return { ok: false, refusal: badRequest(faults) };
  return { ok: true, document: withoutNulls(changed) };
};

const numbersById = ({ extensions }: TenantDocument): ReadonlyMap<string, string> =>
  new Map(Object.entries(extensions).flatMap(([number, { id }]) => (id ? [[id.toLowerCase(), number]] : [])));

/** A group that is a member is kept by its id. */
const withGroupIds = ({ groups = {} }: TenantDocument, numbers: Known['byId']): Known['byId'] =>
  new Map([...Object.keys(groups).map((id) => [id, id] as const), ...numbers]);

/** What the ids of a field may stand for, and as what it is kept. */
interface Known {
  readonly what: string;
  readonly byId: ReadonlyMap<string, string>;
}

const readIds = (field: string, ids: readonly string[], { what, byId }: Known) => {
  const numbers: string[] = [];
  const faults: FieldFault[] = [];
  const seen = new Set<string>();
  ids.forEach((id, index) => {
    const number = byId.get(id.toLowerCase());
    const at = `${field}.${index}`;
    if (number === undefined) faults.push({ field: at, reason: `is the id of no ${what} of this customer` });
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
