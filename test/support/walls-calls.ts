import type { Call, Phone } from './phone.js';
import { audioIn } from './phone-sdp.js';
import type { Chance } from './race-chance.js';
import { otherOf, patient, people } from './walls-sides.js';
import { anyPhone, type Stand, type Team } from './walls-team.js';

/** What came of the operations. */
export interface Tally {
  counts(what: string): void;
  /** Something that may not be. */
  fault(what: string): void;
}

/** One turn of one side. */
export interface Turn {
  readonly stand: Stand;
  readonly team: Team;
  /** The other side. */
  readonly theirs: Team;
  /** Where calls of the side ring now, by their ids. */
  readonly ringing: ReadonlyMap<string, string>;
  readonly chance: Chance;
  readonly tally: Tally;
}

/** How long anything may take before it counts as not happening, in milliseconds. */
const giveUp = 30_000;

const number = (chance: Chance): string => chance.one(people as unknown as [string, ...string[]]);

/** Somebody whose phone rings now, or anybody. */
const rung = ({ ringing, chance }: Turn): string => {
  const now = [...ringing.values()].filter((extension) => extension !== patient);
  return chance.happens(0.7) ? (now[Math.floor(chance.between(0, now.length))] ?? number(chance)) : number(chance);
};

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The store took too long, as on a busy machine: counted, and told by the tally if it is often. */
export const storeAway = 503;

/** How a call may end that nobody has harmed: answered, busy, no answer, declined, or given up by its caller. */
const innocent: ReadonlySet<number> = new Set([200, 480, 486, 487, storeAway, 603]);

/** Somebody calls a colleague, or comes in from outside, or calls a number outside; it ends by itself. */
export const calls = async ({ team, chance, tally }: Turn): Promise<void> => {
  const isOutside = chance.happens(0.3);
  const isOut = !isOutside && chance.happens(0.15);
  const caller = isOutside ? team.edge : anyPhone(team, chance);
  const call = caller.calls(isOut ? '0701234' : number(chance));
  const patience = chance.between(600, 2_000);
  let isGivenUp = false;
  const timer = setTimeout(() => {
    isGivenUp = true;
    void call.cancels();
  }, patience);
  const { status } = await call.ends(giveUp);
  clearTimeout(timer);
  if (!innocent.has(status) || (status === 487 && !isGivenUp)) {
    tally.fault(`${team.side.tenant}: a call that nobody ended got ${status} (${call.callId})`);
  }
  tally.counts(`call ${status}`);
  if (status < 300) await talks(call, { team, chance, tally });
};

/** Both hear only their own side. */
const talks = async (call: Call, { team, chance, tally }: Pick<Turn, 'team' | 'chance' | 'tally'>): Promise<void> => {
  const { host, trunkHost, edgeHost, tenant } = team.side;
  const heard = audioIn(call.remoteSdp ?? '')?.host ?? 'nobody';
  if (![host, trunkHost, edgeHost].includes(heard)) tally.fault(`${tenant}: a caller talks to ${heard}`);
  await pause(chance.between(10, 150));
  if (call.state === 'confirmed') void call.hangsUp();
};

/** A picker's call: it has what it asked for, or a no. */
const picks = async ({ team, tally }: Turn, call: Call, kind: string): Promise<number> => {
  const { status } = await call.ends(giveUp);
  tally.counts(`${kind} ${status < 300 ? 'answered' : status}`);
  if ((status >= 500 && ![storeAway, 603].includes(status)) || status === 408)
    tally.fault(`${team.side.tenant}: ${kind} got ${status}`);
  if (status >= 300) return status;
  const { host, edgeHost } = team.side;
  const heard = audioIn(call.remoteSdp ?? '')?.host ?? 'nobody';
  if (![host, edgeHost].includes(heard)) tally.fault(`${team.side.tenant}: a picker talks to ${heard}`);
  // The caller hangs up; were it gone, nobody would.
  const timer = setTimeout(() => call.state === 'confirmed' && void call.hangsUp(), 5_000);
  await call.isHungUp(giveUp).catch(() => undefined);
  clearTimeout(timer);
  return status;
};

/** Somebody dials a pickup code: alone, with an extension, with a group's number. */
export const picksByCode = async (turn: Turn): Promise<void> => {
  const { team, chance } = turn;
  const code = chance.one(['*95', '**', '*8']);
  const rest = chance.one(['', rung(turn), rung(turn), rung(turn), '800', '801']);
  await picks(turn, anyPhone(team, chance).calls(code + rest), `${rest ? 'directed' : 'group'} code`);
};

/** The Replaces of a phone that rings at an extension of a team; undefined if none does. A caller's ids pick up nothing. */
const replacesOf = async ({ service }: Stand, { side }: Team, extension: string): Promise<string | undefined> => {
  const legs = await service.redis.hvals(`cp:{${side.tenant}}:dialogs:${extension}`);
  const [first] = legs
    .map((json) => JSON.parse(json) as Record<'sipCallId' | 'remoteTag' | 'localTag' | 'state' | 'direction', string>)
    .filter(({ state, direction }) => state === 'early' && direction === 'recipient');
  return first && `${first.sipCallId};to-tag=${first.remoteTag};from-tag=${first.localTag}`;
};

