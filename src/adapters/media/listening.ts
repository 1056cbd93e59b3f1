import type { Listening, ListenMode } from '../../flows/media.js';
import type { Channel } from './channel.js';
import { deferred, settled } from './deadline.js';
import type { Keys } from './keys.js';
import { park } from './park.js';

/** What listening needs of the endpoint that listens. */
export interface Listener {
  readonly channel: Channel;
  readonly keys: Keys;
  /** Sends an event to the application that runs on the channel. */
  notify(channel: string, headers: Record<string, string>): Promise<boolean>;
}

/** What tells FreeSWITCH's `eavesdrop` a mode while it runs: "2" lets the channel that is listened to hear us, "3" both. */
const commands: Readonly<Record<ListenMode, string>> = { listen: '0', whisper: '2', barge: '3' };

/** What it begins with. The "b leg" is the channel that is listened to, the "a leg" whom that one talks to. */
const beginning = (mode: ListenMode): string =>
  [
    'eavesdrop_enable_dtmf=false',
    `eavesdrop_whisper_bleg=${mode !== 'listen'}`,
    `eavesdrop_whisper_aleg=${mode === 'barge'}`,
  ].join('^');

/** How long the server may take to begin, in milliseconds. */
const patience = 3_000;

/** As long as a call may last, in milliseconds: a day, and it must be asked for again. */
const longest = 86_400_000;

/** Begins to listen to another channel; undefined if the server would not. */
export const listen = async (listener: Listener, target: Channel, mode: ListenMode): Promise<Listening | undefined> => {
  const { channel, keys } = listener;
  // The server does them in order: each would cost 20 ms if it were waited for.
  keys.bind();
  void channel.execute('multiset', `^^^${beginning(mode)}`);
  const begun = deferred<boolean>();
  const forget = channel.onExecuting((event) => {
    if (event.getHeader('Application') === 'eavesdrop') begun.settle(true);
  });
  let isOver = false;
  const over = Promise.race([channel.execute('eavesdrop', target.uuid, longest), target.closed]).then(() => {
    isOver = true;
    begun.settle(false);
  });
  const hasBegun = await settled(patience, begun.promise);
  forget();
  const isThere = hasBegun && (await channel.api('uuid_exists', target.uuid))?.trim() === 'true';
  if (!isThere || isOver) {
    await leave(listener);
    return undefined;
  }
  return {
    over,
    setMode: async (wanted) => !isOver && listener.notify(channel.uuid, { 'eavesdrop-command': commands[wanted] }),
    stop: async () => {
      if (!isOver) await leave(listener);
      await settled(patience, over);
    },
  };
};

/** "Break" does not end an eavesdrop; a new place does. */
const leave = async ({ channel, keys }: Listener): Promise<void> => {
  await park(channel, { both: false });
  keys.unbind();
};
