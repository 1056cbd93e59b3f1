import type { App } from '../channel/app.js';

/** `bind_digit_action realm,~pattern,exec[i]:application,data`: each key that fits runs an application in place of its event. */
export const bindDigitAction: App = ({ channel, order, finish }) => {
  const [, pattern = '', action = '', ...data] = order.data.split(',');
  const app = /^exec(?:\[i\])?:([\w]+)$/.exec(action)?.[1];
  if (app !== undefined && pattern.startsWith('~')) channel.keyAction = { app, data: data.join(','), id: '' };
  finish();
};

/** `clear_digit_action`: keys are told as they were before. */
export const clearDigitAction: App = ({ channel, finish }) => {
  channel.keyAction = undefined;
  finish();
};
