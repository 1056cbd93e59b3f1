import { type Event, eventHead } from '../event-socket/event.js';
import type { MediaServer } from '../server.js';
import { type Channel, stateNumbers } from './channel.js';

function codecFacts({ agreed }: Channel): Event {
  const codec = { Name: agreed.codec, Rate: '8000', 'Bit-Rate': '64000' };
  const entries = ['Read', 'Write'].flatMap((side) =>
    Object.entries(codec).map(([what, value]) => [`Channel-${side}-Codec-${what}`, value]),
  );
  return Object.fromEntries(entries) as Event;
}

function profileFacts(channel: Channel, prefix: string): Event {
  const facts: Record<string, string> = {
    Direction: 'inbound',
    'Logical-Direction': 'inbound',
    Dialplan: 'XML',
    'Caller-ID-Name': channel.user || 'unknown',
    'Network-Addr': channel.address,
    'Destination-Number': 'drachtio',
    'Unique-ID': channel.id,
    Source: 'mod_sofia',
    Context: 'mrf',
    'Channel-Name': channel.name,
    'Channel-Created-Time': String(channel.created),
    'Channel-Answered-Time': String(channel.created),
  };
  return Object.fromEntries(Object.entries(facts).map(([name, value]) => [`${prefix}-${name}`, value]));
}

/** What events say of a channel, its variables aside. */
export function channelFacts(channel: Channel): Event {
  return {
    'Channel-State': channel.state,
    'Channel-Call-State': channel.callState,
    'Channel-State-Number': String(stateNumbers[channel.state]),
    'Channel-Name': channel.name,
    'Unique-ID': channel.id,
    'Call-Direction': 'inbound',
    'Presence-Call-Direction': 'inbound',
    'Channel-HIT-Dialplan': 'true',
    'Channel-Call-UUID': channel.id,
    'Answer-State': channel.cause === undefined ? 'answered' : 'hangup',
    ...(channel.cause === undefined ? {} : { 'Hangup-Cause': channel.cause }),
    ...codecFacts(channel),
    ...profileFacts(channel, 'Caller'),
    ...(channel.partner ? profileFacts(channel.partner, 'Other-Leg') : {}),
  };
}

/** The variables of a channel, as events name them. */
export function variableFacts(channel: Channel): Event {
  return Object.fromEntries([...channel.variables].map(([name, value]) => [`variable_${name}`, value]));
}

/** The whole of a channel: what `connect` and `uuid_dump` answer. */
export function channelData(server: MediaServer, channel: Channel): Event {
  return {
    ...eventHead(server.core, 'CHANNEL_DATA'),
    ...profileFacts(channel, 'Channel'),
    ...channelFacts(channel),
    ...variableFacts(channel),
  };
}
