import { setVariable } from '../app/assignments.js';
import { bridge } from '../channel/bridge.js';
import { keyPressed } from '../channel/digits.js';
import { channelData } from '../channel/facts.js';
import { hangUp } from '../channel/hang-up.js';
import { park } from '../channel/park.js';
import { plainHeaders } from '../event-socket/event.js';
import { type ApiCommand, type ChannelCommand, onChannel } from './command.js';

const uuidBridge: ApiCommand = (server, [id, otherId]) => {
  if (id === undefined || otherId === undefined) return '-USAGE: <uuid> <other_uuid>\n';
  const [channel, other] = [server.channels.get(id), server.channels.get(otherId)];
  if (!channel || !other) return '-ERR Invalid uuid\n';
  bridge(server, channel, other);
  return `+OK ${other.id}\n`;
};

const transfer: ChannelCommand = (server, channel, words) => {
  const isBoth = words[0] === '-both';
  const [app, plan] = isBoth ? words.slice(1) : words;
  if (app !== 'park' || plan !== 'inline') return '-ERR only "park inline" here\n';
  const { partner } = channel;
  park(server, channel);
  if (isBoth && partner) park(server, partner);
  return '+OK\n';
};

const kill: ChannelCommand = (server, channel, [cause = 'NORMAL_CLEARING']) => {
  hangUp(server, channel, { cause });
  return '+OK\n';
};

const dump: ChannelCommand = (server, channel, [format]) => {
  const data = channelData(server, channel);
  return format === 'json' ? JSON.stringify(data) : `${plainHeaders(data)}\n`;
};

const receiveDigits: ChannelCommand = (server, channel, [digits = '']) => {
  const [keys = ''] = digits.split('@');
  for (const digit of keys.slice(0, 128)) {
    if (/[0-9*#A-D]/i.test(digit)) keyPressed(server, channel, { digit, duration: 2000, source: 'APP' });
  }
  return `+OK ${channel.id} received DTMF ${digits}.\n`;
};

/** The commands that move a channel, end it, or tell of it. */
export const channelCommands = {
  uuid_bridge: uuidBridge,
  uuid_transfer: onChannel(transfer),
  uuid_kill: onChannel(kill),
  uuid_dump: onChannel(dump),
  uuid_recv_dtmf: onChannel(receiveDigits, '-ERR Cannot locate session!\n'),
  uuid_exists: (server, [id = '']) => String(server.channels.has(id)),
  uuid_getvar: onChannel((_server, { variables }, [name = '']) => variables.get(name) ?? '_undef_'),
  uuid_setvar: onChannel((_server, channel, [name = '', ...value]) => {
    setVariable(channel, name, value.join(' '));
    return '+OK\n';
  }),
  uuid_set_media_stats: (server, [id = '']) => (server.channels.has(id) ? '+OK:\n' : `-ERR No such channel ${id}!\n`),
} satisfies Record<string, ApiCommand>;
