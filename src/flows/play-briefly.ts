import type { Sound } from '../domain/sound.js';
import type { Endpoint } from './media.js';

/** Plays sounds to a phone, and breaks off after so many milliseconds; settles when it is quiet, or gone. Never rejects. */
export const playBriefly = async (endpoint: Endpoint, longest: number, sounds: readonly Sound[]): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      void endpoint.hush();
      resolve();
    }, longest);
  });
  await Promise.race([endpoint.play(...sounds), tooLong]);
  clearTimeout(timer);
};
