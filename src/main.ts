import { makeLog } from './adapters/log.js';
import { loadOffice } from './adapters/office/office-file.js';
import { ProgramFailed } from './adapters/programs/child.js';
import { readConfig } from './config.js';

/** Says everything that stops the service from starting, on standard error, and ends with the code 2. */
const refuse = (problems: readonly string[]): never => {
  for (const problem of problems) process.stderr.write(`callpickup: ${problem}\n`);
  process.exit(2);
};

const read = readConfig();
if (!read.ok) refuse(read.problems);
else {
  const { config } = read;
  const loaded = loadOffice(config.officeFile);
  if (!loaded.ok) refuse(loaded.problems);
  else {
    const log = makeLog(config.logLevel, config.instanceId);
    // srf calls us from its socket's data handler: a surprise there must not end every call of this process.
    process.on('uncaughtException', (error) => log.error({ error: error.stack }, 'surprise'));
    process.on('unhandledRejection', (error) => log.error({ error: String(error) }, 'unhandled rejection'));
    try {
      // Loaded only now: who made a mistake above hears of it at once.
      const { startService } = await import('./service.js');
      const service = await startService(config, loaded.document, log);
      const stop = (signal: string) => void service.stop(signal).then(() => process.exit(0));
      process.on('SIGTERM', stop);
      process.on('SIGINT', stop);
    } catch (error) {
      if (!(error instanceof ProgramFailed) && !(error instanceof Error)) throw error;
      refuse([error.message]);
    }
  }
}
