import { parse } from 'yaml';

/** UIS, "System response": the document as the page prints it, on one line. */
export const uisDocument =
  '{   "allow_all": false,   "pickup_all": true,   "groups": {     "support": [       "100",       "101"     ],     ' +
  '"sales": [       "102",       "101"     ],     "hr": [       "100",       "101",       "103"     ]   },   ' +
  '"pickup_share_groups": [     "support",     "sales"   ], "phone_replace_groups": [ "support" ],   ' +
  '"eavesdrop_100": [     "support"   ],   "whisper_101": [     "sales",     "hr"   ] }';

/** TelecomX, "Query examples": the two URLs behind the host. */
export const telecomxQueries = [
  '/pbx/group/1234567890ABCDEF12345678',
  '/pbx/group/1234567890ABCDEF12345678?expandExtension=true&expandGoto=true',
] as const;

/** TelecomX, "Example": the document as the page prints it, on one line. No JSON, but YAML reads it as it stands. */
export const telecomxExample =
  "{ _id: '12345678901234567890ABCD', type: 'GROUP', customer: '12345678901234567890AAAA', name: 'Support', " +
  "number: '800', startAudio: null, notes: 'Primary support ring group', members: [ " +
  "'123456789012345678900001', '123456789012345678900002'], controllers: [ '12345678901234567890AAAA' ], " +
  'pickup: true, steal: true, spy: false, setPresence: false, queueMember: true, viewOtherParty: false, sms: ' +
  'false, readCalendar: true, writeCalendar: false, readPhonebook: true, writePhonebook: false, strategy: ' +
  "'RANDOM', ringTime: 20, timeoutGoto: '1234567890123456890BBBB' }";

/** The same, read. */
export const telecomxGroup = parse(telecomxExample) as Readonly<Record<string, unknown>> & { readonly _id: string };

/** TelecomX, "Response": the fields of the table in its order and spelling. */
export const telecomxFields = [
  ...['_id', 'type', 'customer', 'name', 'number', 'startAudio', 'redirect', 'notes', 'members', 'controllers'],
  ...['pickup', 'steal', 'spy', 'setPresence', 'queueMember', 'viewOtherParty', 'sms'],
  ...['readCalendar', 'writeCalendar', 'readPhonebook', 'writePhoneBook', 'strategy', 'ringTime', 'timeoutGoto'],
];

/** VoipNow, the body of the first example: the second differs from it by the space before a comma. */
export const voipnowBodies = [
  `{
  "action": "PickUp",
  "sendCallTo": "0003*024",
  "callerId": "John Doe <42420042>",
  "waitForPickup": "20",
  "phoneCallViewId": "01"
}`,
  `{
  "action": "PickUp",
  "sendCallTo": "0003*024",
  "callerId": "John Doe <42420042>",
  "waitForPickup": "20" ,
  "phoneCallViewId": "01"
}`,
] as const;

/** VoipNow, the answer to the request. */
export const voipnowAccepted = {
  id: 'b817d2618fe6f1804333',
  extension: '0003*210',
  link: { self: 'https://x.x.x.x/uapi/phoneCalls/12/0003*210/b817d2618fe6f1804333' },
};

/** VoipNow, what the link leads to. */
export const voipnowCall = {
  id: 'b817d2618fe6f1804333',
  extension: '0003*210',
  ownerId: '3',
  ownerName: 'Default Organization',
  answered: '2012-06-27T16:08:55+03:00',
  published: '2012-06-27T16:08:50+02:00',
  phoneCallView: [
    {
      id: '01',
      extension: '0003*210',
      answered: '2012-06-27T16:08:55+03:00',
      status: '5',
      callerId: 'John Doe <3334444>',
      source: ['0003*024'],
      destination: ['0003*210'],
    },
  ],
};
