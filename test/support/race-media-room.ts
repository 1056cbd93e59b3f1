import { type Call, type Leg, newPhone, type Phone } from './phone.js';
import type { MediaSettings } from './phone-sdp.js';
import type { Peer } from './phone-transport.js';
import type { Chance } from './race-chance.js';
import { comesTrue, giveUp } from './race-contest.js';
import { type ModeName, modeNames, modes, type Name, three } from './race-media-walk.js';
import { hearing, type Room } from './who-hears-whom.js';

/** A caller, a colleague and a supervisor who may do everything with the colleague's calls; each has a voice. */
export interface MediaRoom {
  readonly A: Phone;
  readonly B: Phone;
  readonly S: Phone;
  readonly ears: Room<Name>;
}

/** A call between the caller and the colleague. */
export interface Talk {
  readonly call: Call;
  readonly leg: Leg;
}

/** How a supervisor comes: by dialling a code, or by naming the dialog (RFC 3911). */
export interface Coming {
  readonly mode: ModeName;
  readonly by: 'code' | 'join';
}

/** Who hears whom when nobody listens. */
export const apart = { A: ['B'], B: ['A'], S: [] } as const;

/** Who hears whom when nobody talks. */
export const silence = { A: [], B: [], S: [] } as const;

const numbers = (room: number) => {
  const end = `${room}`.padStart(3, '0');
  return { A: `1${end}`, B: `2${end}`, S: `3${end}` };
};

// Two who can talk without a media server, and a third who has no law in common with the caller.
const settings: Readonly<Record<Name, MediaSettings>> = {
  A: { laws: ['PCMU'] },
  B: { laws: ['PCMA', 'PCMU'], events: 96 },
  S: { laws: ['PCMA'], events: 110 },
};

/** An office with so many rooms (at most 100): each supervisor may do everything with the colleague of the own room. */
export const officeOfRooms = (rooms: number): string => {
  const all = Array.from({ length: rooms }, (_, room) => numbers(room));
  const grants = all.flatMap(({ S }, room) =>
    ['eavesdrop', 'whisper', 'barge'].map((act) => `${act}_${S}: [desk${room}]`),
  );
  return [
    'sipAuth: none',
    'tenants:',
    '  acme:',
    '    domains: [acme.example]',
    '    default: true',
    '    extensions:',
    ...all.flatMap((each) => Object.values(each)).map((number) => `      '${number}': {}`),
    '    callControl:',
    '      groups:',
    ...all.map(({ B }, room) => `        desk${room}: ['${B}']`),
    ...grants.map((grant) => `      ${grant}`),
    '',
  ].join('\n');
};

/** Plugs in the phones of one room, and lets them talk. */
export const openRoom = async (server: Peer, index: number, plugged: (phone: Phone) => void): Promise<MediaRoom> => {
  const own = numbers(index);
  const plugIn = async (name: Name): Promise<Phone> => {
    const phone = await newPhone({ number: own[name], server, isForgetful: true, media: settings[name] });
    plugged(phone);
    await phone.registers();
    return phone;
  };
  const phones = { A: await plugIn('A'), B: await plugIn('B'), S: await plugIn('S') };
  return { ...phones, ears: await hearing(phones) };
};

/** What is heard from now on counts. */
export const forgets = (room: MediaRoom): void => {
  for (const name of three) room[name].rtp.forgets();
};

/** The caller calls the colleague; resolves when they hear each other. */
export const talks = async (room: MediaRoom): Promise<Talk> => {
  forgets(room);
  const called = room.B.isCalled(giveUp);
  const call = room.A.calls(room.B.number);
  const leg = await called;
  leg.rings();
  await call.rings(giveUp);
  await leg.answers();
  await call.answered(giveUp);
  await room.ears.exactly(apart);
  return { call, leg };
};

/** A way to come, by chance. */
export const comingBy = (chance: Chance): Coming => ({
  mode: chance.one(modeNames),
  by: chance.happens(0.7) ? 'code' : 'join',
});

/** The supervisor comes. */
export const comes = ({ S, B }: MediaRoom, { leg }: Talk, { mode, by }: Coming): Call => {
  if (by === 'code') return S.calls(`${modes[mode].code}${B.number}`);
  const named = `${leg.callId};to-tag=${leg.remoteTag};from-tag=${leg.localTag}`;
  return S.calls('nobody', { headers: { Join: named, 'X-Pickup-Mode': mode } });
};

/** Whoever is still in a call hangs up; true if all of them have ended then. */
export const everybodyEnds = async (ends: readonly (Call | Leg)[]): Promise<boolean> => {
  await Promise.all(ends.filter(({ state }) => state === 'confirmed').map((end) => end.hangsUp()));
  return comesTrue(() => ends.every(({ state }) => state === 'ended'));
};

/** One hangs up, and the service must end the others. */
export const hangsUpOnAll = async (who: Call | Leg, ends: readonly (Call | Leg)[]): Promise<boolean> => {
  await who.hangsUp();
  return comesTrue(() => ends.every(({ state }) => state === 'ended'));
};
