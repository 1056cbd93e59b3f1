import { spawn } from 'node:child_process';
import type { Redis } from 'ioredis';
import type { Call, Leg, Phone } from '../support/phone.js';

/** What a program beside the service did. */
interface Done {
  readonly code: number | null;
  readonly out: string;
}

/** Runs the program of office documents as an administrator does. */
export const officeProgram = (args: readonly string[], { input = '', env = {} } = {}): Promise<Done> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, ['dist/office.js', ...args], {
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    let out = '';
    child.stdout.on('data', (data) => {
      out += data;
    });
    child.once('close', (code) => resolve({ code, out: out.trim() }));
    child.stdin.end(input);
  });

/** Hashes a PIN. */
export const hashed = (pin: string): Promise<Done> => officeProgram(['pin'], { input: `${pin}\n` });

/** PINs as the office file has them. */
export interface Pins {
  readonly alice: string;
  readonly bob: string;
}

const bobsLine = (pin: string) => `      "101": { name: Bob Brown, password: secret of 101, replacePin: "${pin}" }\n`;

/**
 * Alice alone may take Carol's ringing calls, take over her answered ones and listen to them; Carol may take Alice's. The
 * hotline rings at Alice. Alice, Bob and Carol may change phones with each other, Dave may nothing.
 */
export const companyOf = (pins: Pins, { hasBob = true } = {}): string => `
sipAuth: digest
tenants:
  acme:
    default: true
    domains: [acme.example]
    extensions:
      "100": { name: Alice Adams, password: secret of 100, replacePin: "${pins.alice}" }
${hasBob ? bobsLine(pins.bob) : ''}      "102": { name: Carol Clark, password: secret of 102 }
      "103": { name: Dave Davis, password: secret of 103 }
    pickupGroups:
      sales: ["100", "102"]
    groups:
      5f1a00000000000000000001: { name: Desk, members: ["102"], controllers: ["100"], steal: true }
      5f1a00000000000000000002: { name: Hotline, number: "800", members: ["100"] }
    callControl:
      pickup_all: false
      groups: { front: ["100", "101", "102"] }
      phone_replace_groups: [front]
      eavesdrop_100: [front]
`;

/** A phone's account. */
export const account = (number: string) => ({ number, domain: 'acme.example', password: `secret of ${number}` });

/** What the display of a phone shows that dialled a code. */
export const hears = async (who: Phone, dialled: string): Promise<string> =>
  (await who.calls(dialled).fails()).startLine.replace('SIP/2.0 ', '');

/** Somebody calls a number, and it rings at this phone. */
export const ringsAt = async (caller: Phone, number: string, at: Phone): Promise<{ call: Call; leg: Leg }> => {
  const call = caller.calls(number);
  const leg = await at.isCalled();
  leg.rings();
  await call.rings();
  return { call, leg };
};

/** The same, and the caller gives up; resolves with whom the phone was told that the call is for. */
export const isOnlyTried = async (...where: Parameters<typeof ringsAt>): Promise<string> => {
  const { call, leg } = await ringsAt(...where);
  await Promise.all([call.cancels(), leg.stopsRinging()]);
  return leg.request.get('To') ?? '';
};

/** A call that both have answered. */
export const talkingAt = async (...where: Parameters<typeof ringsAt>): Promise<{ call: Call; leg: Leg }> => {
  const { call, leg } = await ringsAt(...where);
  await Promise.all([leg.answers(), call.answered()]);
  return { call, leg };
};

/** Asks again and again until it is so: an instance hears of a change a moment after a phone or a program has. */
export const until = async (isSo: () => Promise<boolean>): Promise<void> => {
  while (!(await isSo())) await new Promise((next) => setTimeout(next, 10));
};

/** Everything that Redis keeps, as text. */
export const keptIn = async (redis: Redis): Promise<string> => {
  const readers: Record<string, (key: string) => Promise<unknown>> = {
    string: (key) => redis.get(key),
    hash: (key) => redis.hgetall(key),
    set: (key) => redis.smembers(key),
    zset: (key) => redis.zrange(key, '0', '-1'),
    stream: (key) => redis.xrange(key, '-', '+'),
  };
  const all = await Promise.all(
    (await redis.keys('*')).map(async (key) => [key, await readers[await redis.type(key)]?.(key)]),
  );
  return JSON.stringify(all);
};

/** Every PIN of these tests, right or wrong, that stands in a text. */
export const pinsIn = (told: string) => told.match(/246802468024|135791357913|975310975310|99000000000\d/g) ?? [];
