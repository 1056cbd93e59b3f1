import type { Doing, Ear, EavesdropMode, Insert, Voice } from './ear.js';

/** What is gathered for one listener, on the way from phone to phone. */
interface Walk {
  readonly listener: Ear;
  readonly voices: Set<Voice>;
  /** The eavesdroppers through whose ears we go: none hears itself, nor who began to listen after it. */
  readonly listeners: readonly Ear[];
  /** Whose words we are gathering: nobody's twice. */
  readonly speakers: readonly Ear[];
}

type Eavesdropping = Extract<Doing, { kind: 'eavesdropping' }>;

/** Who whispers to the phone itself, and who speaks in its stead to those who hear it. */
const toTarget: ReadonlySet<EavesdropMode> = new Set([2, 3]);
const toOthers: ReadonlySet<EavesdropMode> = new Set([1, 3]);

/** Everything that a phone hears. A voice that reaches it by two ways is heard once. */
export function heardBy(ear: Ear): ReadonlySet<Voice> {
  const voices = new Set<Voice>();
  gatherHeard(ear, { listener: ear, voices, listeners: [], speakers: [] });
  return voices;
}

function gatherHeard(ear: Ear, walk: Walk): void {
  if (ear.isDeafened) return;
  const inserts = insertsOf(ear, 'heard', walk);
  if (inserts.every(({ isOver }) => isOver)) gatherOwn(ear, walk);
  for (const { voice } of inserts) walk.voices.add(voice);
  gatherWhispers(ear, toTarget, walk);
}

/** What it hears by what it is doing. */
function gatherOwn(ear: Ear, walk: Walk): void {
  const { doing } = ear;
  if (doing.kind === 'playing') walk.voices.add(doing.voice);
  else if (doing.kind === 'eavesdropping') gatherOverheard(ear, doing, walk);
  else if (doing.kind === 'conferring') gatherConference(doing, walk);
  else if (doing.kind === 'nothing' && ear.partner) gatherPartner(ear.partner, walk);
}

/** Whoever is busy with something of its own does not talk to its partner meanwhile. */
function gatherPartner(partner: Ear, walk: Walk): void {
  if (partner.doing.kind === 'nothing') gatherSaid(partner, walk);
}

function gatherConference({ others, sounds }: Extract<Doing, { kind: 'conferring' }>, walk: Walk): void {
  for (const other of others) gatherSaid(other, walk);
  for (const sound of sounds) walk.voices.add(sound);
}

function gatherOverheard(ear: Ear, { target, hearsTarget, hearsOther }: Eavesdropping, walk: Walk): void {
  if (walk.listeners.includes(ear)) return;
  const through: Walk = { ...walk, listeners: [...walk.listeners, ear] };
  if (hearsTarget) gatherSaid(target, through);
  if (hearsOther) gatherHeard(target, through);
}

/** What others get of a phone: its words, what is laid over them, and who speaks through it. */
function gatherSaid(ear: Ear, walk: Walk): void {
  if (ear.isMuted || ear === walk.listener || walk.speakers.includes(ear)) return;
  const spoken: Walk = { ...walk, speakers: [...walk.speakers, ear] };
  const inserts = insertsOf(ear, 'said', walk);
  if (inserts.every(({ isOver }) => isOver)) spoken.voices.add(ear);
  for (const { voice } of inserts) spoken.voices.add(voice);
  gatherWhispers(ear, toOthers, spoken);
}

/** The sounds that are laid over a phone; whoever listened to it before they came hears none of them. */
function insertsOf(ear: Ear, wanted: Insert['side'], { listeners }: Walk): readonly Insert[] {
  const first = ear.eavesdroppers.find((one) => listeners.includes(one.ear));
  return ear.inserts.filter(({ side, turn }) => side === wanted && turn < (first?.turn ?? Number.POSITIVE_INFINITY));
}

function gatherWhispers(ear: Ear, modes: ReadonlySet<EavesdropMode>, walk: Walk): void {
  for (const { ear: eavesdropper } of ear.eavesdroppers) {
    // One eavesdropper's ear lies before the mouths of those that came after it.
    if (walk.listeners.includes(eavesdropper)) return;
    const { doing } = eavesdropper;
    if (doing.kind === 'eavesdropping' && modes.has(doing.mode)) gatherSaid(eavesdropper, walk);
  }
}
