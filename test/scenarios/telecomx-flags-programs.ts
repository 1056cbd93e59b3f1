import { listensTo } from '../support/event-reader.js';
import type { Leg, Phone, ShownDialog } from '../support/phone.js';
import type { Way } from './telecomx-flags-calls.js';
import { wordOf } from './telecomx-flags-calls.js';
import { type Actor, type FlagsStage, group, idOf, member } from './telecomx-flags-stage.js';

const refused = '403 access_denied';

/** Presence counts for the next call. */
export const presences: readonly Way[] = [
  {
    ...{ name: 'PUT …/member/{id}/presence', granted: 'Bob is not called', refused },
    tries: async ({ alice, owner }, { ask }) => {
      const answer = await ask(`PUT ${member}/presence`, { presence: 'do-not-disturb' });
      if (answer.status !== 200) return wordOf(answer);
      const { status } = await alice.calls('101').fails();
      await owner(`PUT ${member}/presence`, { presence: 'available' });
      return status === 480 ? 'Bob is not called' : `Alice hears ${status}`;
    },
  },
];

/** How many calls a phone has been offered so far. */
const offers = ({ log }: Phone): number => {
  const invites = log.filter(({ direction, text }) => direction === 'in' && text.startsWith('INVITE '));
  return new Set(invites.map(({ text }) => /^call-id:.*$/im.exec(text)?.[1])).size;
};

const ringing = async (phone: Phone): Promise<Leg> => {
  const leg = await phone.isCalled();
  leg.rings();
  return leg;
};

/** Calls the group, whose members ring all at once: it rings at these and at no other phone. */
const groupRingsAt = async (
  { alice, bob, frank, actors }: FlagsStage,
  expected: readonly Phone[],
): Promise<boolean> => {
  const others = [bob, frank, ...Object.values(actors).map(({ phone }) => phone)].filter(
    (each) => !expected.includes(each),
  );
  const before = others.map(offers);
  const call = alice.calls('800');
  const legs = await Promise.all(expected.map(ringing));
  await call.cancels();
  await Promise.all(legs.map((leg) => leg.stopsRinging()));
  return others.every((each, place) => offers(each) === before[place]);
};

const newcomer = `${group}/member/${idOf[105]}`;

/** Who is in the group counts for the next call to it. */
export const memberships: readonly Way[] = [
  {
    ...{ name: 'PUT …/member/{id}', granted: 'the next call rings there', refused },
    tries: async (stage, { ask }) => {
      const { bob, frank, actors, owner } = stage;
      const answer = await ask(`PUT ${newcomer}`);
      if (answer.status !== 200) return wordOf(answer);
      const isRung = await groupRingsAt(stage, [bob, actors.member.phone, frank]);
      await owner(`DELETE ${newcomer}`);
      return isRung ? 'the next call rings there' : 'the next call rings elsewhere';
    },
  },
  {
    ...{ name: 'DELETE …/member/{id}', granted: 'the next call does not ring there', refused },
    tries: async (stage, { ask }) => {
      const { bob, actors, owner } = stage;
      await owner(`PUT ${newcomer}`);
      const answer = await ask(`DELETE ${newcomer}`);
      if (answer.status === 200) {
        const isRight = await groupRingsAt(stage, [bob, actors.member.phone]);
        return isRight ? 'the next call does not ring there' : 'the next call rings there all the same';
      }
      await owner(`DELETE ${newcomer}`);
      return wordOf(answer);
    },
  },
];

const alices = { name: 'Alice Adams', number: '100' };

const sees = ({ name, number }: { name?: string; number?: string } = {}): string =>
  name === alices.name && number === alices.number ? 'Alice Adams 100' : 'nobody';

/** A lamp for Bob's calls: with whom the dialog in this state is shown to be. */
const lamp = async ({ phone }: Actor, state: string): Promise<string> => {
  const watcher = phone.watches('101');
  const answer = await watcher.isAnswered();
  if (answer.status >= 300) return `${answer.status}`;
  const isIt = (dialog: ShownDialog) => dialog.state === state;
  const { dialogs } = await watcher.sees((document) => document.dialogs.some(isIt));
  await watcher.unsubscribes();
  await watcher.isOver();
  if (watcher.faults.length > 0) return `${watcher.faults}`;
  const { display, identity } = dialogs.find(isIt)?.remote ?? {};
  return identity === undefined
    ? `${state}, not with whom`
    : sees({ name: display, number: /sip:(\d+)@/.exec(identity)?.[1] });
};

