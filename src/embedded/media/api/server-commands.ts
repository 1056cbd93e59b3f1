import type { Channel } from '../channel/channel.js';
import { hangUp } from '../channel/hang-up.js';
import { printDate } from '../event-socket/event.js';
import { uptimeOf, version } from '../event-socket/heartbeat.js';
import type { MediaServer } from '../server.js';
import type { ApiCommand } from './command.js';

const rule = '='.repeat(97);

const sofia: ApiCommand = ({ sip }, [what]) => {
  if (what !== 'status') return '-ERR only "status" here\n';
  const profile = `             drachtio_mrf\tprofile\t${`sip:mod_sofia@${sip}`.padStart(42)}\tRUNNING (0)`;
  const title = '                     Name\t   Type\t                                      Data\tState';
  return `${title}\n${rule}\n${profile}\n${rule}\n1 profile 0 aliases\n`;
};

const status: ApiCommand = (server) =>
  [
    `UP ${uptimeOf(server)}`,
    `FreeSWITCH (Version ${version}) is ready`,
    `${server.counts.total} session(s) since startup`,
    `${server.channels.size} session(s) - peak ${server.counts.peak}, last 5min ${server.counts.peak} `,
    '0 session(s) per Sec out of max 100, peak 0, last 5min 0 ',
    `${server.mostSessions} session(s) max`,
    '',
  ].join('\n');

function rowOf({ core }: MediaServer, channel: Channel): Record<string, string> {
  const created = new Date(channel.created / 1000);
  return {
    uuid: channel.id,
    direction: 'inbound',
    created: printDate(created),
    created_epoch: String(Math.floor(created.getTime() / 1000)),
    name: channel.name,
    state: channel.state,
    cid_name: channel.user,
    cid_num: channel.user,
    ip_addr: channel.address,
    dest: 'drachtio',
    application: channel.variables.get('current_application') ?? '',
    dialplan: 'XML',
    context: 'mrf',
    read_codec: channel.agreed.codec,
    write_codec: channel.agreed.codec,
    hostname: core.host,
    callstate: channel.callState,
    call_uuid: channel.id,
  };
}

const show: ApiCommand = (server, words) => {
  const [what, ...how] = words;
  if (what !== 'channels') return '-USAGE: channels [count] [as json]\n';
  const rows = [...server.channels.values()].map((channel) => rowOf(server, channel));
  if (how.join(' ') === 'as json') {
    return `${JSON.stringify(rows.length === 0 ? { row_count: 0 } : { row_count: rows.length, rows })}\n`;
  }
  const total = `\n${rows.length} total.\n`;
  if (how[0] === 'count' || rows.length === 0) return total;
  const [first = {}] = rows;
  return `${[Object.keys(first), ...rows.map(Object.values)].map((row) => row.join(',')).join('\n')}\n${total}`;
};

const hupall: ApiCommand = (server, [cause = 'MANAGER_REQUEST', name, value]) => {
  for (const channel of [...server.channels.values()]) {
    if (name === undefined || channel.variables.get(name) === value) hangUp(server, channel, { cause });
  }
  const which = name === undefined ? 'all channels' : `all channels matching [${name}]=[${value ?? ''}]`;
  return `+OK hangup ${which} with cause ${cause}\n`;
};

/** How many variables of the server there may be. */
const mostGlobals = 1000;

const setGlobal: ApiCommand = ({ globals }, words) => {
  const [name = '', ...value] = words.join(' ').split('=');
  const text = value.join('=');
  if (text === '') globals.delete(name);
  else if (globals.size < mostGlobals || globals.has(name)) globals.set(name, text);
  return '+OK';
};

const getGlobal: ApiCommand = ({ globals }, [name]) =>
  name === undefined ? [...globals].map(([key, value]) => `${key}=${value}\n`).join('') : (globals.get(name) ?? '');

/** FreeSWITCH's modules for what this server does. */
const modules = ['mod_commands', 'mod_dptools', 'mod_event_socket', 'mod_sndfile', 'mod_sofia', 'mod_tone_stream'];

/** The commands about the server itself. */
export const serverCommands = {
  sofia,
  status,
  show,
  hupall,
  global_setvar: setGlobal,
  global_getvar: getGlobal,
  module_exists: (_server: MediaServer, [name = '']: readonly string[]) => String(modules.includes(name)),
  strepoch: () => String(Math.floor(Date.now() / 1000)),
  version: () => `FreeSWITCH Version ${version}\n`,
  uptime: ({ core }: MediaServer) => `${Math.floor((Date.now() - core.started) / 1000)}\n`,
};
