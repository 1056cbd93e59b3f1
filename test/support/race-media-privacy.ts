import type { Call, Leg, Message } from './phone.js';
import { audioIn } from './phone-sdp.js';
import type { Chance } from './race-chance.js';
import { atMoments, type Fault, giveUp, type Verdict } from './race-contest.js';
import { type Guard, guarding } from './race-media-guard.js';
import { apart, comes, comingBy, everybodyEnds, hangsUpOnAll, type MediaRoom, talks } from './race-media-room.js';
import {
  type Act,
  deafTo,
  hearingAt,
  type Moment,
  modes,
  type Name,
  type Step,
  three,
  told,
  walkOf,
} from './race-media-walk.js';

/** How many steps a sequence has. */
const steps = 6;

/** How often a phone that was refused for glare asks again. */
const mostTries = 20;

/** A sequence that is under way. */
interface Sequence {
  readonly room: MediaRoom;
  readonly chance: Chance;
  readonly ends: Readonly<Record<Name, Call | Leg>>;
  readonly guard: Guard;
  readonly faults: Fault[];
  readonly story: string[];
}

/** Hears what is so at a moment, or notes what it heard. */
const hears = async (sequence: Sequence, wanted: Parameters<MediaRoom['ears']['exactly']>[0]) => {
  const { room, faults, story } = sequence;
  await room.ears.exactly(wanted).catch((error: unknown) => {
    const text = `${error instanceof Error ? error.message : error} (${agreedIn(sequence)}): ${story.join(', ')}`;
    faults.push({ kind: 'media', text });
  });
};

/** What each phone has said last about its audio, and was told. */
const agreedIn = ({ ends }: Sequence): string =>
  three
    .map((name) => {
      const { localSdp, remoteSdp, state } = ends[name];
      return `${name} ${state}, says ${audioIn(localSdp ?? '')?.direction}, is told ${audioIn(remoteSdp ?? '')?.direction}`;
    })
    .join('; ');

/** Changes the session; where both sides want to, somebody must ask again (RFC 3261 section 14.1). */
const insists = async (chance: Chance, change: () => Promise<Message>): Promise<number> => {
  let status = 491;
  for (let tries = 0; status === 491 && tries < mostTries; tries += 1) {
    if (tries > 0) await new Promise((resolve) => setTimeout(resolve, chance.between(20, 400)));
    ({ status } = await change());
  }
  return status;
};

const does = async (sequence: Sequence, act: Act, { mode }: Moment): Promise<void> => {
  const { ends, faults, story, chance } = sequence;
  const end = ends[act.who];
  if (act.what === 'press') return await end.presses(modes[mode].key, { by: act.by });
  const direction = act.what === 'hold' ? 'inactive' : 'sendrecv';
  // Who is asked for a change while he holds, holds on.
  end.onReinvite(() => (direction === 'inactive' ? { sdp: end.offer(direction) } : undefined));
  const status = await insists(chance, () => end.reinvites(end.offer(direction)));
  if (status !== 200) faults.push({ kind: 'errors', text: `${story.join(', ')}: ${status}` });
};

const takes = async (sequence: Sequence, last: Moment, step: Step): Promise<void> => {
  const { guard, chance, story } = sequence;
  story.push(told(step));
  guard.keeps(deafTo(last, step));
  const done: Promise<void>[] = [];
  await atMoments(
    chance,
    chance.happens(0.5) ? 0 : 40,
    step.acts.map((act) => () => done.push(does(sequence, act, step))),
  );
  await Promise.all(done);
  await hears(sequence, hearingAt(step));
  guard.keeps(modes[step.mode].deaf);
};

/** The supervisor goes, everybody takes the other back from hold, and the two talk on. */
const talksOn = async (sequence: Sequence, { held }: Moment): Promise<void> => {
  const { ends, story } = sequence;
  story.push('S hangs up');
  await ends.S.hangsUp();
  await hears(sequence, { ...hearingAt({ mode: 'listen', held }), S: [] });
  for (const who of held.filter((name) => name !== 'S')) {
    story.push(`${who} resumes`);
    await does(sequence, { what: 'resume', who }, { mode: 'listen', held });
  }
  await hears(sequence, apart);
};

const begins = async (room: MediaRoom, chance: Chance): Promise<{ sequence: Sequence; first: Moment }> => {
  const coming = comingBy(chance);
  const story = [`${coming.mode} by ${coming.by}`];
  const talk = await talks(room);
  const guard = guarding(room, () => story.join(', '));
  guard.keeps(modes[coming.mode].deaf);
  const supervision = comes(room, talk, coming);
  const ends = { A: talk.call, B: talk.leg, S: supervision };
  const sequence = { room, chance, ends, guard, faults: [], story };
  await supervision.answered(giveUp);
  const first = { mode: coming.mode, held: [] };
  await hears(sequence, hearingAt(first));
  return { sequence, first };
};

/**
 * A sequence of switches, holds and resumes of all three, crossing each other at times. Everybody is listened to after
 * each step; who must not hear the supervisor is listened to all the time.
 */
export const whisperPrivacy = async (room: MediaRoom, chance: Chance): Promise<Verdict> => {
  const { sequence, first } = await begins(room, chance);
  const { ends, guard, faults, story } = sequence;
  let last = first;
  for (const step of walkOf(chance, first, steps)) {
    await takes(sequence, last, step);
    last = step;
  }
  if (chance.happens(0.5)) await talksOn(sequence, last);
  guard.keeps([]);
  const all = three.map((name) => ends[name]);
  const ended = await hangsUpOnAll(ends[chance.one<Name>(['A', 'B'])], all);
  if (!ended) faults.push({ kind: 'talks', text: `${story.join(', ')}: not everybody was hung up on` });
  await everybodyEnds(all);
  return { outcome: 'private', refusals: [], faults: [...faults, ...guard.faults] };
};
