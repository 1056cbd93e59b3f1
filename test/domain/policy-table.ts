import type { TenantDocument } from '../../src/domain/tenant-document.js';

/**
 * The decision table, written by hand from what the four systems say of themselves. One table for each model, alone in
 * its company; a row for each act, a column for each relation between picker and target.
 *
 * A cell is a grant (`shared sales` is the rule and the group) or a refusal: `-` is not-allowed, `private` is
 * private-call, `unknown` is unknown-extension; `opted-out` and `no-group` are themselves.
 */
export interface ModelTable {
  readonly title: string;
  readonly document: TenantDocument;
  /** Who asks about whom, by column. */
  readonly who: Readonly<Record<string, readonly [picker: string, target: string]>>;
  readonly rows: string;
}

/** Every company has these people; the models say who stands where. */
const extensions: TenantDocument['extensions'] = {
  '100': { name: 'Anna', user: 'anna' },
  '101': {},
  '102': { name: 'has opted out', refusesPickup: true },
  '103': { name: 'is elsewhere' },
  '104': { name: 'is private', private: true },
  '105': { name: "Anna's second", user: 'anna' },
  '106': { name: 'has an empty group', user: 'cat' },
  '107': { user: 'cat' },
  '108': { name: 'may what can be granted' },
  '109': { name: 'controls' },
};

/** So that VoipNow's model is silent in the companies of the others. */
const nobodysContext: TenantDocument['users'] = { anna: { context: 'phone' }, cat: { context: 'phone' } };

/** So that UIS's model is silent: without a document it would allow every pickup by number. */
const silentDocument: TenantDocument['callControl'] = { pickup_all: false };

/** 201 is an extension of another company only; there it stands in the same groups. */
const who: ModelTable['who'] = {
  member: ['100', '101'],
  controller: ['109', '101'],
  stranger: ['100', '103'],
  'same user': ['100', '105'],
  'other tenant': ['108', '201'],
  'opted out': ['108', '102'],
  private: ['108', '104'],
  'empty group': ['106', '101'],
  oneself: ['100', '100'],
};

const ivozProvider: ModelTable = {
  title: 'IvozProvider: pickup groups, direct pickup by everybody; 109 is in every group, 106 alone in one',
  document: {
    extensions,
    users: nobodysContext,
    pickupGroups: {
      sales: ['100', '101', '102', '104', '108', '109', '201'],
      night: ['103', '109'],
      lonely: ['106'],
      empty: [],
    },
  },
  who,
  rows: `
                   | member       | controller   | stranger   | same user  | other tenant | opted out | private | empty group | oneself
  pickup by number | shared sales | shared sales | pickup_all | pickup_all | unknown      | opted-out | private | pickup_all  | own
  pickup by group  | shared sales | shared sales | -          | -          | unknown      | opted-out | private | no-group    | -
  steal            | -            | -            | -          | -          | unknown      | -         | private | -           | -
  eavesdrop        | -            | -            | -          | -          | unknown      | -         | private | -           | -
  whisper          | -            | -            | -          | -          | unknown      | -         | private | -           | -
  barge            | -            | -            | -          | -          | unknown      | -         | private | -           | -
  replace          | -            | -            | -          | -          | unknown      | -         | -       | -           | -
  view-other-party | -            | -            | -          | -          | unknown      | -         | private | -           | own
  set-presence     | -            | -            | -          | -          | unknown      | -         | -       | -           | own
  queue-member     | -            | -            | -          | -          | unknown      | -         | -       | -           | -
  sms              | -            | -            | -          | -          | unknown      | -         | -       | -           | -
`,
};

