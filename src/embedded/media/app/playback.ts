import { openSource } from '../audio/source.js';
import type { App, Stage } from '../channel/app.js';
import type { Channel } from '../channel/channel.js';
import { tell } from '../channel/tell.js';
import type { Doing } from '../hearing/ear.js';
import { makeTune, type Tune } from '../hearing/tune.js';

/** One `playback`: its files in turn. */
interface Playing {
  readonly stage: Stage;
  readonly files: string[];
  readonly lastFrame: number;
  tune: Tune | undefined;
  file: string;
  frames: number;
  found: boolean;
  isOver: boolean;
}

const framesPerSecond = 50;
const samplesPerFrame = 160;
const silent: Doing = { kind: 'waiting' };

function filesOf(channel: Channel, data: string): string[] {
  const delimiter = channel.variables.get('playback_delimiter');
  return delimiter ? data.split(delimiter) : [data];
}

function noteLength({ variables }: Channel, frames: number): void {
  variables.set('playback_seconds', String(Math.floor(frames / framesPerSecond)));
  variables.set('playback_ms', String(frames * (1000 / framesPerSecond)));
  variables.set('playback_samples', String(frames * samplesPerFrame));
  variables.set('playback_last_offset_pos', String(frames * samplesPerFrame));
}

function tellFile(playing: Playing, status?: 'done' | 'break'): void {
  const { server, channel } = playing.stage;
  const more = { 'Playback-File-Path': playing.file, 'Playback-File-Type': 'file' };
  if (status === undefined) tell(server, channel, { name: 'PLAYBACK_START', more });
  else tell(server, channel, { name: 'PLAYBACK_STOP', more: { ...more, 'Playback-Status': status } });
}

function closeFile(playing: Playing, status: 'done' | 'break'): void {
  if (!playing.tune) return;
  noteLength(playing.stage.channel, playing.tune.played);
  playing.tune = undefined;
  tellFile(playing, status);
}

function end(playing: Playing, response: string): void {
  playing.isOver = true;
  playing.stage.finish(response);
}

async function openNext(playing: Playing): Promise<void> {
  for (let file = playing.files.shift(); file !== undefined; file = playing.files.shift()) {
    const source = await openSource(file).catch(() => undefined);
    if (playing.isOver) return;
    if (!source) continue;
    Object.assign(playing, { file, tune: makeTune(source), found: true });
    tellFile(playing);
    return;
  }
  end(playing, playing.found ? 'FILE PLAYED' : 'FILE NOT FOUND');
}

function advance(playing: Playing): void {
  if (!playing.tune) return;
  playing.frames += 1;
  if (playing.frames > playing.lastFrame) {
    closeFile(playing, 'done');
    end(playing, 'FILE PLAYED');
  } else if (!playing.tune.next()) {
    closeFile(playing, 'done');
    void openNext(playing);
  }
}

/** `playback`: files one after another; those that are not there are passed over. */
export const playback: App = (stage) => {
  const { channel, order } = stage;
  const seconds = Number(channel.variables.get('playback_timeout_sec') ?? 0);
  const playing: Playing = {
    stage,
    files: filesOf(channel, order.data),
    lastFrame: seconds > 0 ? seconds * framesPerSecond : Number.POSITIVE_INFINITY,
    tune: undefined,
    file: '',
    frames: 0,
    found: false,
    isOver: false,
  };
  stage.occupy({
    get doing() {
      return playing.tune ? { kind: 'playing' as const, voice: playing.tune } : silent;
    },
    letsIn: true,
    advance: () => advance(playing),
    stop: (why) => {
      playing.isOver = true;
      closeFile(playing, why === 'break' ? 'break' : 'done');
      channel.response = why === 'break' ? 'FILE PLAYED' : 'PLAYBACK ERROR';
    },
  });
  void openNext(playing);
};
