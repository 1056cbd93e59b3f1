import type { Missing } from '../../src/domain/explain.js';
import type { TenantDocument } from '../../src/domain/tenant-document.js';

/** The ids of its groups. */
export const [support, spare] = ['0000000000000000000000a1', '0000000000000000000000a2'];

/** The company that everybody asks about: 101 and 102 are colleagues, 104 is not, 105 is private, 106 has opted out. */
export const company = (): TenantDocument => ({
  name: 'Acme',
  extensions: {
    '101': { user: 'bob' },
    '102': { user: 'bob' },
    '103': {},
    '104': { user: 'eve' },
    '105': { private: true },
    '106': { refusesPickup: true },
  },
  pickupGroups: { sales: ['101', '102', '106'], night: ['101', '103'], support: ['104'] },
  callControl: {
    pickup_all: false,
    groups: { front: ['101', '102'], back: ['102', '103'], hr: ['103'], desk: ['104'] },
    pickup_share_groups: ['front', 'back', 'backk'],
    phone_replace_groups: ['front', 'desk'],
    eavesdrop_104: ['hr', 'management'],
  },
  groups: {
    [support]: {
      name: 'Support',
      number: '800',
      members: ['101', '102', '105', '106'],
      controllers: ['104'],
      spy: true,
    },
    [spare]: { name: 'Spare', members: [], controllers: ['104'], pickup: true },
  },
});

/** One refusal in words. */
export interface Row {
  readonly refusal: string;
  readonly reason: string;
  readonly missing: readonly Missing[];
  /** What the remedy says, done: afterwards it is allowed. */
  readonly cure: (document: TenantDocument) => void;
}

const inGroup = 'Support (800)';

