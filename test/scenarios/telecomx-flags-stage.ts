import type { Test } from 'tap';
import { elsewhere, type Office, office, reasons, ringing } from '../support/office.js';
import { type Call, type Leg, type Phone, phone } from '../support/phone.js';
import type { Asks } from '../support/requests.js';
import { type RestClient, restClient } from '../support/rest.js';
import { hearing, type Room } from '../support/who-hears-whom.js';
import { telecomxExample, telecomxGroup } from './seeds-texts.js';
import { talking } from './transfer-stage.js';

/** Ids of the page's example, and of who is not on it. */
export const idOf = {
  100: 'c00000000000000000000100',
  101: '123456789012345678900001',
  102: '12345678901234567890aaaa',
  103: '123456789012345678900002',
  104: 'c00000000000000000000104',
  105: 'c00000000000000000000105',
} as const;

/** The group of the example. */
export const group = `/pbx/group/${telecomxGroup._id.toLowerCase()}`;

/** A member of it, by whom everything is tried. */
export const member = `${group}/member/${idOf[101]}`;

/** A company in which nothing is granted but by the group of TelecomX's example, which stands in it as it is printed. */
const company = (trunk: number): string => `
sipAuth: none
tenants:
  acme:
    default: true
    customer: 12345678901234567890AAAA
    domains: [acme.example]
    trunk: sip:127.0.0.90:${trunk}
    callControl: { pickup_all: false }
    extensions:
      "100": { name: Alice Adams, id: "${idOf[100]}" }
      "101": { name: Bob Brown, id: "${idOf[101]}" }
      "102": { name: Carol Clark, id: "${idOf[102]}" }
      "103": { name: Dave Davis, id: "${idOf[103]}" }
      "104": { name: Eve Evans, id: "${idOf[104]}" }
      "105": { name: Frank Ford, id: "${idOf[105]}" }
    outsideNumbers:
      1234567890123456890BBBB: { number: "+4570305050", name: Night desk }
    groups:
      12345678901234567890ABCD: ${telecomxExample}
`;

/** Who tries: Carol is the group's controller, Dave another member, Eve neither. */
export const who = ['controller', 'member', 'stranger'] as const;

/** One of them, with a phone and a PERSONAL token. */
export interface Actor {
  readonly phone: Phone;
  readonly program: RestClient;
  readonly ask: Asks;
}

/** The people of the company at their phones, and programs. */
export interface FlagsStage {
  readonly acme: Office;
  readonly owner: Asks;
  readonly actors: Readonly<Record<(typeof who)[number], Actor>>;
  /** Calls Bob all the time, and is in no group. */
  readonly alice: Phone;
  /** Of the group, and called by Alice. */
  readonly bob: Phone;
  /** May become a member. */
  readonly frank: Phone;
  /** Where numbers outside the company are. */
  readonly outside: Phone;
  readonly room: Room<'A' | 'B' | 'C'>;
  /** A call that rings at Bob. */
  rings(): Promise<Bobs>;
  /** A call that Bob has answered, and the service has noted. */
  talks(): Promise<Bobs>;
}

/** A call of Alice to Bob. */
export interface Bobs {
  readonly call: Call;
  readonly leg: Leg;
}

/** Opens the company. */
export const flagsStage = async (t: Test): Promise<FlagsStage> => {
  const outside = await phone(t, { number: 'trunk', host: '127.0.0.90' });
  const acme = await office(t, { office: company(outside.address.port) });
  const plug = (number: string) => acme.phone(number, { domain: 'acme.example' });
  const actor = async (number: string): Promise<Actor> => {
    const program = await restClient(acme, { role: 'PERSONAL', extension: number });
    return { phone: await plug(number), program, ask: program.ask };
  };
  const [alice, bob, frank] = [await plug('100'), await plug('101'), await plug('105')];
  const [controller, another, stranger] = [await actor('102'), await actor('103'), await actor('104')];
  const room = await hearing({ A: alice, B: bob, C: controller.phone });
  await acme.says(({ msg }) => msg === 'media server connected', 15_000);
  const calls = (fits: (active: number) => boolean) => acme.reaches('callpickup_active_calls', fits);
  return {
    ...{ acme, alice, bob, frank, outside, room },
    owner: (await restClient(acme)).ask,
    actors: { controller, member: another, stranger },
    rings: () => ringing(alice, bob),
    talks: async () => {
      await calls((active) => active === 0);
      const both = await talking(alice, bob);
      await calls((active) => active === 1);
      return both;
    },
  };
};

/** Whoever lost a call was told that somebody else has it. */
export const isElsewhere = (message: { text: string }): boolean => `${reasons(message)}` === `${elsewhere}`;
