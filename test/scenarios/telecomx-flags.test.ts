import t, { type Test } from 'tap';
import { type GroupRight, groupRights } from '../../src/domain/group.js';
import { ground } from '../support/service.js';
import { telecomxGroup } from './seeds-texts.js';
import { pickups, spies, steals, type Way } from './telecomx-flags-calls.js';
import { hearings, keeping, memberships, presences, ringingViews, texts, views } from './telecomx-flags-programs.js';
import { type Bobs, flagsStage, group, isElsewhere, member as member101, who } from './telecomx-flags-stage.js';

t.comment(`TelecomX's example: each flag on and off, by a controller, a member and a stranger; on ${ground}`);

const stage = await flagsStage(t);
const { acme, owner, alice, bob, outside, actors, rings, talks } = stage;
const { controller, member } = actors;

/** Ids are answered in lower case. */
const lower = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value).replace(/"[0-9A-Fa-f]{23,24}"/g, (id) => id.toLowerCase()));

/** The group as it is answered, without the field that the example leaves out. */
const shown = async (): Promise<unknown> => {
  const { redirect, ...fields } = (await owner(`GET ${group}`)).json;
  return redirect === null && fields;
};

t.test('the example stands in the office file as it is printed, and rings, is picked up, and goes on', async (t) => {
  t.equal(JSON.stringify(await shown()), JSON.stringify(lower(telecomxGroup)), 'every field, in its order');
  const members = [bob, member.phone];
  const waiting = members.map((phone) => phone.isCalled());
  const call = alice.calls('800');
  const leg = await Promise.race(waiting);
  leg.rings();
  await call.rings();
  const pickup = controller.phone.calls('*95800');
  await Promise.all([pickup.answered(), call.answered(), leg.stopsRinging()]);
  await Promise.all([call.hangsUp(), pickup.isHungUp()]);

  // One of the two has not been called yet, and waits on.
  const first = leg.request.uri.includes(`:${bob.address.port}`) ? bob : member.phone;
  const both = members.map((phone, place) => (phone === first ? phone.isCalled() : waiting[place]));
  const again = alice.calls('800');
  await Promise.all(both.map(async (rung) => (await rung)?.declines(603)));
  const last = await outside.isCalled();
  t.match(last.request.uri, /^sip:\+4570305050@/, 'timeoutGoto: the outside number with its id of 23 digits');
  await last.answers();
  await again.answered();
  await Promise.all([again.hangsUp(), last.isHungUp()]);
  t.same(await acme.everythingLeft(), []);
});

t.test('or it is sent as JSON: created under its own id, and changed', async (t) => {
  t.equal((await owner(`POST /pbx/group`, telecomxGroup)).json.field, '_id', 'it is there already');
  t.equal((await owner(`DELETE ${group}`)).status, 200);
  const made = await owner('POST /pbx/group', telecomxGroup);
  t.same([made.status, made.headers.get('location')], [201, group]);
  for (const method of ['POST', 'PUT']) t.equal((await owner(`${method} ${group}`, telecomxGroup)).status, 200);
  t.equal(JSON.stringify(await shown()), JSON.stringify(lower(telecomxGroup)));
});

t.test('a call to the group is picked up by a program, and rings at nobody any more', async (t) => {
  t.equal((await owner(`PATCH ${group}`, { strategy: 'ALL' })).status, 200);
  for (const asked of [`POST ${group}/pickup`, `POST ${member101}/pickup`]) {
    const call = alice.calls('800');
    const legs = await Promise.all([bob, member.phone].map((phone) => phone.isCalled()));
    for (const leg of legs) leg.rings();
    await call.rings();
    const [seen] = (await owner(`GET ${member101}/calls`)).json;
    t.match(seen, { direction: 'INBOUND', state: 'RINGING', number: '100', name: 'Alice Adams' }, 'it rings at Bob');
    t.equal((await actors.stranger.ask(asked)).status, 403);
    t.equal((await controller.ask(asked)).status, 202, asked);
    const pickup = await controller.phone.isCalled();
    await pickup.answers();
    t.match((await call.answered()).get('P-Asserted-Identity'), /sip:102@/);
    for (const leg of legs) t.ok(isElsewhere(await leg.stopsRinging()), 'no missed call');
    await Promise.all([call.hangsUp(), pickup.isHungUp()]);
  }
  t.same(await acme.everythingLeft(), []);
});

