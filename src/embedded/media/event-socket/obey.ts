import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import { runApi } from '../api/api.js';
import { execute } from '../app/execute.js';
import { hangUp } from '../channel/hang-up.js';
import type { MediaServer } from '../server.js';
import type { Connection } from './connection.js';
import { eventHead } from './event.js';
import type { Command } from './frame-reader.js';
import { changeNames } from './subscription.js';

/** A command by one connection. */
interface Request {
  readonly server: MediaServer;
  readonly connection: Connection;
  readonly command: Command;
  /** What stands behind the first word. */
  readonly rest: string;
}

type Verb = (request: Request) => void | Promise<void>;

/** How many values one connection may filter by. */
const mostFilters = 200;

const unknown = '-ERR command not found';

const event: Verb = ({ connection, rest }) => {
  const { subscription } = connection;
  const words = rest.split(/\s+/).filter(Boolean);
  const format = words[0] === 'json' || words[0] === 'plain' ? words.shift() : undefined;
  const found = changeNames(subscription, words, true);
  if (found) subscription.format = format === 'json' ? 'json' : 'plain';
  connection.reply(found ? `+OK event listener enabled ${subscription.format}` : '-ERR no keywords supplied');
};

const nixevent: Verb = ({ connection, rest }) => {
  const found = changeNames(connection.subscription, rest.split(/\s+/).filter(Boolean), false);
  connection.reply(found ? '+OK events nixed' : '-ERR no keywords supplied');
};

const noevents: Verb = ({ connection }) => {
  connection.subscription.names.clear();
  connection.subscription.subclasses.clear();
  connection.reply('+OK no longer listening for events');
};

function dropFilter({ connection }: Request, header: string, value: string): void {
  const { filters } = connection.subscription;
  if (header === 'all') filters.clear();
  else if (value === '') filters.delete(header);
  else filters.get(header)?.delete(value);
  if (filters.get(header)?.size === 0) filters.delete(header);
  connection.reply(`+OK filter deleted. [${header}][${value}]`);
}

const filter: Verb = (request) => {
  const { connection, rest } = request;
  const { filters } = connection.subscription;
  const [header = '', ...words] = rest.split(' ');
  const value = words.join(' ').trim();
  if (header === 'delete') return dropFilter(request, words[0] ?? '', words.slice(1).join(' ').trim());
  const values = filters.get(header) ?? new Set();
  if (header === '' || value === '' || filters.size + values.size >= mostFilters) return connection.reply(unknown);
  filters.set(header, values.add(value));
  connection.reply(`+OK filter added. [${header}]=[${value}]`);
};

const sendevent: Verb = ({ server, connection, command }) => {
  const channel = server.channels.get(command.headers.get('unique-id') ?? '');
  const order = command.headers.get('eavesdrop-command');
  if (order) channel?.runs.at(-1)?.command?.(order);
  connection.reply(`+OK ${randomUUID()}`);
};

const sendmsg: Verb = ({ server, connection, command, rest }) => {
  const id = rest || connection.channelId || '';
  const channel = server.channels.get(id);
  if (!channel) return connection.reply(`-ERR invalid session id [${id}]`);
  connection.reply('+OK');
  const { headers } = command;
  const act = headers.get('call-command');
  if (act === 'hangup') hangUp(server, channel, { cause: headers.get('hangup-cause') ?? 'NORMAL_CLEARING' });
  if (act !== 'execute') return;
  const data = command.body || (headers.get('execute-app-arg') ?? '');
  execute(server, channel, { app: headers.get('execute-app-name') ?? '', data, id: headers.get('event-uuid') ?? '' });
};

const api: Verb = async ({ server, connection, rest }) => {
  if (rest === '') connection.reply(unknown);
  else connection.respond(await runApi(server, rest));
};

const bgapi: Verb = async ({ server, connection, command, rest }) => {
  const job = command.headers.get('job-uuid') ?? randomUUID();
  connection.reply(`+OK Job-UUID: ${job}`, `Job-UUID: ${job.replace(/[^\w-]/g, '')}\n`);
  const body = await runApi(server, rest);
  const head = eventHead(server.core, 'BACKGROUND_JOB');
  const length = String(Buffer.byteLength(body));
  server.events.publish({ ...head, 'Job-UUID': job, 'Job-Command': rest, 'Content-Length': length, _body: body });
};

const exit: Verb = ({ connection }) => {
  connection.reply('+OK bye');
  connection.end();
};

const verbs: ReadonlyMap<string, Verb> = new Map(
  Object.entries({
    event,
    nixevent,
    noevents,
    filter,
    sendevent,
    sendmsg,
    api,
    bgapi,
    exit,
    linger: ({ connection }) =>
      connection.reply(connection.channelId ? '+OK will linger' : '-ERR not controlling a session'),
    log: ({ connection, rest }) => connection.reply(`+OK log level ${rest}`),
    nolog: ({ connection }) => connection.reply('+OK no longer logging'),
  } satisfies Record<string, Verb>),
);

/** Obeys a command of a connection that has shown the secret, or that we opened ourselves. */
export function obeyCommand(server: MediaServer, connection: Connection, command: Command): void | Promise<void> {
  const [word = ''] = command.line.split(' ', 1);
  const verb = verbs.get(word);
  const request = { server, connection, command, rest: command.line.slice(word.length).trim() };
  return verb ? verb(request) : connection.reply(unknown);
}

/** True if the line of an `auth` command shows the secret; takes as long whatever it says. */
export function showsSecret(line: string, secret: string): boolean {
  // Digests are of one length: not even that of the secret is told.
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(line.replace(/^auth /, '')), digest(secret));
}