const uisGroups: ModelTable = {
  title: 'UIS: pickup_all is false, groups for each right; 109 has its own lists and is in no group',
  document: {
    extensions,
    users: nobodysContext,
    callControl: {
      pickup_all: false,
      groups: { support: ['100', '101', '102', '104', '108', '201'], back: ['103'], lonely: ['106'], empty: [] },
      pickup_share_groups: ['support', 'lonely', 'empty', 'ghost'],
      phone_replace_groups: ['support', 'lonely', 'empty', 'ghost'],
      eavesdrop_108: ['support'],
      whisper_108: ['support'],
      barge_108: ['support'],
      eavesdrop_109: ['ghost', 'support'],
      whisper_109: ['ghost', 'support'],
      barge_109: ['ghost', 'support'],
      eavesdrop_106: ['empty', 'ghost'],
      whisper_106: ['empty', 'ghost'],
      barge_106: ['empty', 'ghost'],
    },
  },
  who,
  rows: `
                   | member          | controller            | stranger | same user | other tenant | opted out             | private         | empty group | oneself
  pickup by number | share support   | -                     | -        | -         | unknown      | opted-out             | private         | -           | own
  pickup by group  | share support   | no-group              | -        | -         | unknown      | opted-out             | private         | no-group    | -
  steal            | -               | -                     | -        | -         | unknown      | -                     | private         | -           | -
  eavesdrop        | -               | eavesdrop_109 support | -        | -         | unknown      | eavesdrop_108 support | private         | -           | -
  whisper          | -               | whisper_109 support   | -        | -         | unknown      | whisper_108 support   | private         | -           | -
  barge            | -               | barge_109 support     | -        | -         | unknown      | barge_108 support     | private         | -           | -
  replace          | replace support | -                     | -        | -         | unknown      | replace support       | replace support | -           | -
  view-other-party | -               | -                     | -        | -         | unknown      | -                     | private         | -           | own
  set-presence     | -               | -                     | -        | -         | unknown      | -                     | -               | -           | own
  queue-member     | -               | -                     | -        | -         | unknown      | -                     | -               | -           | -
  sms              | -               | -                     | -        | -         | unknown      | -                     | -               | -           | -
`,
};

const uisAllowAll: ModelTable = {
  title: 'UIS: allow_all, which is for the acts of phones and needs the number',
  document: { extensions, users: nobodysContext, callControl: { allow_all: true, pickup_all: false } },
  who,
  rows: `
                   | member    | controller | stranger  | same user | other tenant | opted out | private   | empty group | oneself
  pickup by number | allow_all | allow_all  | allow_all | allow_all | unknown      | opted-out | private   | allow_all   | own
  pickup by group  | no-group  | no-group   | no-group  | no-group  | unknown      | opted-out | private   | no-group    | no-group
  steal            | allow_all | allow_all  | allow_all | allow_all | unknown      | allow_all | private   | allow_all   | -
  eavesdrop        | allow_all | allow_all  | allow_all | allow_all | unknown      | allow_all | private   | allow_all   | -
  whisper          | allow_all | allow_all  | allow_all | allow_all | unknown      | allow_all | private   | allow_all   | -
  barge            | allow_all | allow_all  | allow_all | allow_all | unknown      | allow_all | private   | allow_all   | -
  replace          | allow_all | allow_all  | allow_all | allow_all | unknown      | allow_all | allow_all | allow_all   | -
  view-other-party | -         | -          | -         | -         | unknown      | -         | private   | -           | own
  set-presence     | -         | -          | -         | -         | unknown      | -         | -         | -           | own
  queue-member     | -         | -          | -         | -         | unknown      | -         | -         | -           | -
  sms              | -         | -          | -         | -         | unknown      | -         | -         | -           | -
`,
};

