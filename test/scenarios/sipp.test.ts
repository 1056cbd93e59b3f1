import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { office } from '../support/office.js';
import { ground } from '../support/service.js';

t.comment(`SIPp as caller, callee and picker, on ${ground}`);

const pickups = 20;
const acme = await office(t);

/** A UDP port that is free at the moment. */
const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1', () => {
      const { port } = socket.address();
      socket.close(() => resolve(port));
    });
  });

/** Plays one role so many times; resolves with SIPp's exit code (0: every call went as the scenario says) and its words. */
const sipp = (role: string, port: number): Promise<{ code: number | null; said: string }> => {
  const scenario = fileURLToPath(new URL(`./sipp/${role}.xml`, import.meta.url));
  const where = ['-i', '127.0.0.1', '-p', String(port), '-m', String(pickups), '-r', '10', '-timeout', '30s'];
  const quiet = ['-nostdin', '-trace_err', '-error_file', '/dev/stderr', '-log_file', '/dev/null'];
  const child = spawn('sipp', [`${acme.sip.host}:${acme.sip.port}`, '-sf', scenario, ...where, ...quiet]);
  let said = '';
  child.stderr.on('data', (data: Buffer) => {
    said += data;
  });
  child.stdout.resume();
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, said })));
};

t.test(`a stack that is not ours plays ${pickups} pickups`, async (t) => {
  const [callerPort, calleePort, pickerPort] = [await freePort(), await freePort(), await freePort()];
  for (const [number, port] of [
    ['100', callerPort],
    ['101', calleePort],
    ['102', pickerPort],
  ] as const) {
    const phone = await acme.phone(number);
    await phone.unregisters();
    await phone.registers({ contacts: [`<sip:${number}@127.0.0.1:${port}>`] });
  }
  const callee = sipp('callee', calleePort);
  await new Promise((resolve) => setTimeout(resolve, 500));
  const caller = sipp('caller', callerPort);
  await new Promise((resolve) => setTimeout(resolve, 500));
  const picker = sipp('picker', pickerPort);
  for (const [role, done] of Object.entries({ callee, caller, picker })) {
    const { code, said } = await done;
    t.equal(code, 0, `${role}: every call went as its scenario says ${said.slice(0, 500)}`);
  }
  t.equal(await acme.metric('callpickup_pickups_total', { outcome: 'answered' }), pickups);
  t.same(await acme.leftovers(), []);
});