/** Sets one flag otherwise than all others. */
const flips = async (flag: GroupRight, isOn: boolean): Promise<void> => {
  const flags = Object.fromEntries(groupRights.map((each) => [each, (each === flag) === isOn]));
  const { status, text } = await owner(`POST ${group}`, { ...flags, strategy: 'ALL' });
  if (status !== 200) throw new Error(text);
};

/** What is there for who tries. */
interface Scene {
  /** A call of Alice to Bob; another one if the last was taken. */
  now(): Promise<Bobs>;
  ends(): Promise<void>;
}

const scene = (opens: () => Promise<Bobs>, isThere: (bobs: Bobs) => boolean): Scene => {
  let open: Bobs | undefined;
  const rest = () => (open && isThere(open) ? open : undefined);
  return {
    now: async () => {
      open = rest() ?? (await opens());
      return open;
    },
    ends: async () => {
      const last = rest();
      if (!last) return;
      if (last.leg.isPending) await Promise.all([last.call.cancels(), last.leg.stopsRinging()]);
      else await Promise.all([last.call.hangsUp(), last.leg.isHungUp()]);
    },
  };
};

const aRingingCall = () => scene(rings, ({ leg }) => leg.isPending);
const anAnsweredCall = () => scene(talks, ({ leg }) => leg.state === 'confirmed');
const noCall = (): Scene => ({ now: async () => ({}) as Bobs, ends: async () => undefined });

/** All ways to do what a flag is for, with what must be there for them. */
interface Trial {
  readonly flag: GroupRight;
  readonly opens: () => Scene;
  readonly ways: readonly Way[];
}

/** What should come of it for each who tries. */
const expectedOf = ({ granted, off, refused }: Way, isOn: boolean): string[] => [
  isOn ? granted : (off ?? refused),
  refused,
  refused,
];

const tryAll = async (t: Test, way: Way, { isOn, around }: { isOn: boolean; around: Scene }): Promise<void> => {
  const cells: string[] = [];
  for (const each of who) cells.push(await way.tries(stage, actors[each], await around.now()));
  t.same(cells, expectedOf(way, isOn), `${way.name}: ${isOn ? 'on' : 'off'}`);
  t.comment(`| ${way.name} | ${isOn ? 'on' : 'off'} | ${cells.join(' | ')} |`);
};

/** Sets the flag on, with no other, and off, with all others; each time everybody tries everything. */
const isTried = async (t: Test, { flag, opens, ways }: Trial): Promise<void> => {
  t.comment(`| ${flag} | | ${who.join(' | ')} |`);
  for (const isOn of [true, false]) {
    await flips(flag, isOn);
    const around = opens();
    for (const way of ways) await tryAll(t, way, { isOn, around });
    await around.ends();
  }
  t.same(await acme.everythingLeft(), []);
};

t.test('pickup: a call that rings at a member', (t) =>
  isTried(t, { flag: 'pickup', opens: aRingingCall, ways: pickups }),
);

t.test('steal: the place of a member in a call', (t) =>
  isTried(t, { flag: 'steal', opens: anAnsweredCall, ways: steals }),
);

t.test('spy: to hear a member’s call, not to whisper or to enter', (t) =>
  isTried(t, { flag: 'spy', opens: anAnsweredCall, ways: spies }),
);

t.test('setPresence: whether a member is called', (t) =>
  isTried(t, { flag: 'setPresence', opens: noCall, ways: presences }),
);

t.test('queueMember: where the next call to the group rings', (t) =>
  isTried(t, { flag: 'queueMember', opens: noCall, ways: memberships }),
);

t.test('viewOtherParty: whom a member talks with', (t) =>
  isTried(t, { flag: 'viewOtherParty', opens: anAnsweredCall, ways: views }),
);

t.test('viewOtherParty: who waits for a member', (t) =>
  isTried(t, { flag: 'viewOtherParty', opens: aRingingCall, ways: ringingViews }),
);

t.test('viewOtherParty: what happens to a member’s calls', (t) =>
  isTried(t, { flag: 'viewOtherParty', opens: noCall, ways: hearings }),
);

t.test('sms: a text on the phones of all members', (t) => isTried(t, { flag: 'sms', opens: noCall, ways: texts }));

t.test('calendars and phone books: kept and answered, and nothing else', async (t) => {
  for (const flag of ['readCalendar', 'writeCalendar', 'readPhonebook', 'writePhonebook'] as const) {
    await isTried(t, { flag, opens: noCall, ways: keeping(flag) });
  }
});
