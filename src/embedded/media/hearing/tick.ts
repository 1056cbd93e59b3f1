import { type Frame, mix, silence } from '../audio/frame.js';
import type { Ear } from './ear.js';
import { heardBy } from './graph.js';

/** A phone that takes part in the mixing. */
export interface Hearer extends Ear {
  /** Takes what the phone said, and goes on with what is played to it. */
  advance(): void;
  say(frame: Frame | undefined): void;
}

/** Twenty milliseconds for everybody: all speak first, then all hear. */
export function tick(hearers: readonly Hearer[]): void {
  for (const hearer of hearers) hearer.advance();
  for (const hearer of hearers) hearer.say(frameFor(hearer));
}

/** Whoever is bridged hears nothing when the other sends nothing; all others hear silence then. */
function frameFor(hearer: Hearer): Frame | undefined {
  const frames: Frame[] = [];
  for (const { frame } of heardBy(hearer)) if (frame) frames.push(frame);
  if (frames.length === 0) return hearer.partner && hearer.doing.kind === 'nothing' ? undefined : silence;
  return frames.length === 1 ? frames[0] : mix(...frames);
}
