import type { Call, Leg } from './phone.js';
import type { Conversation, ReinviteHandler } from './phone-conversation.js';
import { answersWithoutSdp, isBusyChanging, neverAnswers, refuses } from './phone-manners.js';
import type { Chance } from './race-chance.js';
import { atMoments, type Verdict } from './race-contest.js';
import { judges, type Trouble } from './race-media-judge.js';
import { comes, comingBy, type MediaRoom, talks } from './race-media-room.js';

/** A call that is to be moved to the media server because a supervisor comes, and one or both of whose phones misbehave. */
type Race = (room: MediaRoom, chance: Chance) => Promise<Verdict>;

/** The call, who of both behaves badly, and how the supervisor will come. */
interface Scene extends Pick<Trouble, 'room' | 'talk' | 'coming'> {
  readonly bad: Call | Leg;
  readonly other: Call | Leg;
}

const scene = async (room: MediaRoom, chance: Chance): Promise<Scene> => {
  const coming = comingBy(chance);
  const isCaller = chance.happens(0.5);
  const talk = await talks(room);
  const [bad, other] = isCaller ? [talk.call, talk.leg] : [talk.leg, talk.call];
  return { room, talk, coming, bad, other };
};

/** A phone refuses, or says nothing of its audio: the call stays as it was, or ends where the phone knows no call. */
export const anchorRefused: Race = async (room, chance) => {
  const set = await scene(room, chance);
  const status = chance.one([488, 403, 500, 503, 606, 481, 0]);
  const manner = status === 0 ? answersWithoutSdp() : refuses(status);
  set.bad.onReinvite(manner);
  if (chance.happens(0.2)) set.other.onReinvite(manner);
  const allowed = status === 481 ? ['ended' as const] : ['as before' as const];
  return judges({ ...set, supervision: comes(room, set.talk, set.coming), allowed }, chance);
};

/** A phone never answers: the call stays as it was, or ends for everybody. Takes a transaction's time, 32 seconds. */
export const anchorTimeout: Race = async (room, chance) => {
  const set = await scene(room, chance);
  const silent = neverAnswers();
  set.bad.onReinvite(silent.handler);
  // Many rooms wait at once; what nobody listens to is not said meanwhile.
  for (const each of [room.A, room.B, room.S]) each.rtp.hush();
  const supervision = comes(room, set.talk, set.coming);
  await supervision.ends(90_000);
  silent.says();
  set.bad.onReinvite(() => undefined);
  await Promise.all(Object.entries(room.ears.voices).map(([name, tone]) => room[name as 'A'].talks({ tone })));
  return judges({ ...set, supervision, allowed: ['as before', 'ended'] }, chance);
};

/** A phone changes its session itself at that moment, or says that it does: it is asked again. */
export const anchorGlare: Race = async (room, chance) => {
  const set = await scene(room, chance);
  const changes = chance.happens(0.5);
  if (!changes) {
    set.bad.onReinvite(isBusyChanging(chance.one([1, 1, 2])));
    return judges({ ...set, supervision: comes(room, set.talk, set.coming), allowed: ['anchored'] }, chance);
  }
  const supervisions: Call[] = [];
  const asked: Promise<unknown>[] = [];
  await atMoments(chance, 30, [
    () => supervisions.push(comes(room, set.talk, set.coming)),
    () => asked.push(asksItself(set.bad, chance)),
    () => chance.happens(0.3) && asked.push(asksItself(set.other, chance)),
  ]);
  await Promise.all(asked);
  const [supervision] = supervisions;
  if (!supervision) throw new Error('the supervisor did not call');
  return judges({ ...set, supervision, allowed: ['anchored', 'as before'] }, chance);
};

/** As a phone does that is told 491: asks again a little later. */
const asksItself = async (end: Conversation, chance: Chance): Promise<void> => {
  for (let status = 491; status === 491 && end.state === 'confirmed'; ) {
    ({ status } = await end.reinvites(end.offer()));
    if (status === 491) await new Promise((resolve) => setTimeout(resolve, chance.between(50, 500)));
  }
};

/** Somebody hangs up in the middle: at any moment, or exactly when asked. Who is left talks on, or nobody does. */
export const anchorHangup: Race = async (room, chance) => {
  const set = await scene(room, chance);
  const who = chance.one(['bad', 'bad', 'other', 'both', 'supervisor'] as const);
  const whenAsked = who === 'bad' && chance.happens(0.5);
  if (whenAsked) set.bad.onReinvite(hangsUpAndSays(set.bad, chance.one([487, 200, 481])));
  const supervision = comes(room, set.talk, set.coming);
  const hangs = (end: Call | Leg) => () => end.state === 'confirmed' && void end.hangsUp();
  const goes = () => (supervision.state === 'confirmed' ? void supervision.hangsUp() : void supervision.cancels());
  const acts = {
    bad: whenAsked ? [] : [hangs(set.bad)],
    other: [hangs(set.other)],
    both: [hangs(set.bad), hangs(set.other)],
    supervisor: [goes],
  }[who];
  await atMoments(chance, 90, acts);
  return judges({ ...set, supervision, allowed: who === 'supervisor' ? ['as before'] : ['ended'] }, chance);
};

/** Its BYE and its answer cross; with 200 it even agrees. */
const hangsUpAndSays =
  (end: Call | Leg, status: number): ReinviteHandler =>
  () => {
    if (end.state === 'confirmed') void end.hangsUp();
    return status === 200 ? undefined : { status };
  };
