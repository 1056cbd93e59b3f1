import type { RunningService } from '../support/service.js';

/** Runs inside the service: on SIGUSR2 it says what every object has that JavaScript did not give it. */
const inside = `
const before = new Map([Object, Array, Function, String].map((each) => [each, Object.getOwnPropertyNames(each.prototype).length]));
process.on('SIGUSR2', () => {
  const more = [...before].filter(([each, count]) => Object.getOwnPropertyNames(each.prototype).length !== count);
  process.stdout.write(JSON.stringify({ msg: 'prototypes', more: more.map(([each]) => each.name), polluted: String(({}).polluted) }) + '\\n');
});
`;

/** The environment with which the service is started to be looked into. */
export const spyEnvironment = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(inside)}` };

/** Which of JavaScript's own objects have been changed in the service. */
export const changedPrototypes = async ({ pid, says }: Pick<RunningService, 'pid' | 'says'>): Promise<unknown> => {
  process.kill(pid, 'SIGUSR2');
  const { more, polluted } = await says(({ msg }) => msg === 'prototypes');
  return { more, polluted };
};