const uisWithout: ModelTable = {
  title: 'UIS: no document at all is pickup in the whole company and nothing else',
  document: { extensions, users: nobodysContext },
  who,
  rows: `
                   | member     | controller | stranger   | same user  | other tenant | opted out | private | empty group | oneself
  pickup by number | pickup_all | pickup_all | pickup_all | pickup_all | unknown      | opted-out | private | pickup_all  | own
  pickup by group  | no-group   | no-group   | no-group   | no-group   | unknown      | opted-out | private | no-group    | no-group
  steal            | -          | -          | -          | -          | unknown      | -         | private | -           | -
  eavesdrop        | -          | -          | -          | -          | unknown      | -         | private | -           | -
  whisper          | -          | -          | -          | -          | unknown      | -         | private | -           | -
  barge            | -          | -          | -          | -          | unknown      | -         | private | -           | -
  replace          | -          | -          | -          | -          | unknown      | -         | -       | -           | -
  view-other-party | -          | -          | -          | -          | unknown      | -         | private | -           | own
  set-presence     | -          | -          | -          | -          | unknown      | -         | -       | -           | own
  queue-member     | -          | -          | -          | -          | unknown      | -         | -       | -           | -
  sms              | -          | -          | -          | -          | unknown      | -         | -       | -           | -
`,
};

/** Ids of TelecomX's groups, short in the tables. */
export const groupIds = {
  Support: '0000000000000000000000a1',
  Back: '0000000000000000000000a2',
  Empty: '0000000000000000000000a3',
  Quiet: '0000000000000000000000a4',
  nobodys: '0000000000000000000000ff',
} as const;

const everyRight = {
  pickup: true,
  steal: true,
  spy: true,
  setPresence: true,
  queueMember: true,
  viewOtherParty: true,
  sms: true,
};

const telecomxGroups: TenantDocument['groups'] = {
  [groupIds.Support]: {
    name: 'Support',
    number: '800',
    members: ['100', '101', '102', '104', '201'],
    controllers: ['108', '109'],
    ...everyRight,
  },
  [groupIds.Back]: { name: 'Back', members: ['103'], controllers: ['108'], ...everyRight },
  [groupIds.Empty]: { name: 'Empty', members: [], controllers: ['106'], ...everyRight },
  [groupIds.Quiet]: { name: 'Quiet', members: ['102', '104'], controllers: ['107'], ...everyRight },
};

const telecomx: ModelTable = {
  title: 'TelecomX: controllers have every right over members, members have none; 106 controls a group without members',
  document: { extensions, users: nobodysContext, callControl: silentDocument, groups: telecomxGroups },
  who,
  rows: `
                   | member   | controller             | stranger | same user | other tenant | opted out              | private             | empty group | oneself
  pickup by number | -        | pickup Support         | -        | -         | unknown      | opted-out              | private             | -           | own
  pickup by group  | no-group | pickup Support         | no-group | no-group  | unknown      | opted-out              | private             | no-group    | no-group
  steal            | -        | steal Support          | -        | -         | unknown      | steal Support          | private             | -           | -
  eavesdrop        | -        | spy Support            | -        | -         | unknown      | spy Support            | private             | -           | -
  whisper          | -        | -                      | -        | -         | unknown      | -                      | private             | -           | -
  barge            | -        | -                      | -        | -         | unknown      | -                      | private             | -           | -
  replace          | -        | -                      | -        | -         | unknown      | -                      | -                   | -           | -
  view-other-party | -        | viewOtherParty Support | -        | -         | unknown      | viewOtherParty Support | private             | -           | own
  set-presence     | -        | setPresence Support    | -        | -         | unknown      | setPresence Support    | setPresence Support | -           | own
  queue-member     | -        | queueMember Support    | -        | -         | unknown      | queueMember Support    | queueMember Support | -           | -
  sms              | -        | sms Support            | -        | -         | unknown      | sms Support            | sms Support         | -           | -
`,
};

