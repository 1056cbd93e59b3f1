import { isIP } from 'node:net';
import { type HostPort, isLoopback, type Reader, readHostPort, readSecret } from './config-reader.js';

/** Which media servers, and what for. */
export interface MediaConfig {
  /** `auto` where phones cannot talk directly, `always`, or `never`. */
  readonly use: (typeof mediaUses)[number];
  /** FreeSWITCHes to use; undefined starts the embedded media server. */
  readonly servers: readonly MediaPlace[] | undefined;
  /** The operator's wav files, as the media servers see the folder. */
  readonly sounds: string | undefined;
  /**
   * Where the servers' event sockets reach us; undefined is the address by which we reach each, and any port. With a port,
   * each further server has the next one.
   */
  readonly listen: HostPort | undefined;
  /** What the servers are told of it, where that is another address or port. */
  readonly advertise: HostPort | undefined;
  /** Where the embedded media server takes calls and audio. */
  readonly bind: HostPort;
}

/** One FreeSWITCH. */
export interface MediaPlace extends HostPort {
  /** As it was configured; the label `server` of the metrics. */
  readonly name: string;
  readonly secret: string;
}

const mediaUses = ['auto', 'always', 'never'] as const;

/** Which media servers the environment names. */
export const readMedia = (reader: Reader): MediaConfig => {
  const use = reader.oneOf('MEDIA', mediaUses) ?? 'auto';
  const servers = readMediaServers(reader);
  const bind = reader.hostPort('MEDIA_BIND', '127.0.0.1:0');
  if (isIP(bind.host) === 6) reader.problem('MEDIA_BIND', 'the embedded media server speaks IPv4 only');
  if (use === 'always' && !servers && !isLoopback(reader.text('DRACHTIO_HOST') ?? '127.0.0.1'))
    reader.problem('MEDIA', 'always needs FREESWITCH_HOST where DRACHTIO_HOST is another machine');
  const sounds = reader.text('MEDIA_SOUNDS');
  // It becomes part of commands to the media server, in which spaces and most signs mean something.
  if (sounds !== undefined && !/^(\/[\w.-]+)+\/?$/.test(sounds))
    reader.problem('MEDIA_SOUNDS', `"${sounds}" is not an absolute path of A-Z a-z 0-9 . _ - only`);
  const [listen] = reader.hostPorts('MEDIA_LISTEN') ?? [];
  const [advertise] = reader.hostPorts('MEDIA_ADVERTISE') ?? [];
  return { use, servers, sounds, listen, advertise, bind };
};

const readMediaServers = (reader: Reader): MediaPlace[] | undefined => {
  const hosts = reader.list('FREESWITCH_HOST');
  const usualPort = reader.number('FREESWITCH_PORT', { least: 1, most: 65_535 }) ?? 8021;
  if (hosts.length === 0) return undefined;
  const secret = readSecret(reader, 'FREESWITCH_SECRET', 'FREESWITCH_HOST');
  const places = hosts.map((name) => ({ name, secret, ...(readHostPort(name) ?? { host: name, port: usualPort }) }));
  for (const { name, host } of places) {
    if (/[:[\]\s]/.test(host)) reader.problem('FREESWITCH_HOST', `"${name}" is not host or host:port (IPv4 or a name)`);
  }
  const different = new Set(places.map(({ host, port }) => `${host}:${port}`));
  if (different.size < places.length) reader.problem('FREESWITCH_HOST', 'names a server twice');
  return places;
};
