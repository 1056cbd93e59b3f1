import type { Outcome } from './torture-rows.js';

/** What drachtio-server makes of a message that is not right and cannot be mended from the service. */
export interface ServerDifference {
  readonly outcomes: readonly Outcome[];
  readonly why: string;
}

const silent: ServerDifference = { outcomes: ['none'], why: 'dropped without an answer' };
const half: ServerDifference = {
  outcomes: ['none'],
  why: '100 and never more, because drachtio-srf cannot read what the server accepted; the edge must refuse it',
};
const relayed: ServerDifference = {
  outcomes: ['relayed'],
  why: 'relayed to the second Via; the edge must drop responses that it did not ask for',
};

/** Whether the service is on a real drachtio-server. */
export const onRealServer = process.env.DRACHTIO_HOST !== undefined;

/** By message; a message that is not here is treated as the RFC asks. */
export const serverDifferences: Readonly<Record<string, ServerDifference>> = {
  'rfc4475/intmeth': silent,
  'rfc4475/esc02': silent,
  'rfc4475/mpart01': { outcomes: [400], why: 'refused by its parser' },
  'rfc4475/lwsruri': silent,
  'rfc4475/lwsstart': half,
  'rfc4475/bcast': relayed,
  'rfc5118/ipv6-bad': silent,
  'a method of all token characters': silent,
  'a method in lower case': silent,
  'an escaped method is no OPTIONS': silent,
  'a blank in the Request-URI': silent,
  'two blanks in the request line': half,
  'no Request-URI': silent,
  'IPv6 without brackets': silent,
  'carriage returns alone': { outcomes: [200], why: 'read as line ends' },
  'NUL bytes in a header': silent,
  'a response for somebody else': relayed,
};
