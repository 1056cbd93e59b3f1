/**
 * Does what trips us up now and then, in a program that holds the calls of many: a message, an order or a tick that throws
 * must not end the others, so it is counted, and named on the error output.
 */
export const makeGuard = (where: string): ((what: () => void) => void) => {
  let surprises = 0;
  return (what) => {
    try {
      what();
    } catch (problem) {
      surprises += 1;
      const stack = problem instanceof Error ? problem.stack : String(problem);
      process.stderr.write(
        `${JSON.stringify({ level: 'error', msg: `surprise in the ${where}`, surprises, stack })}\n`,
      );
    }
  };
};
