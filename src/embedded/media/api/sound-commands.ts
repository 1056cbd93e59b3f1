import { randomUUID } from 'node:crypto';
import { execute } from '../app/execute.js';
import { openSource } from '../audio/source.js';
import type { Channel, Displacement } from '../channel/channel.js';
import { endRun } from '../channel/end-run.js';
import { dropInsert } from '../channel/open-channel.js';
import { makeTune } from '../hearing/tune.js';
import { nextTurn } from '../hearing/turn.js';
import { type ApiCommand, type ChannelCommand, onChannel } from './command.js';

/** How many sounds may lie over one channel. */
const mostInserts = 16;

const audioUsage = '-USAGE: <uuid> [start [read|write] [mute|level <level>]|stop]\n';

const breakOff: ChannelCommand = (server, channel) => {
  for (let run = channel.runs.at(-1); run && run.doing.kind === 'playing'; run = channel.runs.at(-1)) {
    run.stop('break');
    endRun(server, channel, run);
  }
  return '+OK\n';
};

const audio: ChannelCommand = (_server, channel, [act, side, what, value]) => {
  if (act === 'stop') {
    channel.isMuted = false;
    channel.isDeafened = false;
    return '+OK\n';
  }
  const isUnderstood = act === 'start' && (side === 'read' || side === 'write') && what === 'mute';
  if (!isUnderstood) return audioUsage;
  if (side === 'read') channel.isMuted = Number(value) !== 0;
  else channel.isDeafened = Number(value) !== 0;
  return '+OK\n';
};

const startOver = async (channel: Channel, file: string, flags: string): Promise<string> => {
  const isKnown = channel.inserts.some((insert) => insert.file === file);
  const source = isKnown || channel.inserts.length >= mostInserts ? undefined : await openSource(file);
  if (!source || channel.cause !== undefined) return '-ERR Cannot displace session!\n';
  const tune = makeTune(source);
  const side = flags.includes('r') ? 'said' : 'heard';
  channel.inserts.push({ turn: nextTurn(), file, tune, voice: tune, side, isOver: flags.includes('m') });
  return '+OK Success\n';
};

const displace: ChannelCommand = (_server, channel, [act, file = '', _limit, flags = '']) => {
  if (act === 'start') return startOver(channel, file, flags);
  const insert: Displacement | undefined = channel.inserts.find((one) => one.file === file);
  if (act !== 'stop' || !insert) return '-ERR Cannot stop displace session!\n';
  dropInsert(channel, insert);
  return '+OK Success\n';
};

const broadcast: ChannelCommand = (server, channel, [what = '', legs = 'aleg']) => {
  const [app = '', data = ''] = what.includes('::') ? what.split('::', 2) : ['playback', what];
  const { partner } = channel;
  const ears = [...(legs === 'bleg' ? [] : [channel]), ...(legs === 'aleg' || !partner ? [] : [partner])];
  for (const ear of ears) execute(server, ear, { app, data, id: randomUUID() });
  return '+OK Message sent\n';
};

/** The commands about what is heard. */
export const soundCommands = {
  uuid_break: onChannel(breakOff),
  uuid_audio: (server, words) => (words.length < 2 ? audioUsage : onChannel(audio)(server, words)),
  uuid_displace: onChannel(displace, '-ERR Cannot locate session!\n'),
  uuid_broadcast: onChannel(broadcast, '-ERR invalid uuid\n'),
} satisfies Record<string, ApiCommand>;
