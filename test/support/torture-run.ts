import type { Phone } from './phone.js';
import type { Message } from './phone-message.js';
import type { Peer } from './phone-transport.js';
import type { Sender } from './torture-corpus.js';
import { openProbe, type Probe } from './torture-probe.js';
import type { Outcome } from './torture-rows.js';

/** A message to send, and what may come of it. */
export interface Throw {
  readonly name: string;
  readonly expected: readonly Outcome[];
  write(sender: Sender, word: string): string;
}

/** What came of it. */
export interface Thrown {
  readonly name: string;
  readonly got: Outcome;
  readonly final: Message | undefined;
  /** Everything that came back. */
  readonly heard: readonly Message[];
  readonly sent: string;
}

/** How long an answer may take where one is due, and how long none may come where none is, in milliseconds. */
const patience = { due: 8_000, notDue: 400 };

/** Which transport, and where to. */
export interface Aim {
  readonly kind: 'udp' | 'tcp';
  readonly server: Peer;
}

/** Sends one message from a socket of its own and says what came back. */
export const throwOne = async ({ name, expected, write }: Throw, { kind, server }: Aim): Promise<Thrown> => {
  const probe = await openProbe({ kind, server });
  const word = `${kind}${probe.port}x${process.pid}`;
  const sent = write(probe, word);
  probe.send(sent);
  const final = await probe.hears(isFinal, expected.includes('none') ? patience.notDue : patience.due);
  if (expected.every((outcome) => outcome === 'none')) await settled(probe);
  const got = outcomeOf(final, sent);
  const heard = [...probe.heard];
  await probe.close();
  return { name, got, final, heard, sent };
};

const outcomeOf = (final: Message | undefined, sent: string): Outcome => {
  if (!final) return 'none';
  return sent.startsWith('SIP/2.0') ? 'relayed' : final.status;
};

const isFinal = ({ status }: Message): boolean => status >= 200;

/** What was to come of an earlier message has come when a later one is answered. */
const settled = async (probe: Probe): Promise<void> => {
  const via = `SIP/2.0/${probe.kind.toUpperCase()} ${probe.host}:${probe.port};branch=z9hG4bKsettled${probe.port};rport`;
  const ids = [`Call-ID: settled${probe.port}@${process.pid}`, 'CSeq: 1 OPTIONS', 'Max-Forwards: 70'];
  const parties = ['From: <sip:caller@example.net>;tag=settled', 'To: <sip:user@acme.example>'];
  const lines = [
    'OPTIONS sip:user@acme.example SIP/2.0',
    `Via: ${via}`,
    ...parties,
    ...ids,
    'Content-Length: 0',
    '',
    '',
  ];
  probe.send(lines.join('\r\n'));
  await probe.hears(({ callId }) => callId.startsWith('settled'), patience.due);
};

/** A phone that is busy, and the only binding of its extension, whatever was registered since. */
export const isAloneAgain = async (phone: Phone): Promise<void> => {
  await phone.registers({ contacts: ['*'], expires: 0 });
  await phone.registers();
};
