import { type Phone, type PhoneOptions, phone } from './phone.js';
import { type RunningService, type ServiceOptions, service } from './service.js';

/** Who ends an office when the test is over; tap's `t` is one. */
interface Stage {
  teardown(last: () => Promise<void>): unknown;
}

/** The example office at work: a running service, and phones by the names of their people. */
export interface Office extends RunningService {
  /** Plugs in and registers the phone of a number. */
  phone(number: string, options?: Partial<PhoneOptions>): Promise<Phone>;
  /** What should be gone and is not, in the service and at the phones. */
  everythingLeft(): Promise<string[]>;
}

/** Opens an office for one test file. */
export const office = async (t: Stage, options: ServiceOptions = {}): Promise<Office> => {
  const running = await service(t, options);
  const phones: Phone[] = [];
  return Object.assign(running, {
    phone: async (number: string, own: Partial<PhoneOptions> = {}) => {
      const made = await phone(t, { number, server: running.sip, ...own });
      phones.push(made);
      const { status } = await made.registers();
      if (status !== 200) throw new Error(`${number} was not registered: ${status}`);
      return made;
    },
    everythingLeft: async () => {
      const left = await running.leftovers();
      return [...left, ...phones.flatMap((each) => each.unfinished())];
    },
  });
};

/** A call that rings at the callee's phone. */
export const ringing = async (caller: Phone, callee: Phone) => {
  const call = caller.calls(callee.number);
  const leg = await callee.isCalled();
  leg.rings();
  await call.rings();
  return { call, leg };
};

/** The Reason lines of a message, as they stood on the wire. */
export const reasons = (message: { text: string }): string[] =>
  message.text.split('\r\n').filter((line) => /^reason\s*:/i.test(line));

/** What a phone is told that lost a call to another. */
export const elsewhere = ['Reason: SIP;cause=200;text="Call completed elsewhere"', 'Reason: Q.850;cause=26'];
