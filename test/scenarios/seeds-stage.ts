import { type Office, office } from '../support/office.js';
import { type ClientOptions, type RestClient, restClient } from '../support/rest.js';

/** One company for each seed, as its page describes it. What the pages leave open is chosen so that their examples fit. */
const text = `
sipAuth: none
brands:
  wide: {}
tenants:
  uis:
    domains: [uis.example]
    extensions: { '100': {}, '101': {}, '102': {}, '103': {}, '104': {} }
  telecomx:
    customer: 12345678901234567890AAAA
    brand: wide
    domains: [telecomx.example]
    extensions:
      '10': { name: One, id: '123456789012345678900001' }
      '11': { name: Two, id: '123456789012345678900002' }
      # The example's controller has the id of its customer.
      '12': { name: Controller, id: 12345678901234567890AAAA }
      '13': { name: Nobody in particular, id: '123456789012345678900003' }
    outsideNumbers:
      # The example's timeoutGoto has 23 digits.
      1234567890123456890BBBB: { number: '+4570305050', name: Reception }
    groups:
      12345678901234567890ABCD: { name: Not yet }
      1234567890ABCDEF12345678: { name: Of the query examples, members: ['10'], timeoutGoto: 12345678901234567890ABCD }
  elsewhere:
    domains: [elsewhere.example]
    extensions: { '10': {} }
    groups: { 1234567890ABCDEF12340000: { name: Theirs } }
  voipnow:
    domains: [voipnow.example]
    users:
      '3': { name: Default Organization }
      '12': { name: John Doe, context: organization }
    extensions:
      '210': { name: Front desk, user: '3' }
      '024': { name: John at home, user: '12' }
      '107': { name: Queue, kind: other }
  ivoz:
    brand: wide
    domains: [ivoz.example]
    users:
      '1': { name: Alice Adams }
      '2': { name: Bob Brown }
      '3': { name: Carol Clark }
      '4': { name: Dave Davis }
    extensions:
      '101': { user: '1' }
      '102': { user: '2' }
      '103': { user: '3' }
      '104': { user: '4' }
      '105': {}
`;

/** What a program with a token asks. */
export type Program = RestClient['ask'];

/** A running service with the companies of the seeds. */
export interface SeedsStage extends Office {
  /** Registers the phone of a company's extension. */
  phoneOf(company: string, number: string): ReturnType<Office['phone']>;
  /** A program with a token. */
  program(grant: ClientOptions): Promise<Program>;
}

/** Starts the service for the seeds. */
export const seedsStage = async (
  t: Parameters<typeof office>[0],
  env: Readonly<Record<string, string>> = {},
): Promise<SeedsStage> => {
  const running = await office(t, { office: text, env });
  return Object.assign(running, {
    phoneOf: (company: string, number: string) => running.phone(number, { domain: `${company}.example` }),
    program: async (grant: ClientOptions) => (await restClient(running, grant)).ask,
  });
};
