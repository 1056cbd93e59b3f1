let turns = 0;

/**
 * A number for whoever comes to a phone now, to listen or to be laid over it. Each of them takes the sound as those before it
 * left it: a listener hears what was there before it, and nothing of what came after.
 */
export const nextTurn = (): number => {
  turns += 1;
  return turns;
};
