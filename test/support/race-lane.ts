import { type Call, type Leg, newPhone, type Phone } from './phone.js';
import { Line } from './phone-moment.js';
import type { Peer } from './phone-transport.js';
import type { Fault } from './race-contest.js';

/** One place where a call rings and is fought for. Lanes do not disturb each other, so many races run side by side. */
export interface Lane {
  /** The number that is called. */
  readonly number: string;
  readonly caller: Phone;
  /** Phones with the called number; the twin and the third are only registered for the races that need them. */
  readonly callee: Phone;
  readonly twin: Phone;
  readonly third: Phone;
  readonly pickers: readonly [Phone, Phone];
  /** The calls that the callee's phones were offered since the last {@link Lane.clear}. */
  readonly offered: Line<Leg>;
  /** Says who sees the calls that the pickers' phones are offered, until the next {@link Lane.clear}: programs have them called. */
  heeds(summons: (leg: Leg) => void): void;
  /** Says who sees the calls that the callee's phones are offered as they come, until the next {@link Lane.clear}. */
  attends(offer: (leg: Leg) => void): void;
  /** Forgets what was offered before. */
  clear(): void;
  /** Judges whether caller and talker hear each other, where their descriptions do not tell. */
  hears?: ((talker: Call | Leg) => Promise<readonly Fault[]>) | undefined;
}

/** Where the phones of a lane are plugged in. */
export interface Plug {
  /** The phone's way to the service: the service itself, or a relay before it. */
  readonly server: (phone: () => Peer) => Promise<Peer>;
  readonly plugged: (phone: Phone) => void;
}

const numbers = (lane: number) => {
  const end = `${lane}`.padStart(3, '0');
  return { caller: `1${end}`, callee: `2${end}`, pickers: [`3${end}`, `4${end}`] as const };
};

/** Two who may pick up nothing of the lanes: a colleague in no group, and somebody of another company. */
export const strangers = {
  guest: { number: '9000', domain: 'acme.example' },
  neighbour: { number: '3000', domain: 'elsewhere.example' },
} as const;

/** An office with so many lanes: whoever is called or picks up is in one big pickup group, and nobody else may. */
export const officeOf = (lanes: number): string => {
  const all = Array.from({ length: lanes }, (_, lane) => numbers(lane));
  const extensions = all.flatMap(({ caller, callee, pickers }) => [caller, callee, ...pickers]);
  const members = all.flatMap(({ callee, pickers }) => [callee, ...pickers]);
  return [
    'sipAuth: none',
    'tenants:',
    '  acme:',
    '    domains: [acme.example]',
    '    default: true',
    '    extensions:',
    ...[...extensions, strangers.guest.number].map((number) => `      '${number}': {}`),
    '    callControl: { pickup_all: false }',
    '    pickupGroups:',
    `      everyone: [${members.map((number) => `'${number}'`).join(', ')}]`,
    '  elsewhere:',
    `    domains: [${strangers.neighbour.domain}]`,
    `    extensions: { '${strangers.neighbour.number}': {} }`,
    '',
  ].join('\n');
};

const plugIn = async (plug: Plug, number: string, onCall?: (leg: Leg) => void): Promise<Phone> => {
  const server = await plug.server(() => phone.address);
  const phone = await newPhone({ number, server, isForgetful: true, ...(onCall && { onCall }) });
  await phone.rtp.open();
  plug.plugged(phone);
  return phone;
};

/** Plugs in the phones of one lane and registers the callee's. */
export const openLane = async (plug: Plug, index: number): Promise<Lane> => {
  const { caller, callee, pickers } = numbers(index);
  let offered = new Line<Leg>();
  let summons: (leg: Leg) => void = () => undefined;
  let offer: (leg: Leg) => void = () => undefined;
  const hear = (leg: Leg): void => {
    offered.push(leg);
    offer(leg);
  };
  const heed = (leg: Leg): void => summons(leg);
  const lane = {
    number: callee,
    caller: await plugIn(plug, caller),
    callee: await plugIn(plug, callee, hear),
    twin: await plugIn(plug, callee, hear),
    third: await plugIn(plug, callee, hear),
    pickers: [await plugIn(plug, pickers[0], heed), await plugIn(plug, pickers[1], heed)] as const,
    get offered() {
      return offered;
    },
    heeds: (told: (leg: Leg) => void) => {
      summons = told;
    },
    attends: (told: (leg: Leg) => void) => {
      offer = told;
    },
    clear: () => {
      offered = new Line();
      summons = () => undefined;
      offer = () => undefined;
    },
  };
  await lane.callee.registers();
  return lane;
};
