import type Srf from 'drachtio-srf';
import type { Test } from 'tap';
import { byLoad, fullness } from '../../../src/adapters/media/load.js';
import { takePulse } from '../../../src/adapters/media/pulse.js';
import { falseServer } from './false-server.js';
import { call, type Place, trying, until } from './ground.js';

const profile = ' drachtio_mrf\tprofile\t  sip:mod_sofia@127.0.0.1:5080\tRUNNING (0)\n';

/** A server with everything, but for what is named. */
const without =
  (missing: string) =>
  (command: string): string | undefined => {
    if (command.startsWith('auth')) return '+OK accepted';
    if (missing === 'answer') return undefined;
    if (command.startsWith('module_exists')) return String(!command.includes(missing));
    if (command !== 'sofia status') return '+OK';
    return missing === 'profile' ? ' internal\tprofile\n' : profile;
  };

/** Each is told by name and reason, once, and none is used. */
export const badServers = async (t: Test, srf: Srf, place: Place): Promise<void> => {
  const refused = trying(t, srf, [
    { ...place, name: 'wrong', secret: 'another' },
    { ...place, name: 'absent', port: 1 },
    await falseServer(t, 'bare', without('profile')),
    await falseServer(t, 'toneless', without('mod_tone_stream')),
    await falseServer(t, 'helpless', (command) =>
      command.startsWith('module_exists') ? '-ERR module_exists Command not found!' : without('nothing')(command),
    ),
    await falseServer(t, 'mute', without('answer')),
  ]);
  const all = 6;
  await until(() => refused.said.length === all, 'not everything was said');
  t.equal(refused.isUp, false);
  t.equal(await refused.open({ offer: 'v=0', call }), undefined);
  await new Promise((later) => setTimeout(later, 1_200));
  const said = refused.said.map(({ message, server, why }) => `${server}: ${message}: ${why}`).sort();
  t.equal(said.length, all, 'each is said once, though it is tried again');
  t.match(said, [
    /^absent: media server not connected: .*ECONNREFUSED/,
    /^bare: media server not connected: has no SIP profile drachtio_mrf/,
    /^helpless: media server not connected: has not loaded mod_commands, mod_dptools, mod_tone_stream$/,
    /^mute: media server not connected: does not answer$/,
    /^toneless: media server not connected: has not loaded mod_tone_stream$/,
    /^wrong: media server not connected: refuses the secret$/,
  ]);
};

/** Which servers are asked, and in which order. */
export const chosenByLoad = (t: Test): void => {
  const server = (name: string, sessions: number, most: number, since = 0) => ({
    name,
    load: { sessions, most, since },
  });
  const chosen = byLoad([
    server('half', 250, 500),
    server('full', 500, 500),
    server('small', 10, 100),
    server('over', 99, 100, 5),
    server('new', 0, 0),
    server('filled since', 0, 100, 80),
  ]);
  t.same(
    chosen.map(({ name }) => name),
    ['new', 'small', 'half', 'filled since'],
    'the emptiest first, and none that is full',
  );
  t.equal(fullness({ sessions: 1, most: 10, since: -5 }), 0, 'what ended since the last heartbeat counts');
};

/** A server that hangs closes nothing: it is asked. */
export const pulseOf = async (t: Test): Promise<void> => {
  const told: string[] = [];
  const answers: (string | undefined)[] = [undefined, undefined, 'here', undefined, undefined, undefined, undefined];
  const state = { isConnected: true };
  const pulse = takePulse({
    ask: async () => answers.shift(),
    get isConnected() {
      return state.isConnected;
    },
    silent: () => told.push('silent'),
    lost: () => {
      told.push('lost');
      state.isConnected = false;
    },
  });
  t.teardown(() => pulse.stop());
  t.equal(pulse.isSilent, false);
  pulse.look();
  await pulse.silence;
  t.equal(pulse.isSilent, true);
  await until(() => !pulse.isSilent, 'its answer was not heard');
  t.same(told, ['silent'], 'one answer, and it is trusted again');
  pulse.look();
  await until(() => told.includes('lost'), 'it is not given up');
  t.same(told, ['silent', 'silent', 'lost'], 'four questions without an answer are the end');
  pulse.begin();
  t.equal(pulse.isSilent, false, 'a new connection begins anew');
};
