import { telecomx } from '../../../src/adapters/http/telecomx/dialect.js';
import { groupRights } from '../../../src/domain/group.js';
import type { CallId, Extension, InstanceId, TenantId } from '../../../src/domain/names.js';
import type { GroupDocument, OfficeDocument } from '../../../src/domain/tenant-document.js';
import type { KnownCall } from '../../../src/flows/call-directory.js';
import { openStage, twoCompanies } from '../http-stage.js';

/** Ids of groups, the same in both companies. */
export const support = '1'.repeat(24);
export const sales = '2'.repeat(24);
export const night = '3'.repeat(24);
/** An outside number of acme. */
export const mobile = '9'.repeat(24);
/** A group that nobody has. */
export const nowhere = '8'.repeat(24);

/** TelecomX's id of an extension of acme. */
export const idOf = (number: number): string => `${'a'.repeat(20)}0${number}`;

/** TelecomX's id of the same extension of globex. */
export const strangerOf = (number: number): string => `${'b'.repeat(20)}0${number}`;

/** Every right that controllers can have. */
export const allRights = Object.fromEntries(groupRights.map((right) => [right, true]));

const groups = (): Record<string, GroupDocument> => ({
  // The PERSONAL token of the stage is 102.
  [support]: {
    name: 'Support',
    number: '800',
    notes: 'Primary support ring group',
    members: ['100', '101'],
    controllers: ['102'],
    ...allRights,
    strategy: 'RANDOM',
    ringTime: 20,
    timeoutGoto: sales,
  },
  [sales]: { name: 'Sales', number: '90', members: ['103'], controllers: ['103'] },
  [night]: { name: 'Night', controllers: ['102'], timeoutGoto: mobile },
});

/** Two companies with the same groups, under the same ids. */
export const office = (): OfficeDocument => {
  const { tenants, ...rest } = twoCompanies();
  const { acme, globex } = tenants as Required<typeof tenants>;
  return {
    ...rest,
    tenants: {
      acme: {
        ...(acme as NonNullable<typeof acme>),
        // Else 102 could take calls of 100 by another model.
        pickupGroups: {},
        groups: groups(),
        outsideNumbers: { [mobile]: { number: '+4570305050', name: 'Mobile' } },
      },
      globex: {
        ...(globex as NonNullable<typeof globex>),
        groups: {
          [support]: { ...groups()[support], name: 'Their support', timeoutGoto: sales },
          [sales]: { name: 'Theirs' },
        },
      },
    },
  } as OfficeDocument;
};

/** A server that speaks TelecomX over two companies, with the documents' own checks. */
export const open = (t: Parameters<typeof openStage>[0], from: OfficeDocument = office()) =>
  openStage(t, { dialects: [telecomx], office: from });

/** A call of acme that rings at 100, from outside. */
export const ringingCall = (own: Partial<Record<keyof KnownCall, unknown>> = {}): KnownCall => ({
  id: 'call1' as CallId,
  tenant: 'acme' as TenantId,
  owner: 'i1' as InstanceId,
  state: 'ringing',
  callerName: 'Zoe Zander',
  callerNumber: '+4570305050',
  isAnonymous: false,
  isPrivate: false,
  target: '100' as Extension,
  startedAt: 1_700_000_000_000,
  ringingAt: 1_700_000_000_100,
  ...(own as Partial<KnownCall>),
});
