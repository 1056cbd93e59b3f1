import type { Sound } from '../../domain/sound.js';
import type { Channel } from './channel.js';
import { type Deferred, deferred } from './deadline.js';
import { playables } from './sounds.js';

/** Plays sounds on a channel, one after another. */
export interface Player {
  /** Settles when all are over or broken off. What was played before is broken off. */
  play(sounds: readonly Sound[]): Promise<void>;
  /** Breaks off what is played; settles when the server has done so. */
  hush(): Promise<void>;
  /** What is played ends by itself now: the channel gets something else to do. Settles at once unless it has yet to begin. */
  yieldTo(): Promise<void>;
  /** Plays a sound over what the channel's phone hears. */
  overlay(sound: Sound): Promise<void>;
}

/** One sequence of sounds. */
interface Run {
  readonly over: Deferred<void>;
  isBroken: boolean;
  isOver: boolean;
  /** The server has begun: a break that comes before would be forgotten. */
  hasBegun: boolean;
}

/** The longest that one sound is waited for, in milliseconds: a phone that rings longer is given up by its caller. */
const longest = 600_000;

/** How often a break is repeated, and after how many milliseconds: it does nothing to what has not begun. */
const breaks = { most: 5, pause: 100 };

const missing = 'FILE NOT FOUND';

/** A player on a channel; `folder` is where the operator keeps wav files, as the server sees it. */
export const makePlayer = (channel: Channel, folder?: string): Player => {
  let current: Run | undefined;
  channel.onExecuting((event) => {
    if (current && event.getHeader('Application') === 'playback') current.hasBegun = true;
  });

  const playOne = async (run: Run, sound: Sound): Promise<void> => {
    for (const file of playables(sound, folder)) {
      if (run.isBroken) return;
      const event = await channel.execute('playback', file, longest);
      if (event?.getHeader('Application-Response') !== missing) return;
    }
  };
  const stop = async (run: Run | undefined): Promise<void> => {
    if (!run) return;
    run.isBroken = true;
    for (let count = 0; !run.isOver && count < breaks.most && channel.isOpen; count += 1) {
      await channel.api('uuid_break', `${channel.uuid} all`);
      await Promise.race([run.over.promise, new Promise((resolve) => setTimeout(resolve, breaks.pause))]);
    }
    run.over.settle();
  };

  return {
    play: async (sounds) => {
      const before = current;
      const run: Run = { over: deferred<void>(), isBroken: false, isOver: false, hasBegun: false };
      current = run;
      const playAll = async () => {
        await stop(before);
        for (const sound of sounds) await playOne(run, sound);
        run.isOver = true;
        if (current === run) current = undefined;
        run.over.settle();
      };
      void playAll();
      await Promise.race([run.over.promise, channel.closed]);
    },
    hush: () => stop(current),
    yieldTo: async () => {
      if (!current?.hasBegun) return stop(current);
      current.isBroken = true;
      current.over.settle();
    },
    overlay: async (sound) => {
      for (const file of playables(sound, folder)) {
        const said = await channel.api('uuid_displace', `${channel.uuid} start ${file} 0 mux`);
        if (!said?.startsWith('-ERR')) return;
      }
    },
  };
};
