/** The modules of FreeSWITCH without which nothing that we ask for works; others are asked for by its own configuration. */
const needed = ['mod_commands', 'mod_dptools', 'mod_tone_stream'] as const;

/**
 * The needed modules that a server says it has not loaded; `ask` runs a command. One that does not know the question has
 * no commands at all.
 */
export const missingModules = async (ask: (command: string) => Promise<string | undefined>): Promise<string[]> => {
  const said = await Promise.all(needed.map((module) => ask(`module_exists ${module}`)));
  return needed.filter((_, index) => said[index]?.trim() !== 'true');
};