const voipNow: ModelTable = {
  title:
    'VoipNow: Anna has the context user, 109 organization, 108 global, 106 phone (and 107 belongs to the same user)',
  document: {
    extensions,
    callControl: silentDocument,
    users: {
      '108': { context: 'global' },
      '109': { context: 'organization' },
      cat: { context: 'phone' },
    },
  },
  who: { ...who, 'empty group': ['106', '107'] },
  rows: `
                   | member | controller   | stranger | same user | other tenant | opted out | private | empty group | oneself
  pickup by number | -      | organization | -        | user      | unknown      | opted-out | private | -           | own
  pickup by group  | -      | no-group     | -        | user      | unknown      | opted-out | private | no-group    | -
  steal            | -      | -            | -        | -         | unknown      | -         | private | -           | -
  eavesdrop        | -      | -            | -        | -         | unknown      | -         | private | -           | -
  whisper          | -      | -            | -        | -         | unknown      | -         | private | -           | -
  barge            | -      | -            | -        | -         | unknown      | -         | private | -           | -
  replace          | -      | -            | -        | -         | unknown      | -         | -       | -           | -
  view-other-party | -      | organization | -        | user      | unknown      | global    | private | -           | own
  set-presence     | -      | -            | -        | -         | unknown      | -         | -       | -           | own
  queue-member     | -      | -            | -        | -         | unknown      | -         | -       | -           | -
  sms              | -      | -            | -        | -         | unknown      | -         | -       | -           | -
`,
};

/** All of them. */
export const modelTables: readonly ModelTable[] = [ivozProvider, uisGroups, uisAllowAll, uisWithout, telecomx, voipNow];

/** The company of the table of groups as targets. */
export const telecomxDocument = telecomx.document;

/** An act on a group as a whole: rows are acts, columns who asks about which group of the TelecomX company. */
export const wholeGroups = {
  who: {
    'its controller': ['109', 'Support'],
    'its member': ['101', 'Support'],
    stranger: ['103', 'Support'],
    "another's controller": ['109', 'Back'],
    'empty group': ['106', 'Empty'],
    'nobody willing': ['107', 'Quiet'],
    'no such group': ['109', 'nobodys'],
  },
  rows: `
                   | its controller      | its member | stranger | another's controller | empty group       | nobody willing    | no such group
  pickup           | pickup Support      | -          | -        | -                    | no-group          | opted-out         | unknown-group
  queue-member     | queueMember Support | -          | -        | -                    | queueMember Empty | queueMember Quiet | unknown-group
  sms              | sms Support         | -          | -        | -                    | sms Empty         | sms Quiet         | unknown-group
  steal            | -                   | -          | -        | -                    | -                 | -                 | unknown-group
  eavesdrop        | -                   | -          | -        | -                    | -                 | -                 | unknown-group
  whisper          | -                   | -          | -        | -                    | -                 | -                 | unknown-group
  barge            | -                   | -          | -        | -                    | -                 | -                 | unknown-group
  replace          | -                   | -          | -        | -                    | -                 | -                 | unknown-group
  view-other-party | -                   | -          | -        | -                    | -                 | -                 | unknown-group
  set-presence     | -                   | -          | -        | -                    | -                 | -                 | unknown-group
`,
} as const;

/** What one right of a TelecomX group gives its controller over a member: rows are acts, columns the only right that is on. */
export const oneRightEach = `
                   | pickup   | steal    | spy      | setPresence | queueMember | viewOtherParty | sms      | readCalendar | writeCalendar | readPhonebook | writePhonebook
  pickup by number | yes      | -        | -        | -           | -           | -              | -        | -            | -             | -             | -
  pickup by group  | yes      | no-group | no-group | no-group    | no-group    | no-group       | no-group | no-group     | no-group      | no-group      | no-group
  steal            | -        | yes      | -        | -           | -           | -              | -        | -            | -             | -             | -
  eavesdrop        | -        | -        | yes      | -           | -           | -              | -        | -            | -             | -             | -
  whisper          | -        | -        | -        | -           | -           | -              | -        | -            | -             | -             | -
  barge            | -        | -        | -        | -           | -           | -              | -        | -            | -             | -             | -
  replace          | -        | -        | -        | -           | -           | -              | -        | -            | -             | -             | -
  view-other-party | -        | -        | -        | -           | -           | yes            | -        | -            | -             | -             | -
  set-presence     | -        | -        | -        | yes         | -           | -              | -        | -            | -             | -             | -
  queue-member     | -        | -        | -        | -           | yes         | -              | -        | -            | -             | -             | -
  sms              | -        | -        | -        | -           | -           | -              | yes      | -            | -             | -             | -
`;
