import type { App, Stage } from '../channel/app.js';
import type { Channel } from '../channel/channel.js';
import type { EavesdropMode } from '../hearing/ear.js';
import { nextTurn } from '../hearing/turn.js';

/** The commands, by key or by the NOTIFY event; `*` ends it. */
const modes: Readonly<Record<string, EavesdropMode>> = { 0: 0, 1: 1, 2: 2, 3: 3 };

const isTrue = (channel: Channel, name: string): boolean =>
  /^(true|yes|on|1)$/i.test(channel.variables.get(name) ?? '');

function modeOf(channel: Channel): EavesdropMode {
  const toOthers = isTrue(channel, 'eavesdrop_whisper_aleg');
  const toTarget = isTrue(channel, 'eavesdrop_whisper_bleg');
  if (toTarget) return toOthers ? 3 : 2;
  return toOthers ? 1 : 0;
}

/** Which of the two sides are heard: both, unless one alone is asked for. */
function sidesOf(channel: Channel): { hearsTarget: boolean; hearsOther: boolean } {
  const target = isTrue(channel, 'eavesdrop_bridge_aleg');
  const other = isTrue(channel, 'eavesdrop_bridge_bleg');
  return { hearsTarget: target || !other, hearsOther: other || !target };
}

function listen(stage: Stage, target: Channel, first: { mode: EavesdropMode; hasKeys: boolean }): void {
  const { channel } = stage;
  const sides = sidesOf(channel);
  let { mode } = first;
  const place = { ear: channel, turn: nextTurn(), targetGone: () => stop() };
  const leave = (): void => {
    const index = target.eavesdroppers.indexOf(place);
    if (index >= 0) target.eavesdroppers.splice(index, 1);
  };
  const stop = (): void => {
    leave();
    stage.finish();
  };
  target.eavesdroppers.push(place);
  stage.occupy({
    get doing() {
      return { kind: 'eavesdropping' as const, target, mode, ...sides };
    },
    letsIn: false,
    hasKeys: first.hasKeys,
    command: (key) => {
      if (key === '*') stop();
      else mode = modes[key] ?? mode;
    },
    stop: leave,
  });
}

/** The channel to listen to; undefined if there is none, or it is the listener itself. */
function targetOf({ server, channel, order }: Stage): Channel | undefined {
  const target = server.channels.get(order.data.trim());
  return target === channel ? undefined : target;
}

/** `eavesdrop`: hears a channel and whomever that one hears, until it ends. */
export const eavesdrop: App = (stage) => {
  const target = targetOf(stage);
  const hasKeys = stage.channel.variables.get('eavesdrop_enable_dtmf') !== 'false';
  if (target) listen(stage, target, { mode: modeOf(stage.channel), hasKeys });
  else stage.finish();
};

/** `three_way`: the same, heard by both from the beginning. */
export const threeWay: App = (stage) => {
  const target = targetOf(stage);
  if (target) listen(stage, target, { mode: 3, hasKeys: false });
  else stage.finish();
};
