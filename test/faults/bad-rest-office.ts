import { services } from '../../src/domain/service-code.js';

/** Ids of TelecomX's kind that the tests know by name. */
export const ids = {
  acme: '0000000000000000000000a1',
  globex: '0000000000000000000000b1',
  support: '0000000000000000000000c1',
  spare: '0000000000000000000000c2',
  outside: '0000000000000000000000d1',
  /** Of extensions 101, 102 and 103. */
  bob: '000000000000000000000101',
  carol: '000000000000000000000102',
  dave: '000000000000000000000103',
} as const;

/** What must never be in an answer. */
export const secrets = ['pass-of-100', 'pass-of-101', 'pass-of-globex'] as const;

/** IvozProvider's number of a service. */
export const serviceId = (name: (typeof services)[number]): string => String(services.indexOf(name) + 1);

/** UIS's document of acme. */
export const callControl = {
  allow_all: false,
  pickup_all: true,
  groups: { sales: ['100', '101'], night: ['102'] },
  pickup_share_groups: ['sales'],
  phone_replace_groups: ['night'],
  eavesdrop_101: ['sales'],
  whisper_101: ['sales'],
  barge_101: ['night'],
};

/** Two companies of one brand; globex wants writers to say what they have seen. */
export const officeYaml = `
sipAuth: none
brands:
  nordic:
    codes: { preview: ['*94'], phone-replace: ['*77'] }
tenants:
  acme:
    name: Acme
    customer: '${ids.acme}'
    domains: [acme.example]
    default: true
    brand: nordic
    ringSeconds: 180
    codes: { pickup: ['*95', '**'], pickup-deny: ['*80'], pickup-allow: ['*81'] }
    callControl: ${JSON.stringify(callControl)}
    users:
      '11': { name: Alice Adams }
      '12': { name: Bob Brown }
      '13': { name: Carol Clark }
      '14': { name: Dave Davis }
    extensions:
      '100': { name: Alice, user: '11', password: pass-of-100, id: '000000000000000000000100' }
      '101': { name: Bob, user: '12', password: pass-of-101, id: '${ids.bob}' }
      '102': { name: Carol, user: '13', id: '${ids.carol}' }
      '103': { name: Dave, user: '14', id: '${ids.dave}' }
      '104': { name: Eve }
      '105': { name: Frank }
      '106': { name: Nobody there }
    pickupGroups:
      sales: { id: 1, members: ['100', '101', '102', '106'] }
      spare: { id: 2, members: ['101', '102'] }
      rest: { id: 3, members: ['104'] }
      kept: { id: 4, members: ['100', '101'] }
    groups:
      '${ids.support}':
        { name: Support, number: '800', members: ['101', '102', '106'], controllers: ['100', '106'], setPresence: true, sms: true,
          pickup: true, queueMember: true, viewOtherParty: true }
      '${ids.spare}': { name: Spare, number: '801' }
    outsideNumbers: { '${ids.outside}': { number: '+4930123456' } }
  globex:
    customer: '${ids.globex}'
    domains: [globex.example]
    brand: nordic
    requireIfMatch: true
    extensions:
      '100': { name: Other, password: pass-of-globex }
    pickupGroups:
      sales: { id: 1, members: ['100'] }
`;