/** Whom a member is on a call with, by everything that shows it while they talk. */
export const views: readonly Way[] = [
  {
    ...{ name: 'GET …/member/{id}/calls', granted: 'Alice Adams 100', refused },
    tries: async (_, { ask }) => {
      const answer = await ask(`GET ${member}/calls`);
      return answer.status === 200 ? sees(answer.json[0]) : wordOf(answer);
    },
  },
  {
    ...{ name: 'GET /v1/calls', granted: 'Alice Adams 100', refused: 'nobody' },
    tries: async (_, { ask }) => sees((await ask('GET /v1/calls')).json.calls[0]?.caller),
  },
  {
    ...{ name: 'a lamp, while they talk', granted: 'Alice Adams 100', off: 'confirmed, not with whom', refused: '403' },
    tries: (_, actor) => lamp(actor, 'confirmed'),
  },
];

/** The same while it rings: who may pick up a call may know whose it is. */
export const ringingViews: readonly Way[] = [
  {
    ...{ name: 'a lamp, while it rings', granted: 'Alice Adams 100', off: 'Alice Adams 100', refused: '403' },
    tries: (_, actor) => lamp(actor, 'early'),
  },
];

const toldAll = 'ringing, answered, ended: Alice Adams 100';

/** A call to Bob from its ringing to its end; then one to who listens, so that whatever comes has come before. */
export const hearings: readonly Way[] = [
  {
    ...{ name: 'GET /v1/events', granted: toldAll, off: toldAll, refused: 'nothing' },
    tries: async ({ acme, alice, talks }, { phone, program }) => {
      const events = await listensTo(`${acme.http}/v1/events`, { authorization: `Bearer ${program.token}` });
      const { call, leg } = await talks();
      await Promise.all([call.hangsUp(), leg.isHungUp()]);
      const own = alice.calls(phone.number);
      await ringing(phone);
      await own.cancels();
      const heard: string[] = [];
      const callers = new Set<string>();
      for (;;) {
        const { event, data } = await events.next();
        if (data.target?.extension === phone.number) break;
        heard.push(event);
        callers.add(sees(data.caller));
      }
      events.close();
      return heard.length > 0 ? `${heard.join(', ')}: ${[...callers].join(', ')}` : 'nothing';
    },
  },
];

const text = 'Break at noon';

/** A text to the group, and what became of it at each phone. */
export const texts: readonly Way[] = [
  {
    ...{ name: 'POST …/group/{id}/sms', granted: 'on both phones (101: 200, 103: 200)', refused },
    tries: async ({ bob, actors }, { ask, phone }) => {
      const answer = await ask(`POST ${group}/sms`, { text });
      if (answer.status !== 200) return wordOf(answer);
      const messages = await Promise.all([bob, actors.member.phone].map((each) => each.receives()));
      const isThere = messages.every(
        (each) => each.body === text && each.get('From')?.includes(`sip:${phone.number}@`),
      );
      const phones = answer.json.phones.map(
        (each: { number: string; status: number }) => `${each.number}: ${each.status}`,
      );
      return `${isThere ? 'on both phones' : 'not on both phones'} (${phones.join(', ')})`;
    },
  },
];

/** Requests that a right over calendars and phone books does not open. */
const others: readonly (readonly [line: string, body?: object])[] = [
  [`PUT ${member}/presence`, { presence: 'away' }],
  [`PUT ${newcomer}`],
  [`GET ${member}/calls`],
  [`POST ${group}/sms`, { text }],
  [`POST ${group}/pickup`],
  ['POST /v1/steal', { extension: '101' }],
  ['POST /v1/supervisions', { colleague: '101', mode: 'listen' }],
];

/** What a right gives that is kept and answered, and nothing more. */
export const keeping = (right: string): readonly Way[] => [
  {
    ...{ name: 'GET …/group/{id}', granted: 'true, and gives nothing', off: 'false', refused },
    tries: async (_, { ask }) => {
      const answer = await ask(`GET ${group}`);
      if (answer.status !== 200) return wordOf(answer);
      if (!answer.json[right]) return `${answer.json[right]}`;
      const answers = await Promise.all(others.map(([line, body]) => ask(line, body)));
      return answers.every(({ status }) => status === 403) ? 'true, and gives nothing' : 'true, and gives something';
    },
  },
];
