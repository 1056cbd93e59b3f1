import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import { writeCrypto } from './crypto-line.js';
import { type Description, type Direction, readDescription, type Section, valueIn } from './description.js';
import type { Law } from './g711.js';
import { type Choice, choose } from './sdp-choice.js';
import { type Keys, type MasterKey, masterKeyBytes } from './suite.js';

/** Our end of a description. */
export interface Local {
  /** Where we hear: a number. */
  readonly address: string;
  readonly port: number;
  /** The same for all descriptions of one session; the version is one more with each (RFC 3264 section 8). */
  readonly sessionId: number;
  readonly version: number;
  /** Our key in what was agreed before: it goes on, so that what is under way can still be read. */
  readonly key?: MasterKey;
}

/** How two ends talk. */
export interface Agreed {
  /** Where the phone hears; undefined if it hears nothing. */
  readonly remote: { readonly host: string; readonly port: number } | undefined;
  readonly codec: Law;
  readonly payload: 0 | 8;
  /** The payload number of keys that are pressed (RFC 4733), if they are told. */
  readonly telephoneEvent?: number;
  /** Milliseconds in each packet of ours. */
  readonly ptime: number;
  /** Seen from us. */
  readonly direction: Direction;
  readonly crypto?: Keys;
}

/** The answer and what it means; or the status of a refusal: 415 for what is no description, 488 for what is not served. */
export type Negotiated =
  | { readonly ok: true; readonly answer: string; readonly agreed: Agreed }
  | { readonly ok: false; readonly status: 415 | 488 };

/**
 * Answers an offer (RFC 3264 section 6): the first audio line that can be served, in the first of G.711's laws that it
 * names, plain or with keys in the description (RFC 4568); all others are rejected. Candidates of ICE are passed over: the
 * phone falls back to the address of its `c=` line (RFC 8839 section 4.2.2).
 */
export const negotiate = (offer: string, local: Local): Negotiated => {
  const description = readDescription(offer);
  if (!description) return { ok: false, status: 415 };
  const family = isIP(local.address);
  const choice = description.sections.map((section) => choose(description, section, family)).find(Boolean);
  if (!choice) return { ok: false, status: 488 };
  const agreed = agreedOn(choice, local.key ?? randomBytes(masterKeyBytes));
  return { ok: true, agreed, answer: answerOf(description, { choice, agreed, local }) };
};

const agreedOn = ({ crypto, section, telephoneEvent, ...choice }: Choice, ours: MasterKey): Agreed => ({
  ...choice,
  ...(telephoneEvent !== undefined && { telephoneEvent }),
  ...(crypto && {
    crypto: { suite: crypto.suite, ours, theirs: crypto.key, theirIndexBytes: crypto.indexBytes },
  }),
});

interface Taken {
  readonly choice: Choice;
  readonly agreed: Agreed;
  readonly local: Local;
}

const answerOf = ({ session, sections }: Description, taken: Taken): string => {
  const { address, sessionId, version } = taken.local;
  const from = `IN IP${isIP(address)} ${address}`;
  // Section 6: the time is that of the offer.
  const time = /^\d{1,20} \d{1,20}$/.exec(valueIn(session, 't=') ?? '')?.[0] ?? '0 0';
  const head = ['v=0', `o=- ${sessionId} ${version} ${from}`, 's=-', `c=${from}`, `t=${time}`];
  const media = sections.flatMap((section) => (section === taken.choice.section ? served(taken) : [rejected(section)]));
  return `${[...head, ...media].join('\r\n')}\r\n`;
};

const rejected = ({ media, transport, formats }: Section): string => `m=${media} 0 ${transport} ${formats.join(' ')}`;

const served = ({ choice, agreed, local }: Taken): string[] => {
  const { codec, payload, telephoneEvent: events, ptime, direction, crypto } = agreed;
  return [
    `m=audio ${local.port} ${choice.section.transport} ${payload}${events === undefined ? '' : ` ${events}`}`,
    `a=rtpmap:${payload} ${codec}/8000`,
    ...(events === undefined ? [] : [`a=rtpmap:${events} telephone-event/8000`, `a=fmtp:${events} 0-15`]),
    `a=ptime:${ptime}`,
    `a=${direction}`,
    ...(crypto && choice.crypto ? [writeCrypto(choice.crypto, crypto.ours)] : []),
  ];
};
