import type { Fault } from '../../domain/tenant-document.js';
import { givenCustomer } from './given-ids.js';

type Fields = Readonly<Record<string, unknown>>;

/** What a file says, and what of it is wrong already; what has no good shape is left to the shapes. */
interface Pasted {
  readonly office: unknown;
  readonly faults: readonly Fault[];
}

/**
 * The groups of an office file may stand there as TelecomX's API shows them: with null for what is not used, and with
 * what no group can change (`_id`, `type`, `customer`) as long as it says the same as the file around it. Here they get
 * the form that documents have; whom they name by id is found when the rest has its form.
 */
export const withPastedGroups = (office: unknown): Pasted => {
  if (!isFields(office) || !isFields(office.tenants)) return { office, faults: [] };
  const faults: Fault[] = [];
  const tenants = mapped(office.tenants, (tenant, name) => {
    if (!isFields(tenant) || !isFields(tenant.groups)) return tenant;
    const groups = mapped(tenant.groups, (group, id) => {
      if (!isFields(group)) return group;
      const wrong = disagreements(group, { id, customer: tenant.customer ?? givenCustomer(name) });
      faults.push(...wrong.map(({ field, why }) => ({ path: ['tenants', name, 'groups', id, field], why })));
      return asKept(group);
    });
    return { ...tenant, groups };
  });
  return { office: { ...office, tenants }, faults };
};

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const mapped = (fields: Fields, change: (value: unknown, name: string) => unknown): Fields =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, change(value, name)]));

const isSameId = (one: unknown, other: unknown): boolean =>
  typeof one === 'string' && typeof other === 'string' && one.toLowerCase() === other.toLowerCase();

/** Where a group says of itself something else than the file says of it. */
const disagreements = (group: Fields, { id, customer }: { id: string; customer: unknown }) =>
  [
    { field: '_id', isRight: isSameId(group._id, id), why: 'is not the id that the group stands under' },
    { field: 'type', isRight: group.type === 'GROUP', why: 'must be GROUP' },
    { field: 'customer', isRight: isSameId(group.customer, customer), why: "is not this company's customer" },
    {
      field: 'writePhoneBook',
      isRight: [undefined, group.writePhoneBook].includes(group.writePhonebook),
      why: 'says something else than writePhonebook',
    },
  ].filter(({ field, isRight }) => field in group && !isRight);

/** What a group need not have. */
const unused = ['number', 'startAudio', 'redirect', 'timeoutGoto'];

const asKept = ({ _id, type, customer, writePhoneBook, ...fields }: Fields): Fields => ({
  ...Object.fromEntries(Object.entries(fields).filter(([name, value]) => value !== null || !unused.includes(name))),
  ...(writePhoneBook !== undefined && { writePhonebook: writePhoneBook }),
});
