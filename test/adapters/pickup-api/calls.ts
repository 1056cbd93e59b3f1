import type { CallId, Extension, InstanceId, TenantId } from '../../../src/domain/names.js';
import type { OfficeDocument } from '../../../src/domain/tenant-document.js';
import type { KnownCall } from '../../../src/flows/call-directory.js';

/**
 * A company with an organization's user (3), a person with two phones (12: 100 and 024), a private phone (105), one that
 * has opted out (106), a queue (107), and one (108) without any say over others; and another company with the same numbers.
 */
export const organization = (): OfficeDocument => ({
  brands: { nordic: {} },
  tenants: {
    acme: {
      name: 'Company a',
      customer: 'a'.repeat(24),
      brand: 'nordic',
      domains: ['acme.example'],
      default: true,
      users: {
        '3': { name: 'Default Organization', context: 'organization' },
        '12': { name: 'Alice Adams' },
        '8': { name: 'Heidi Hill', context: 'phone' },
      },
      extensions: {
        '210': { name: 'Front Desk', user: '3' },
        '024': { name: 'Alice at home', user: '12' },
        '100': { name: 'Alice', user: '12' },
        '101': { name: 'Bob' },
        '102': { name: 'Carol' },
        '105': { name: 'Private', private: true },
        '106': { name: 'Leave me', refusesPickup: true },
        '107': { name: 'Queue', kind: 'other' },
        '108': { name: 'Heidi', user: '8' },
      },
      callControl: { pickup_all: false },
      pickupGroups: { sales: { id: 1, members: ['210', '100', '101', '106', '105'] } },
      groups: {
        ['1'.repeat(24)]: {
          name: 'Watch',
          number: '800',
          members: ['101', '102'],
          controllers: ['108'],
          viewOtherParty: true,
        },
        ['2'.repeat(24)]: { name: 'Pick', number: '801', members: ['102'], controllers: ['100'], pickup: true },
      },
    },
    globex: {
      name: 'Company b',
      customer: 'b'.repeat(24),
      domains: ['globex.example'],
      extensions: { '101': {}, '210': {}, '024': {} },
    },
  },
});

let made = 0;

/** An id of a call like no other. */
export const newCallId = (): CallId => {
  made += 1;
  return `b817d261-8fe6-4180-8333-${made.toString(16).padStart(12, '0')}` as CallId;
};

/** A call that rings at 210 from outside, with some of it said otherwise. */
export const aCall = (changes: Partial<KnownCall> | Record<string, unknown> = {}): KnownCall => ({
  id: newCallId(),
  tenant: 'acme' as TenantId,
  owner: 'one' as InstanceId,
  state: 'ringing',
  callerName: 'John Doe',
  callerNumber: '3334444',
  isAnonymous: false,
  isPrivate: false,
  target: '210' as Extension,
  startedAt: Date.UTC(2012, 5, 27, 14, 8, 50, 123),
  ringingAt: Date.UTC(2012, 5, 27, 14, 8, 51),
  ...changes,
});
