import type { Call, Leg, Phone, PhoneOptions } from './phone.js';
import { newPhone } from './phone.js';
import { Message } from './phone-message.js';
import { type Chance, chanceOf } from './race-chance.js';
import type { Referee } from './race-referee.js';
import type { RunningService } from './service.js';
import type { Judge } from './walls-judge.js';
import { namesOf, otherOf, passwordOf, patient, people, type Side, talkers } from './walls-sides.js';

/** What all phones are plugged into. */
export interface Stand {
  readonly service: RunningService;
  readonly judge: Judge;
  readonly referee: Referee;
  readonly seed: number;
}

/** The phones of one side. */
export interface Team {
  readonly side: Side;
  readonly phones: ReadonlyMap<string, Phone>;
  /** Callers from outside: what it says of itself is believed. */
  readonly edge: Phone;
  /** One of its own phones that claims to be in the other company. */
  readonly prober: Phone;
  /** A call that talks, and one that rings: neither may be harmed. */
  readonly talk: { readonly call: Call; readonly leg: Leg };
  rung: { readonly call: Call; readonly leg: Leg };
}

/** Plugs a phone in whose every message is read by the judge. */
export const plug = async (
  { judge, referee }: Pick<Stand, 'judge' | 'referee'>,
  { side, asked = '', ...options }: PhoneOptions & { side: Side; asked?: string },
): Promise<Phone> => {
  const made = await newPhone({ isForgetful: true, ...options });
  await made.rtp.open();
  referee.watch(made);
  made.watch(({ direction, text }) => {
    if (direction === 'out') return;
    const message = new Message(text);
    // The Call-IDs that begin with our UUIDs are those of legs that the service has begun.
    if (message.method === 'INVITE' && message.status === 0) judge.owns(side, message.callId.split('@')[0] ?? '');
    judge.hears({ side, what: `SIP to ${options.number}: ${message.startLine}`, text, asked });
  });
  return made;
};

/** Somebody who hears the phone and lifts the handset, or declines, or does nothing. */
export const behave =
  (chance: Chance) =>
  (leg: Leg): void => {
    leg.rings();
    const wish = chance.between(0, 1);
    setTimeout(
      () => {
        if (!leg.isPending) return;
        if (wish < 0.4) void leg.answers();
        else if (wish < 0.55) void leg.declines(chance.one([486, 480, 603]));
      },
      chance.between(200, 900),
    );
  };

/** Plugs in all phones of a side, registers them, and begins the two calls that must survive. */
export const openTeam = async (stand: Stand, side: Side): Promise<Team> => {
  const { sip: server } = stand.service;
  const own = { side, server, domain: side.domain, host: side.host };
  const phones = new Map<string, Phone>();
  const add = async (number: string, options: Partial<PhoneOptions>): Promise<Phone> => {
    const made = await plug(stand, { ...own, number, password: passwordOf(side, number), ...options });
    const { status } = await made.registers();
    if (status !== 200) throw new Error(`${number} of ${side.tenant} was not registered: ${status}`);
    phones.set(number, made);
    return made;
  };
  for (const number of people) {
    await add(number, { onCall: behave(chanceOf(stand.seed, 1_000_000 + Number(number))) });
  }
  const waits = await add(patient, { isForgetful: false });
  const [talker, listener] = [await add(talkers[0], {}), await add(talkers[1], { isForgetful: false })];
  const theirs = otherOf(side);
  const strange = { side, server, asked: namesOf(theirs).join(' ') };
  const edge = await plug(stand, { ...strange, host: side.edgeHost, domain: side.domain, number: side.outside });
  const password = passwordOf(side, '101');
  const prober = await plug(stand, { ...strange, host: side.host, domain: theirs.domain, number: '101', password });

  const call = talker.calls(listener.number);
  const leg = await listener.isCalled();
  await Promise.all([leg.answers(), call.answered()]);
  return { side, phones, edge, prober, talk: { call, leg }, rung: await ringsOn(talker, waits) };
};

/** Has the patient phone ring. */
export const ringsOn = async (caller: Phone, callee: Phone): Promise<Team['rung']> => {
  const call = caller.calls(callee.number);
  const leg = await callee.isCalled();
  leg.rings();
  await call.rings();
  return { call, leg };
};

/** Any of the phones of the people of a side. */
export const anyPhone = ({ phones }: Team, chance: Chance): Phone => {
  const found = phones.get(chance.one(people as unknown as [string, ...string[]]));
  if (!found) throw new Error('people have phones');
  return found;
};