/** Every refusal word by word, by the question: who, what, to whom. */
export const refusalRows: Record<string, Row> = {
  '104 pickup 999': {
    refusal: 'unknown-extension',
    reason: 'The company has no extension 999.',
    missing: [
      {
        model: 'company',
        why: 'The company has no extension 999.',
        remedy: 'Check the number, or add the extension.',
      },
    ],
    cure: ({ extensions, callControl }) => {
      extensions['999'] = {};
      Object.assign(callControl ?? {}, { pickup_all: true });
    },
  },
  '104 sms 0000000000000000000000ff': {
    refusal: 'unknown-group',
    reason: 'The company has no group 0000000000000000000000ff.',
    missing: [
      {
        model: 'company',
        why: 'The company has no group 0000000000000000000000ff.',
        remedy: 'Check its id or number, or add the group.',
      },
    ],
    cure: ({ groups }) =>
      Object.assign(groups ?? {}, { '0000000000000000000000ff': { name: 'New', controllers: ['104'], sms: true } }),
  },
  '101 pickup 106': {
    refusal: 'opted-out',
    reason: '101 may not pick up calls of 106. 106 has opted out of being picked up.',
    missing: [
      {
        model: 'callee',
        why: '106 has opted out of being picked up.',
        remedy: '106 can dial *81 to allow it again.',
      },
    ],
    cure: ({ extensions }) => Object.assign(extensions['106'] ?? {}, { refusesPickup: false }),
  },
  '104 eavesdrop 105': {
    refusal: 'private-call',
    reason:
      '104 may not listen to calls of 105. The calls of 105 are private: nobody else may take, watch or join them.',
    missing: [
      {
        model: 'callee',
        why: 'The calls of 105 are private: nobody else may take, watch or join them.',
        remedy: 'Write private: false at the extension 105 in the office file.',
      },
    ],
    cure: ({ extensions }) => Object.assign(extensions['105'] ?? {}, { private: false }),
  },
  '104 pickup 101': {
    refusal: 'not-allowed',
    reason: '104 may not pick up calls of 101: no rule allows it. One of the remedies is enough.',
    missing: [
      {
        model: 'pickup-group',
        why: 'No pickup group has both 104 and 101: 104 is in support; 101 is in sales, night.',
        remedy: 'Put both into one pickup group.',
      },
      {
        model: 'call-control',
        why: 'The call control document says pickup_all: false, and no share group joins 104 and 101. The document has no group backk, which pickup_share_groups names.',
        remedy: 'Set pickup_all to true, or put both into one group of pickup_share_groups.',
      },
      {
        model: 'group',
        why: `Group ${inGroup} has 101 as a member and 104 as a controller, but its right pickup is off.`,
        remedy: `Turn the right pickup on in ${inGroup}.`,
      },
      {
        model: 'phone-calls',
        why: '104 belongs to the user eve, whose context is user: the extensions of that user only. 101 belongs to the user bob.',
        remedy: 'Set the context of the user eve to organization: all extensions of the company.',
      },
    ],
    cure: (document) => {
      document.users = { eve: { context: 'organization' } };
    },
  },
  '104 pickup 101 group': {
    refusal: 'no-group',
    reason:
      '104 may not pick up calls of 101 without dialling its number: 104 is in no group with anybody whose calls could be picked up.',
    missing: [
      {
        model: 'pickup-group',
        why: 'No pickup group has both 104 and 101: 104 is in support; 101 is in sales, night.',
        remedy: 'Put both into one pickup group.',
      },
      {
        model: 'call-control',
        why: 'No share group of the call control document joins 104 and 101: 104 is in none; 101 is in front. The document has no group backk, which pickup_share_groups names.',
        remedy: 'Put both into one group of pickup_share_groups.',
      },
      {
        model: 'group',
        why: `Group ${inGroup} has 101 as a member and 104 as a controller, but its right pickup is off.`,
        remedy: `Turn the right pickup on in ${inGroup}.`,
      },
      {
        model: 'phone-calls',
        why: "Without a number only calls of other extensions of one's own user are found: 104 belongs to the user eve, 101 to the user bob.",
        remedy: 'Give both extensions to one user.',
      },
    ],
    cure: ({ pickupGroups }) => Object.assign(pickupGroups ?? {}, { all: ['101', '104'] }),
  },
  '104 steal 101': {
    refusal: 'not-allowed',
    reason: '104 may not steal calls of 101: no rule allows it. One of the remedies is enough.',
    missing: [
      {
        model: 'call-control',
        why: 'The call control document says allow_all: false, and it has no narrower rule for stealing calls.',
        remedy: 'Set allow_all to true, if everybody may do everything to all calls.',
      },
      {
        model: 'group',
        why: `Group ${inGroup} has 101 as a member and 104 as a controller, but its right steal is off.`,
        remedy: `Turn the right steal on in ${inGroup}.`,
      },
    ],
    cure: ({ groups }) => Object.assign(groups?.[support] ?? {}, { steal: true }),
  },
  '103 eavesdrop 101': {
    refusal: 'not-allowed',
    reason: '103 may not listen to calls of 101: no rule allows it. One of the remedies is enough.',
    missing: [
      {
        model: 'call-control',
        why: 'The call control document has no eavesdrop_103, so it lets 103 listen to nobody.',
        remedy: 'Add a group that 101 is in to eavesdrop_103: front.',
      },
      {
        model: 'group',
        why: `101 is a member of ${inGroup}, and 103 does not control it.`,
        remedy: `Make 103 a controller of ${inGroup}, with the right spy on.`,
      },
    ],
    cure: ({ groups }) => groups?.[support]?.controllers?.push('103'),
  },
  '104 eavesdrop 104': {
    refusal: 'not-allowed',
    reason: '104 may not listen to calls of 104. 104 is the own extension, and this is done to others only.',
    missing: [
      {
        model: 'own',
        why: '104 is the own extension, and this is done to others only.',
        remedy: 'Ask about another extension.',
      },
    ],
    cure: () => undefined,
  },
  '104 whisper 101': {
    refusal: 'not-allowed',
    reason:
      '104 may not whisper into calls of 101. The call control document has no whisper_104, so it lets 104 whisper to nobody.',
    missing: [
      {
        model: 'call-control',
        why: 'The call control document has no whisper_104, so it lets 104 whisper to nobody.',
        remedy: 'Add a group that 101 is in to whisper_104: front.',
      },
    ],
    cure: ({ callControl }) => Object.assign(callControl ?? {}, { whisper_104: ['front'] }),
  },
  '104 replace 101': {
    refusal: 'not-allowed',
    reason:
      '104 may not change phones with 101. No group of phone_replace_groups has both 104 and 101: 104 is in desk; 101 is in front.',
    missing: [
      {
        model: 'call-control',
        why: 'No group of phone_replace_groups has both 104 and 101: 104 is in desk; 101 is in front.',
        remedy: 'Put both into one group of phone_replace_groups.',
      },
    ],
    cure: ({ callControl }) => callControl?.groups?.desk?.push('101'),
  },
  '101 view-other-party 104': {
    refusal: 'not-allowed',
    reason: '101 may not see whom 104 is on a call with: no rule allows it. One of the remedies is enough.',
    missing: [
      {
        model: 'group',
        why: '104 is a member of no group that has controllers.',
        remedy: 'Make 104 a member of a group that 101 controls, with the right viewOtherParty on.',
      },
      {
        model: 'phone-calls',
        why: '101 belongs to the user bob, whose context is user: the extensions of that user only. 104 belongs to the user eve.',
        remedy: 'Set the context of the user bob to organization: all extensions of the company.',
      },
    ],
    cure: (document) => {
      document.users = { bob: { context: 'organization' } };
    },
  },
  [`104 sms ${support}`]: {
    refusal: 'not-allowed',
    reason: `104 may not send texts to the group ${inGroup}. 104 is a controller of ${inGroup}, but its right sms is off.`,
    missing: [
      {
        model: 'group',
        why: `104 is a controller of ${inGroup}, but its right sms is off.`,
        remedy: `Turn the right sms on in ${inGroup}.`,
      },
    ],
    cure: ({ groups }) => Object.assign(groups?.[support] ?? {}, { sms: true }),
  },
  [`101 queue-member ${support}`]: {
    refusal: 'not-allowed',
    reason: `101 may not add or remove members of ${inGroup}. 101 is no controller of ${inGroup}.`,
    missing: [
      {
        model: 'group',
        why: `101 is no controller of ${inGroup}.`,
        remedy: `Make 101 a controller of ${inGroup}, with the right queueMember on.`,
      },
    ],
    cure: ({ groups }) => Object.assign(groups?.[support] ?? {}, { controllers: ['101'], queueMember: true }),
  },
  [`104 pickup ${spare} group`]: {
    refusal: 'no-group',
    reason: '104 may not pick up calls of the members of Spare. Spare has nobody whose calls 104 could pick up.',
    missing: [
      { model: 'group', why: 'Spare has nobody whose calls 104 could pick up.', remedy: 'Add a member to Spare.' },
    ],
    cure: ({ groups }) => groups?.[spare]?.members?.push('101'),
  },
};
