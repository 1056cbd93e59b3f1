// The three phones of a bench: one that calls, one that is called. Times are microseconds of the same clock.
import { header, isResponse, methodOf, offer, request, response, statusOf, uriOf, word } from './sip.mjs';
import { now } from './socket.mjs';

/** How long anything may take before the exchange counts as failed, in milliseconds. */
const patience = 8_000;

/** A promise for each step, settled from outside, that fails when it takes too long. */
const makeSteps = (what, names) => {
  const steps = {};
  for (const name of names) {
    let settle;
    const promise = new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${what}: no ${name}`)), patience);
      settle = { yes: resolve, no: reject, timer };
    });
    promise.catch(() => undefined);
    steps[name] = { promise, ...settle };
  }
  return {
    reached: (name, value) => {
      clearTimeout(steps[name].timer);
      steps[name].yes(value);
    },
    failed: (why) => {
      for (const { no, timer } of Object.values(steps)) {
        clearTimeout(timer);
        no(new Error(`${what}: ${why}`));
      }
    },
    when: (name) => steps[name].promise,
    stop: () => {
      for (const { timer } of Object.values(steps)) clearTimeout(timer);
    },
  };
};

const newLeg = (socket, server, { user, number }) => ({
  local: socket.local,
  user,
  callId: word(),
  from: `<sip:${user}@acme.example>;tag=${word()}`,
  to: `<sip:${number}@acme.example>`,
  uri: `sip:${number}@${server.host}:${server.port}`,
});

/** Sends an INVITE with an offer of `who.payloads`, or the usual one; `sentAt`, and the steps `rings`, `answered`, `ended`, each with its moment. */
export const calls = (socket, server, who) => {
  const leg = newLeg(socket, server, who);
  const steps = makeSteps(`${who.user} calls ${who.number}`, ['rings', 'answered', 'ended']);
  let peer;
  let tally;

  const acknowledge = (text) => {
    peer ??= { uri: uriOf(header(text, 'Contact')), to: header(text, 'To') };
    socket.send(request('ACK', leg, { ...peer, cseq: 1 }));
  };
  const finalNo = (text) => {
    const { uri } = leg;
    socket.send(request('ACK', leg, { uri, to: header(text, 'To'), cseq: 1, branch: leg.callId }));
    steps.failed(`answered ${statusOf(text)}`);
  };
  const answered = (text, at) => {
    const status = statusOf(text);
    if (methodOf(text) === 'BYE') return steps.reached('ended', at);
    if (status === 180) return steps.reached('rings', at);
    if (status >= 300) return finalNo(text);
    if (status < 200) return undefined;
    if (peer) tally?.again();
    acknowledge(text);
    return steps.reached('answered', at);
  };
  const asked = (text, at) => {
    if (methodOf(text) !== 'BYE') return;
    socket.send(response(200, 'OK', text, {}));
    steps.reached('ended', at);
  };

  socket.add(leg.callId, (text, at) => (isResponse(text) ? answered(text, at) : asked(text, at)));
  const body = offer(socket.host, 20_000 + (Number(who.user) % 10_000) * 2, who.payloads);
  const invite = request('INVITE', leg, { uri: leg.uri, cseq: 1, branch: leg.callId, body });
  const sentAt = now();
  socket.send(invite);
  return {
    sentAt,
    when: steps.when,
    counts: (repeats) => {
      tally = repeats;
    },
    hangsUp: () => socket.send(request('BYE', leg, { ...peer, cseq: 2 })),
    done: () => {
      steps.stop();
      socket.forget(leg.callId);
    },
  };
};

/** Waits for a call; `answers`: with 200 at once, else 180. Steps `called`, `cancelled`, `acknowledged`, `ended`. */
export const isCalled = (socket, { number, answers, repeats }) => {
  const steps = makeSteps(`${number} is called`, ['called', 'cancelled', 'acknowledged', 'ended']);
  const tag = word();
  const contact = `sip:${number}@${socket.local}`;
  let invite;

  const invited = (text, at) => {
    if (invite) return repeats.again();
    invite = text;
    const body = answers ? offer(socket.host, 40_000) : '';
    socket.send(response(answers ? 200 : 180, answers ? 'OK' : 'Ringing', text, { tag, contact, body }));
    return steps.reached('called', at);
  };
  const cancelled = (text, at) => {
    socket.send(response(200, 'OK', text, { tag }));
    socket.send(response(487, 'Request Terminated', invite, { tag }));
    steps.reached('cancelled', at);
  };
  const heard = {
    INVITE: invited,
    CANCEL: cancelled,
    ACK: (_text, at) => steps.reached('acknowledged', at),
    BYE: (text, at) => {
      socket.send(response(200, 'OK', text, {}));
      steps.reached('ended', at);
    },
  };
  socket.expect(number, (text, at) => heard[methodOf(text)]?.(text, at));
  return {
    when: steps.when,
    done: () => {
      steps.stop();
      if (invite) socket.forget(header(invite, 'Call-ID'));
    },
  };
};

/** Registers a number at that socket; resolves when it is answered 200. */
export const registers = async (socket, server, number) => {
  const leg = newLeg(socket, server, { user: number, number });
  const steps = makeSteps(`${number} registers`, ['answered']);
  socket.add(leg.callId, (text) => {
    if (statusOf(text) === 200) steps.reached('answered');
    else steps.failed(`answered ${statusOf(text)}`);
  });
  const uri = `sip:${server.host}:${server.port}`;
  socket.send(request('REGISTER', leg, { uri, cseq: 1, extra: ['Expires: 3600'] }));
  await steps.when('answered');
  socket.forget(leg.callId);
};
