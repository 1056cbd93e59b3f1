import type { Extension } from '../../domain/names.js';

/** So many are written to at once: a large group must not fill the way to the SIP server. */
const atOnce = 8;

/** Writes to every one of them, a few at a time, in their order. Rejects as soon as one writing does. */
export const writeToEach = async (
  extensions: readonly Extension[],
  write: (extension: Extension) => Promise<unknown>,
): Promise<void> => {
  const waiting = [...extensions];
  const next = async (): Promise<void> => {
    for (let to = waiting.shift(); to !== undefined; to = waiting.shift()) await write(to);
  };
  await Promise.all(Array.from({ length: atOnce }, next));
};
