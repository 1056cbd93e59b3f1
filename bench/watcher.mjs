// A lamp: one phone that subscribed to the dialogs of one extension, and no more of a phone than that.
import { header, isResponse, request, response, statusOf, uriOf, word } from './sip.mjs';

/** How long an answer may take before it counts as missing, in milliseconds. */
const patience = 8_000;

const newLeg = (socket, server, { user, number }) => ({
  local: socket.local,
  user,
  callId: word(),
  from: `<sip:${user}@acme.example>;tag=${word()}`,
  to: `<sip:${number}@acme.example>`,
  uri: `sip:${number}@${server.host}:${server.port}`,
});

const event = ['Event: dialog', 'Accept: application/dialog-info+xml'];

const statesIn = (text) => [...text.matchAll(/<state[^>]*>\s*(\w+)/g)].map(([, state]) => state);

/**
 * Subscribes; resolves once it was accepted and shown the first document. `sees(states, at)` hears of every document.
 * What it was sent and should not have been goes to `wrong`.
 */
export const watch = async ({ socket, server }, who, { sees, wrong }) => {
  const leg = newLeg(socket, server, who);
  const waiting = [];
  const when = (fits) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${who.user} watches ${who.number}: no answer`)), patience);
      waiting.push((what) => {
        if (!fits(what)) return;
        clearTimeout(timer);
        resolve(what);
      });
    });
  const happens = (what) => {
    for (const wake of waiting) wake(what);
  };
  let [version, notifies, states] = [-1, 0, []];

  const notified = (text, at) => {
    socket.send(response(200, 'OK', text, {}));
    notifies += 1;
    const isOver = header(text, 'Subscription-State').startsWith('terminated');
    const found = /version="(\d+)"/.exec(text)?.[1];
    if (found !== undefined) {
      if (Number(found) !== version + 1) wrong(new Error(`version ${found} after ${version}`));
      [version, states] = [Number(found), statesIn(text)];
      sees(states, at);
    }
    happens(isOver ? 'over' : 'shown');
  };
  let peer;
  const answered = (text) => {
    if (statusOf(text) < 200) return;
    if (statusOf(text) >= 300) wrong(new Error(`SUBSCRIBE was answered ${statusOf(text)}`));
    peer ??= { uri: uriOf(header(text, 'Contact')), to: header(text, 'To') };
  };
  socket.add(leg.callId, (text, at) => (isResponse(text) ? answered(text) : notified(text, at)));
  const shown = when((what) => what === 'shown');
  socket.send(request('SUBSCRIBE', leg, { uri: leg.uri, cseq: 1, extra: [...event, 'Expires: 3600'] }));
  await shown;
  return {
    get notifies() {
      return notifies;
    },
    /** Nothing rings and nobody talks, as far as it was told. */
    get isDark() {
      return states.every((state) => state === 'terminated');
    },
    ends: async () => {
      const over = when((what) => what === 'over');
      socket.send(request('SUBSCRIBE', leg, { ...peer, cseq: 2, extra: [...event, 'Expires: 0'] }));
      await over;
      socket.forget(leg.callId);
    },
  };
};
