import type { Stage } from '../channel/app.js';
import type { Channel, Order, Run } from '../channel/channel.js';
import { endRun } from '../channel/end-run.js';
import { hangUp } from '../channel/hang-up.js';
import { tellApp } from '../channel/tell.js';
import type { MediaServer } from '../server.js';
import { apps } from './apps.js';

/** How many orders may wait for an application to end; a client that gives more has gone wrong. */
const mostWaiting = 100;

/** Runs an application on a channel: inside the one that runs, or after it if that lets nothing in. */
export function execute(server: MediaServer, channel: Channel, order: Order): void {
  if (channel.cause !== undefined) return;
  const top = channel.runs.at(-1);
  if (!top || top.letsIn) begin(server, channel, order);
  else if (channel.waiting.length < mostWaiting) channel.waiting.push(order);
}

function begin(server: MediaServer, channel: Channel, order: Order): void {
  const app = apps.get(order.app);
  if (!app) {
    hangUp(server, channel, { cause: 'DESTINATION_OUT_OF_ORDER' });
    return;
  }
  channel.response = '_none_';
  channel.variables.set('current_application', order.app);
  tellApp(server, channel, { order, isOver: false });
  app(stageFor(server, channel, order));
}

function stageFor(server: MediaServer, channel: Channel, order: Order): Stage {
  let run: Run | undefined;
  let isOver = false;
  return {
    server,
    channel,
    order,
    occupy: (what) => {
      run = Object.defineProperties({ order } as Run, Object.getOwnPropertyDescriptors(what));
      channel.runs.push(run);
    },
    finish: (response) => {
      if (isOver || (run && !channel.runs.includes(run))) return;
      isOver = true;
      channel.response = response ?? channel.response;
      if (run) endRun(server, channel, run);
      else tellApp(server, channel, { order, isOver: true });
      goOn(server, channel);
    },
  };
}

/** What waited has its turn; a channel that nobody controls and that does nothing has no reason to be. */
function goOn(server: MediaServer, channel: Channel): void {
  if (channel.cause !== undefined) return;
  if (channel.runs.length === 0 && channel.base && !channel.control) {
    hangUp(server, channel, { cause: 'NORMAL_CLEARING' });
    return;
  }
  while (channel.runs.at(-1)?.letsIn !== false) {
    const order = channel.waiting.shift();
    if (!order) return;
    begin(server, channel, order);
  }
}

/** The application in charge is gone: a channel that does nothing ends, one that is busy ends when it is done. */
export function controlLost(server: MediaServer, channel: Channel): void {
  channel.control = undefined;
  goOn(server, channel);
}
