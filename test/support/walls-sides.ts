/** One of the two companies, and by what everything of it can be recognized. */
export interface Side {
  readonly tenant: 'acme' | 'globex';
  readonly domain: string;
  /** 24 hexadecimal digits. */
  readonly customer: string;
  readonly brand: string;
  /** Stands in every name that the company has given. */
  readonly mark: string;
  /** A number outside that nobody else knows. */
  readonly outside: string;
  /** Where its phones live; and its trunk, and callers from outside behind the edge. */
  readonly host: string;
  readonly trunkHost: string;
  readonly edgeHost: string;
}

/** The two companies: alike in everything but their marks, and what only one company of an installation can have. */
export const sides: readonly [Side, Side] = [
  {
    tenant: 'acme',
    domain: 'acme.example',
    customer: 'aaaaaaaaaaaaaaaaaaaa0001',
    brand: 'nordic',
    mark: 'Acme-7f3',
    outside: '+4670117103',
    host: '127.0.7.1',
    trunkHost: '127.0.7.2',
    edgeHost: '127.0.5.7',
  },
  {
    tenant: 'globex',
    domain: 'globex.example',
    customer: 'bbbbbbbbbbbbbbbbbbbb0002',
    brand: 'baltic',
    mark: 'Globex-b91',
    outside: '+4680229106',
    host: '127.0.9.1',
    trunkHost: '127.0.9.2',
    edgeHost: '127.0.5.9',
  },
];

/** Addresses whose word the service takes for who somebody is. */
export const edges: string = sides.map(({ edgeHost }) => `${edgeHost}/32`).join(',');

/** The other company. */
export const otherOf = ({ tenant }: Side): Side => (tenant === sides[0].tenant ? sides[1] : sides[0]);

/** What must never be seen on the other side, whatever was asked. */
export const secretsOf = ({ mark, outside, host, trunkHost, edgeHost }: Side): readonly string[] => [
  mark,
  outside,
  host,
  trunkHost,
  edgeHost,
];

/** What may be seen on the other side only where the request had it: whoever names a company hears its name again. */
export const namesOf = ({ tenant, domain, customer, brand }: Side): readonly string[] => [
  domain,
  customer,
  brand,
  tenant,
];

/** Those who call, are called and pick up; the same in both companies. */
export const people = ['100', '101', '102', '103', '104', '105', '106'] as const;

/** Whose call rings on all the time, and the two who talk all the time. */
export const patient = '107';
export const talkers = ['108', '109'] as const;

/** Who may take part in the call of the two who talk; and who may take it over, and has no phone to do it with. */
export const supervisor = '105';
export const phoneless = '110';

/** Ids as TelecomX has them; the same in both companies. */
export const ids = {
  extension: (number: string): string => `e0000000000000000000${number.padStart(4, '0')}`,
  groups: ['90000000000000000000a001', '90000000000000000000a002', '90000000000000000000a003'],
  outside: '90000000000000000000b001',
  /** A group that no program changes. */
  thieves: '90000000000000000000c001',
} as const;

/** Ids that both companies have, and their own customer ids, which are judged as names. */
export const commonIds: ReadonlySet<string> = new Set([
  ...[...people, patient, ...talkers, phoneless].map(ids.extension),
  ...ids.groups,
  ids.outside,
  ids.thieves,
  ...sides.map(({ customer }) => customer),
]);

/** The numbers that reach groups. */
export const groupNumbers = ['800', '801', '802', '803'] as const;

/** What a phone proves itself with. */
export const passwordOf = ({ mark }: Side, number: string): string => `${mark}-secret-${number}`;

const rights = { pickup: true, steal: true, spy: true, setPresence: true, queueMember: true, viewOtherParty: true };

const groupOf = (side: Side, number: string, members: readonly string[]) => ({
  name: `Ring ${number} ${side.mark}`,
  number,
  notes: `Notes of ${side.mark}`,
  members,
  controllers: ['105', '100'],
  ...rights,
  sms: true,
  timeoutGoto: ids.outside,
});

/** A call control document that lets most pickups happen. */
export const callControlOf = ({ mark }: Side, shared: readonly string[] = ['100', '101', '102']) => ({
  allow_all: false,
  pickup_all: true,
  groups: { one: shared, two: ['104', '105'], [`team ${mark}`]: ['103', '106'], talk: [...talkers] },
  pickup_share_groups: ['one'],
  eavesdrop_100: ['one', `team ${mark}`],
  whisper_101: ['two'],
  [`eavesdrop_${supervisor}`]: ['talk'],
  [`whisper_${supervisor}`]: ['talk'],
  [`barge_${supervisor}`]: ['talk'],
  phone_replace_groups: ['two'],
});

const companyOf = (side: Side, trunkPort: number) => ({
  name: `${side.mark} Ltd`,
  customer: side.customer,
  domains: [side.domain],
  brand: side.brand,
  trunk: `sip:${side.trunkHost}:${trunkPort}`,
  ringSeconds: 180,
  codes: { preview: ['*94'] },
  users: {
    '1': { name: `User one ${side.mark}`, context: 'organization' },
    '2': { name: `User two ${side.mark}`, context: 'user' },
    '3': { name: `User three ${side.mark}`, context: 'global' },
    '9': { name: `User nine ${side.mark}`, context: 'phone' },
  },
  extensions: Object.fromEntries(
    [...people, patient, ...talkers, phoneless].map((number) => [
      number,
      {
        name: `Phone ${number} ${side.mark}`,
        id: ids.extension(number),
        user:
          { '100': '1', '101': '1', '102': '2', '103': '3' }[number as string] ?? (Number(number) > 106 ? '9' : '2'),
        password: passwordOf(side, number),
      },
    ]),
  ),
  pickupGroups: {
    sales: { id: 1, members: ['100', '101', '102', '103'] },
    [`desk ${side.mark}`]: { id: 2, members: ['104', '105'] },
    support: { id: 3, members: ['103', '106'] },
  },
  callControl: callControlOf(side),
  groups: {
    [ids.groups[0]]: groupOf(side, '800', ['100', '101']),
    [ids.groups[1]]: groupOf(side, '801', ['102', '103']),
    [ids.groups[2]]: groupOf(side, '802', ['104']),
    [ids.thieves]: { name: `Thieves ${side.mark}`, members: [...talkers], controllers: [phoneless], steal: true },
  },
  outsideNumbers: { [ids.outside]: { number: side.outside, name: `Outside ${side.mark}` } },
});

/** The office file of both (JSON is YAML); the ports are those of their trunks. */
export const officeOf = (trunkPorts: readonly [number, number]): string =>
  JSON.stringify({
    sipAuth: 'digest',
    brands: Object.fromEntries(sides.map(({ brand }) => [brand, { codes: { steal: ['*96'], 'dnd-on': ['*78'] } }])),
    tenants: Object.fromEntries(sides.map((side, index) => [side.tenant, companyOf(side, trunkPorts[index] ?? 0)])),
  });
