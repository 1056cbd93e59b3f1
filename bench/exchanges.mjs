// What is measured: one pickup, and one ordinary call, each from its INVITE to the last answer.
import { setTimeout as pause } from 'node:timers/promises';
import { calls, isCalled } from './legs.mjs';

/**
 * One call rings and is picked up; `payloads` says what caller and picker offer, if not the usual. Resolves with PL1, PL2
 * and PL3 in microseconds; rejects if a step does not come.
 */
export const pickup = async ({ sockets, server, repeats }, { caller, callee, picker, payloads = {} }, ring) => {
  const phone = isCalled(sockets.callee, { number: callee, answers: false, repeats });
  const call = calls(sockets.caller, server, { user: caller, number: callee, payloads: payloads.caller });
  let taken;
  try {
    call.counts(repeats);
    await call.when('rings');
    await pause(ring);

    taken = calls(sockets.picker, server, { user: picker, number: `*95${callee}`, payloads: payloads.picker });
    taken.counts(repeats);
    const steps = [taken.when('answered'), call.when('answered'), phone.when('cancelled')];
    const [atPicker, atCaller, atPhone] = await Promise.all(steps);

    await phone.when('acknowledged');
    taken.hangsUp();
    await Promise.all([taken.when('ended'), call.when('ended')]);
    return { PL1: atPicker - taken.sentAt, PL2: atCaller - taken.sentAt, PL3: atPhone - taken.sentAt };
  } finally {
    for (const leg of [phone, call, taken]) leg?.done();
  }
};

/** One call whose callee answers at once, held for `hold` milliseconds. Resolves with INVITE to 200 in microseconds. */
export const ordinaryCall = async ({ sockets, server, repeats }, { caller, callee }, hold) => {
  const phone = isCalled(sockets.callee, { number: callee, answers: true, repeats });
  const call = calls(sockets.caller, server, { user: caller, number: callee });
  try {
    call.counts(repeats);
    const answeredAt = await call.when('answered');
    await phone.when('acknowledged');
    if (hold > 0) await pause(hold);
    call.hangsUp();
    await Promise.all([call.when('ended'), phone.when('ended')]);
    return { call: answeredAt - call.sentAt };
  } finally {
    for (const leg of [phone, call]) leg.done();
  }
};
