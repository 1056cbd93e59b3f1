/** An event: its headers in order. */
export type Event = Readonly<Record<string, string>>;

/** What every event says of the server. */
export interface Core {
  readonly id: string;
  readonly host: string;
  readonly address: string;
  /** Milliseconds since the epoch. */
  readonly started: number;
}

let sequence = 0;

const two = (value: number): string => String(value).padStart(2, '0');

/** A date as FreeSWITCH writes it, in UTC. */
export function printDate(date: Date): string {
  const day = `${date.getUTCFullYear()}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`;
  return `${day} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
}

/** The first headers of an event of that name; a subclass stands before the name, as FreeSWITCH has it. */
export function eventHead(core: Core, name: string, subclass?: string): Record<string, string> {
  const now = new Date();
  sequence += 1;
  return {
    ...(subclass === undefined ? {} : { 'Event-Subclass': subclass }),
    'Event-Name': name,
    'Core-UUID': core.id,
    'FreeSWITCH-Hostname': core.host,
    'FreeSWITCH-Switchname': core.host,
    'FreeSWITCH-IPv4': core.address,
    'FreeSWITCH-IPv6': '::1',
    'Event-Date-Local': printDate(now),
    'Event-Date-GMT': now.toUTCString(),
    'Event-Date-Timestamp': `${now.getTime()}000`,
    'Event-Sequence': String(sequence),
  };
}

/** Half a character, which cannot be encoded. */
const half = /\p{Surrogate}/gu;

/** Headers as text, values URL-encoded: no value can end its line. */
export function plainHeaders(event: Event): string {
  return Object.entries(event)
    .map(([name, value]) => `${name}: ${encodeURIComponent(value.replace(half, '\uFFFD'))}\n`)
    .join('');
}

/** An event as it goes over the wire. */
export function printEvent(event: Event, format: 'json' | 'plain'): string {
  const body = format === 'json' ? JSON.stringify(event) : `${plainHeaders(event)}\n`;
  return `Content-Length: ${Buffer.byteLength(body)}\nContent-Type: text/event-${format}\n\n${body}`;
}