/** A phone's key names a dialog of a colleague. */
export const picksByKey = async (turn: Turn): Promise<void> => {
  const { stand, team, chance } = turn;
  const extension = rung(turn);
  const value = await replacesOf(stand, team, extension);
  if (value === undefined) return turn.tally.counts('replaces: nothing rings');
  const picker = anyPhone(team, chance);
  await picks(turn, picker.calls(extension, { headers: { Replaces: value } }), 'replaces');
};

/** A phone's key names a dialog of the other side: as unknown as one that nobody has. */
export const picksTheirs = async (turn: Turn): Promise<void> => {
  const { stand, team, theirs, chance, tally } = turn;
  const extension = chance.happens(0.5) ? patient : number(chance);
  const value = (await replacesOf(stand, theirs, extension)) ?? (await replacesOf(stand, theirs, patient));
  if (value === undefined) return tally.counts('their dialog: nothing rings');
  const headers: Record<string, string> = { Replaces: value };
  if (chance.happens(0.3)) headers.Replaces = `${value};early-only`;
  const isEdge = chance.happens(0.3);
  if (isEdge) headers['X-Callpickup-Identity'] = `${team.side.tenant}/${number(chance)}`;
  const picker = isEdge ? team.edge : anyPhone(team, chance);
  const { status } = await picker.calls(extension, { headers }).ends(giveUp);
  tally.counts(`their dialog ${status}`);
  if (![481, storeAway].includes(status))
    tally.fault(`${team.side.tenant}: a dialog of the other side was answered ${status}`);
};

/** The people of an extension opt out, or in again. */
export const saysOfItself = async ({ team, chance, tally }: Turn): Promise<void> => {
  const code = chance.one(['*80', '*81', '*81']);
  const { status } = await anyPhone(team, chance).calls(code).ends(giveUp);
  tally.counts(`${code} ${status}`);
  if (![603, storeAway].includes(status)) tally.fault(`${team.side.tenant}: ${code} got ${status}`);
};

/** A phone registers again. */
export const registers = async ({ team, chance, tally }: Turn): Promise<void> => {
  const { status, reason } = await anyPhone(team, chance).registers();
  tally.counts(`register ${status}`);
  // The same phone may register twice at once, and the later one come first (RFC 3261 section 10.3).
  const isOvertaken = status === 500 && reason === 'CSeq Out Of Order';
  if (![200, storeAway].includes(status) && !isOvertaken) tally.fault(`${team.side.tenant}: REGISTER got ${status}`);
};

/** A phone knocks at the other company's door with its own password. */
export const knocks = async ({ team, theirs, chance, tally }: Turn): Promise<void> => {
  const { prober } = team;
  const target = `${chance.one(['', '*95', '**', '*80'])}${number(chance)}`;
  const knock = chance.one<() => Promise<{ status: number }>>([
    () => prober.registers(),
    () => prober.calls(target).ends(giveUp),
    () => prober.calls('*95').ends(giveUp),
    () => prober.sends('SUBSCRIBE', number(chance), { headers: { Event: 'dialog', Expires: '60' } }),
    () => prober.sends('MESSAGE', number(chance), { headers: { 'Content-Type': 'text/plain' }, body: 'hello' }),
  ]);
  const { status } = await knock();
  tally.counts(`at their door ${status}`);
  if (status < 400) tally.fault(`${team.side.tenant}: ${theirs.side.tenant} let it in with ${status}`);
};

/** The edge says who it is and the request names the other company: who it is counts. */
export const comesByEdge = async (turn: Turn): Promise<void> => {
  const { team, chance } = turn;
  const headers = { 'X-Callpickup-Identity': `${team.side.tenant}/${number(chance)}` };
  const uri = `sip:${chance.one(['*95', `*95${rung(turn)}`, `**${rung(turn)}`])}@${otherOf(team.side).domain}`;
  await picks(turn, team.edge.calls(uri, { headers }), 'by edge, to their domain');
};

/** The two calls of a side that nobody may harm: still as they were? The one that rings is answered and begun anew. */
export const survives = async (
  team: Team,
  tally: Tally,
  again: (caller: Phone, callee: Phone) => Promise<Team['rung']>,
) => {
  const { talk, rung, side, phones } = team;
  for (const [what, state] of [
    ['the caller who talks', talk.call.state],
    ['the callee who talks', talk.leg.state],
  ] as const) {
    if (state !== 'confirmed') tally.fault(`${side.tenant}: ${what} is ${state}`);
  }
  if (rung.call.state !== 'early' || !rung.leg.isPending) {
    const heard = audioIn(rung.call.remoteSdp ?? '')?.host ?? 'nobody';
    const { callId } = rung.leg;
    tally.fault(`${side.tenant}: its ringing call ${callId} is ${rung.call.state}; the caller talked to ${heard}`);
  }
  await Promise.all([rung.leg.answers(), rung.call.answered()]).catch((error) =>
    tally.fault(`${side.tenant}: its ringing call could not be answered: ${error}`),
  );
  await rung.call.hangsUp().catch(() => undefined);
  const [caller, callee] = [phones.get('108'), phones.get(patient)];
  if (caller && callee) team.rung = await again(caller, callee);
  tally.counts('survived');
};
