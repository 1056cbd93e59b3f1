import { setTimeout as sleep } from 'node:timers/promises';
import type { Office } from '../support/office.js';
import type { Call, Leg, Phone, PhoneOptions } from '../support/phone.js';
import { hearing } from '../support/who-hears-whom.js';

/** A phone as it is set up, and whether it makes an offer. */
export interface Side {
  readonly laws?: readonly ('PCMU' | 'PCMA')[];
  readonly events?: number | null;
  readonly srtp?: 'must' | 'may';
  readonly transport?: 'udp' | 'tcp';
  readonly isDelayed?: boolean;
}

/** A pickup: what the caller's phone and the picker's phone are, and how they must be joined. */
export interface Row {
  readonly caller: Side;
  readonly picker: Side;
  readonly joined: 'directly' | 'by the media server';
  /** The company whose ten numbers are used: its domain, and the first of the numbers. */
  readonly domain?: string;
  /** The callee's phone sends early media with its ringing. */
  readonly early?: boolean;
}

/** A pickup that has happened. */
export interface PickedUp {
  readonly alice: Phone;
  readonly carol: Phone;
  readonly call: Call;
  readonly pickup: Call;
  readonly leg: Leg;
  /** What told the caller that it rings. */
  readonly shown: Awaited<ReturnType<Call['rings']>>;
}

const phoneOf = ({ transport, isDelayed: _, ...media }: Side, domain?: string): Partial<PhoneOptions> => ({
  media,
  ...(transport && { transport }),
  ...(domain !== undefined && { domain }),
});

const offerOf = ({ isDelayed }: Side) => (isDelayed ? { sdp: null } : {});

/** Three phones of their own for each pickup, by three numbers in a row: it rings, and the third takes it. */
export const pickUp = async (
  acme: Office,
  { caller, picker, domain, early }: Row,
  first: number,
): Promise<PickedUp> => {
  const numbers = [0, 1, 2].map((each) => `${first + each}`);
  const [a = '', b = '', c = ''] = numbers;
  const alice = await acme.phone(a, phoneOf(caller, domain));
  const bob = await acme.phone(b, domain === undefined ? {} : { domain });
  const carol = await acme.phone(c, phoneOf(picker, domain));
  const call = alice.calls(b, offerOf(caller));
  const leg = await bob.isCalled();
  if (early) await leg.ringsWithMedia();
  else leg.rings();
  const shown = await call.rings();
  const pickup = carol.calls(`*95${b}`, offerOf(picker));
  await Promise.all([pickup.answered(), call.answered(), leg.stopsRinging()]);
  return { alice, carol, call, pickup, leg, shown };
};

/** How the two are joined now: who is told the other phone's own port talks to it straight. */
export const joinedBy = ({ alice, carol, call, pickup }: PickedUp): Row['joined'] => {
  const [toCarol, toAlice] = [call, pickup].map(({ remoteSdp }) =>
    Number(/^m=audio (\d+)/m.exec(remoteSdp ?? '')?.[1]),
  );
  return toCarol === carol.rtp.port && toAlice === alice.rtp.port ? 'directly' : 'by the media server';
};

/** How they are joined once it is as it should be: phones that could talk directly are moved after the pickup. */
const joinedAs = async (picked: PickedUp, wanted: Row['joined'] | undefined): Promise<Row['joined']> => {
  for (const until = Date.now() + 5_000; joinedBy(picked) !== wanted && Date.now() < until; ) await sleep(20);
  return joinedBy(picked);
};

/** Each hears the other, and nobody else. */
export const hearEachOther = async ({ alice, carol }: Pick<PickedUp, 'alice' | 'carol'>): Promise<void> => {
  const room = await hearing({ A: alice, C: carol });
  await room.exactly({ A: ['C'], C: ['A'] });
};

/** Each presses a key of its own; gives what the phones have understood, which may take a moment. */
const pressKeys = async ({ alice, carol, call, pickup }: PickedUp): Promise<string> => {
  await Promise.all([call.presses('5'), pickup.presses('#')]);
  const heard = () => [alice, carol].map(({ rtp }) => rtp.keys.join('')).join(' ');
  for (const until = Date.now() + 5_000; heard() !== '# 5' && Date.now() < until; ) await sleep(20);
  return heard();
};

/** What came of a pickup: how they are joined, what they hear, and which keys they understand. */
export const seenIn = async (picked: PickedUp, wanted: Row['joined'] | undefined) => {
  const joined = await joinedAs(picked, wanted);
  const hears = await hearEachOther(picked).then(() => 'each the other', String);
  return { joined, hears, keys: await pressKeys(picked) };
};

const wordsOf = ({ laws = ['PCMU', 'PCMA'], events = 101, srtp, transport, isDelayed }: Side): string =>
  [
    laws.join('+'),
    ...(isDelayed ? ['no offer'] : []),
    ...(srtp ? ['SAVP'] : []),
    ...(events === 101 ? [] : [events === null ? 'no keys' : `keys by ${events}`]),
    ...(transport === 'tcp' ? ['TCP'] : []),
  ].join(', ');

/** A row for the reader of the test's output. */
export const lineOf = ({ caller, picker, joined, domain, early }: Row): string => {
  const extra = [...(early ? [' 183 with SDP'] : []), ...(domain ? [' ringback by the server'] : [])].join(',');
  return `${wordsOf(caller).padEnd(28)} ${wordsOf(picker).padEnd(28)} ${joined.padEnd(20)}${extra}`;
};
