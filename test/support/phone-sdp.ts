import type { Peer } from './phone-transport.js';

/** Which way audio flows, seen from the one who wrote it. */
export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

/** What a phone must know of a description to talk to who wrote it. */
export interface Audio extends Peer {
  readonly direction: Direction;
  /** 0 for PCMU, 8 for PCMA; undefined if neither is there. */
  readonly payload: 0 | 8 | undefined;
}

const sections = (sdp: string): string[][] => {
  const parts: string[][] = [[]];
  for (const line of sdp.split(/\r?\n/).filter((each) => each !== '')) {
    if (line.startsWith('m=')) parts.push([]);
    parts.at(-1)?.push(line);
  }
  return parts;
};

const valueIn = (lines: readonly string[], start: string): string | undefined =>
  lines.find((line) => line.startsWith(start))?.slice(start.length);

const directionIn = (lines: readonly string[]): Direction | undefined =>
  lines.map((line) => /^a=(sendrecv|sendonly|recvonly|inactive)$/.exec(line)?.[1]).find(Boolean) as
    | Direction
    | undefined;

/** Reads where and how the writer of a description wants its audio; undefined if it wants none. */
export const audioIn = (sdp: string): Audio | undefined => {
  const [session = [], ...media] = sections(sdp);
  const lines = media.find(([first]) => /^m=audio [1-9]/.test(first ?? ''));
  const [, port, , ...payloads] = lines?.[0]?.slice(2).split(' ') ?? [];
  const connection = valueIn(lines ?? [], 'c=') ?? valueIn(session, 'c=');
  if (!lines || !connection) return undefined;
  return {
    host: connection.split(' ')[2] ?? '',
    port: Number(port),
    direction: directionIn(lines) ?? directionIn(session) ?? 'sendrecv',
    payload: ([0, 8] as const).find(
      (payload) => payloads.find((each) => each === '0' || each === '8') === `${payload}`,
    ),
  };
};

/** A phone's own end of a description. */
export interface Own extends Peer {
  readonly version: number;
  readonly direction?: Direction;
}

const head = ({ host, version }: Own): string[] => {
  const address = `IN ${host.includes(':') ? 'IP6' : 'IP4'} ${host}`;
  return ['v=0', `o=phone 4711 ${version} ${address}`, 's=-', `c=${address}`, 't=0 0'];
};

const audioLines = ({ port, direction = 'sendrecv' }: Own, payloads: readonly string[], events: string | undefined) => [
  `m=audio ${port} RTP/AVP ${[...payloads, ...(events ? [events] : [])].join(' ')}`,
  ...payloads.map((payload) => `a=rtpmap:${payload} ${payload === '0' ? 'PCMU' : 'PCMA'}/8000`),
  ...(events ? [`a=rtpmap:${events} telephone-event/8000`, `a=fmtp:${events} 0-15`] : []),
  'a=ptime:20',
  `a=${direction}`,
];

const written = (lines: readonly string[]): string => `${lines.join('\r\n')}\r\n`;

/** What a phone offers: both laws of G.711 and digits as events 101. */
export const offerSdp = (own: Own): string => written([...head(own), ...audioLines(own, ['0', '8'], '101')]);

const answers: Readonly<Record<Direction, Direction>> = {
  sendrecv: 'sendrecv',
  sendonly: 'recvonly',
  recvonly: 'sendonly',
  inactive: 'inactive',
};

const rejected = (line: string): string[] => [line.replace(/^(m=\S+) \d+/, '$1 0')];

/** What a phone answers: the G.711 and the events of the offer, its direction seen from here; all other lines rejected. */
export const answerSdp = (offer: string, own: Own): string => {
  const [session = [], ...media] = sections(offer);
  let isTaken = false;
  const lines = media.flatMap((section) => {
    const [first = ''] = section;
    const [, , , ...offered] = first.split(' ');
    const payloads = offered.filter((payload) => payload === '0' || payload === '8');
    if (isTaken || !/^m=audio [1-9]\d* RTP\/AVP /.test(first) || payloads.length === 0) return rejected(first);
    isTaken = true;
    const events = section.map((line) => /^a=rtpmap:(\d+) telephone-event\/8000/.exec(line)?.[1]).find(Boolean);
    const direction = answers[directionIn(section) ?? directionIn(session) ?? 'sendrecv'];
    return audioLines({ ...own, direction: own.direction ?? direction }, payloads, events);
  });
  return written([...head(own), ...lines]);
};
