import { open } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { at8kHz } from './resample.js';
import { inTurn, type Source } from './samples.js';
import { silenceSource, toneSource } from './tone.js';
import { readWav } from './wav.js';

/** What is opened here. */
export type { Source } from './samples.js';

/** Larger files are no prompts: 64 MiB. */
const mostBytes = 64 * 1024 * 1024;

const read = async (path: string): Promise<Buffer | undefined> => {
  const file = await open(path);
  try {
    const about = await file.stat();
    return about.isFile() && about.size <= mostBytes ? await file.readFile() : undefined;
  } finally {
    await file.close();
  }
};

const wavSource = async (path: string): Promise<Source | undefined> => {
  if (!isAbsolute(path) || !/\.wav$/i.test(path)) return undefined;
  const bytes = await read(path).catch(() => undefined);
  const recording = bytes && readWav(bytes);
  return recording && at8kHz(recording);
};

const openOne = async (uri: string): Promise<Source | undefined> => {
  const [, scheme, rest = ''] = /^(\w+):\/\/(.*)$/s.exec(uri) ?? [];
  if (scheme === undefined) return wavSource(uri);
  if (scheme === 'tone_stream') return toneSource(rest);
  return scheme === 'silence_stream' ? silenceSource(rest) : undefined;
};

/**
 * Opens what is to be played: `tone_stream://…`, `silence_stream://…`, or the whole path of a wav file; several, divided by
 * `!`, one after another. One of several that is not there is passed over; undefined if there is none at all.
 */
export const openSource = async (uri: string): Promise<Source | undefined> => {
  const sources = await Promise.all(uri.split('!').map(openOne));
  const found = sources.filter((source) => source !== undefined);
  return found.length > 0 ? inTurn(found) : undefined;
};
