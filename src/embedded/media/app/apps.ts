import type { App } from '../channel/app.js';
import { hangUp } from '../channel/hang-up.js';
import { multiset, set, setMute } from './assignments.js';
import { conference } from './conference.js';
import { bindDigitAction, clearDigitAction } from './digit-action.js';
import { eavesdrop, threeWay } from './eavesdrop.js';
import { playback } from './playback.js';
import { sleep } from './sleep.js';

const nothing: App = ({ finish }) => finish();

const hangup: App = ({ server, channel, order, finish }) => {
  finish();
  hangUp(server, channel, { cause: order.data.trim() });
};

/** The applications by name. */
export const apps: ReadonlyMap<string, App> = new Map(
  Object.entries({
    answer: nothing,
    park: nothing,
    hangup,
    set,
    export: set,
    multiset,
    set_mute: setMute,
    sleep,
    playback,
    eavesdrop,
    three_way: threeWay,
    conference,
    bind_digit_action: bindDigitAction,
    clear_digit_action: clearDigitAction,
    digit_action_set_realm: nothing,
    log: nothing,
  }),
);
