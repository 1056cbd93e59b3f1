import type { Endpoint } from '../../flows/media.js';
import { bridge } from './bridge.js';
import type { Channel } from './channel.js';
import type { Keys } from './keys.js';
import { listen } from './listening.js';
import type { MrfLink } from './mrf-link.js';
import { park } from './park.js';
import type { Player } from './player.js';

/** What the commands of one endpoint work with, once its channel is there. */
export interface Working {
  readonly channel: Channel;
  readonly player: Player;
  readonly keys: Keys;
  /** What the server has yet to do with the channel: the next command waits for it. */
  bridging: Promise<unknown>;
}

/** How an endpoint acts on its channel. */
export interface Acting {
  readonly link: Pick<MrfLink, 'notify'>;
  /** Does something with the channel while it is there, or gives what stands for that it is not. */
  when<T>(otherwise: T, act: (work: Working) => Promise<T>): Promise<T>;
  /** What another endpoint on the same server works with. */
  partner(other: Endpoint): Promise<Working | undefined>;
  /** Whether the phone of this endpoint, or of another, has still to make keys with the server. */
  isAwaited(other: Endpoint): boolean;
  /** What was promised cannot be: the endpoint is of no use any more. */
  fails(): void;
}

type Actions = Pick<Endpoint, 'bridge' | 'park' | 'play' | 'hush' | 'overlay' | 'listenTo'>;

/** What an endpoint can do with what it hears. */
export const actionsOf = ({ link, when, partner, ...acting }: Acting): Actions => ({
  bridge: (other) => {
    const bridged = when(false, async (work) => {
      const found = await partner(other);
      if (!found) return false;
      await Promise.all([work.player.yieldTo(), found.player.yieldTo()]);
      const { isTaken, done } = await bridge(work.channel, found.channel);
      work.bridging = done;
      found.bridging = done;
      return isTaken;
    });
    if (!acting.isAwaited(other)) return bridged;
    // Its phone makes keys when it has the answer, and who gives that waits for this (RFC 5763 section 5).
    void bridged.then((isBridged) => isBridged || acting.fails());
    return Promise.resolve(true);
  },
  park: () =>
    when(undefined, async ({ channel, player }) => {
      await player.yieldTo();
      await park(channel, { both: true });
    }),
  play: (...sounds) => when(undefined, ({ player }) => player.play(sounds)),
  hush: () => when(undefined, ({ player }) => player.hush()),
  overlay: (sound) => when(undefined, ({ player }) => player.overlay(sound)),
  listenTo: (other, mode) =>
    when(undefined, async ({ channel, player, keys }) => {
      const target = await partner(other);
      if (!target || target.channel === channel) return undefined;
      await player.hush();
      return listen({ channel, keys, notify: link.notify }, target.channel, mode);
    }),
});
