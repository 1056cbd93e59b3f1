import type { App } from '../channel/app.js';
import type { Channel } from '../channel/channel.js';

/** How many variables one channel may have: a client that sets more has gone wrong. */
const mostVariables = 500;

/** A name becomes a header of events: it must not end its line, nor itself. */
const nameForm = /^[!-9;-~]{1,200}$/;

/** Sets a variable; an empty value takes it away. */
export function setVariable({ variables }: Channel, name: string, value: string): void {
  if (!nameForm.test(name)) return;
  if (value === '') variables.delete(name);
  else if (variables.has(name) || variables.size < mostVariables) variables.set(name, value);
}

function assign(channel: Channel, text: string): void {
  const equals = text.indexOf('=');
  if (equals > 0) setVariable(channel, text.slice(0, equals).trim(), text.slice(equals + 1));
}

/** `set` and `export`: one variable. */
export const set: App = ({ channel, order, finish }) => {
  assign(channel, order.data);
  finish();
};

/** `multiset`: several, divided by blanks, or by the character after `^^`. */
export const multiset: App = ({ channel, order, finish }) => {
  const isDivided = order.data.startsWith('^^');
  const parts = isDivided ? order.data.slice(3).split(order.data.charAt(2)) : order.data.split(' ');
  for (const part of parts) assign(channel, part);
  finish();
};

/** `set_mute read|write true|false`. */
export const setMute: App = ({ channel, order, finish }) => {
  const [side = '', value = ''] = order.data.trim().split(/\s+/);
  if (side === 'read') channel.isMuted = value === 'true';
  if (side === 'write') channel.isDeafened = value === 'true';
  finish();
};
