import { type Office, office, ringing } from '../support/office.js';
import type { Phone } from '../support/phone.js';
import { leaks, readError } from './bad-rest-judge.js';
import { officeYaml } from './bad-rest-office.js';
import { type Operation, operationsOf } from './bad-rest-operations.js';
import { rightRequest } from './bad-rest-spoil-run.js';
import { spyEnvironment } from './bad-rest-spy.js';
import { openPrograms, type Programs, type Role, type Sent } from './bad-rest-stage.js';
import { validRequests } from './bad-rest-valid.js';
import { watchLife } from './bad-rest-watch.js';

/** Who ends it when the test is over; tap's `t` is one. */
type Test = Parameters<typeof office>[0];

/** The office at work, a call that rings at Bob's, programs with every kind of token, and what may be asked. */
export const openScene = async (t: Test) => {
  const acme = await office(t, { office: officeYaml, env: spyEnvironment });
  const programs = await openPrograms(acme);
  const life = watchLife(acme.http);
  t.teardown(async () => {
    programs.close();
    await life.stop();
  });
  const phones = await phonesOf(acme);
  const operations = await operationsOf(acme.http);
  const relations = await relationsOf(programs);
  const call = keepRinging(programs, phones);
  const table = async () => validRequests({ call: await call(), relations });
  const rightOf = async (operation: Operation) => {
    const valid = (await table())[operation.key];
    if (!valid) throw new Error(`there is no right request for ${operation.key}`);
    return { valid, right: rightRequest(operation, valid, programs) };
  };
  return { acme, programs, life, phones, operations, call, table, rightOf };
};

/** How old a call may be in milliseconds: nobody lets it ring for longer than three minutes. */
const longest = 60_000;

/** Gives the id of the call that rings at Bob's; another one when it has rung for long. */
const keepRinging = (programs: Programs, { alice, bob }: { alice: Phone; bob: Phone }) => {
  let now: (Awaited<ReturnType<typeof ringing>> & { id: string; since: number }) | undefined;
  const hangUp = async (): Promise<void> => {
    if (now) await Promise.all([now.call.cancels(), now.leg.stopsRinging()]);
    now = undefined;
  };
  const call = async (): Promise<string> => {
    if (now && Date.now() - now.since < longest) return now.id;
    const before = now?.id;
    await hangUp();
    const rung = await ringing(alice, bob);
    now = { ...rung, id: await listed(programs, before), since: Date.now() };
    return now.id;
  };
  return Object.assign(call, { hangUp });
};

const phonesOf = async (acme: Office) => {
  const plug = (number: string): Promise<Phone> => acme.phone(number);
  const [alice, bob, carol, dave] = await Promise.all([plug('100'), plug('101'), plug('102'), plug('103')]);
  return { alice, bob, carol, dave };
};

const asks = async (programs: Programs, role: Role, url: string) => {
  const { text } = await programs.ask({ method: 'GET', url, headers: { authorization: programs.authorization(role) } });
  return JSON.parse(text);
};

/** The store hears of a call a little later than the phones. */
const listed = async (programs: Programs, before: string | undefined): Promise<string> => {
  for (const until = Date.now() + 10_000; Date.now() < until; ) {
    const { calls }: { calls: { id: string }[] } = await asks(programs, 'viewer', '/v1/calls?state=ringing');
    const found = calls.find(({ id }) => id !== before);
    if (found) return found.id;
  }
  throw new Error('no call rings');
};

/** IvozProvider's ids of the two who are in the group that nobody changes. */
const relationsOf = async (programs: Programs): Promise<[string, string]> => {
  const all: { id: number; pickUpGroup: { id: number } }[] = await asks(programs, 'owner', '/ivoz/pick_up_rel_users');
  const [first = '', second = ''] = all.filter(({ pickUpGroup }) => pickUpGroup.id === 4).map(({ id }) => String(id));
  return [first, second];
};

/** Asks, and tells what is wrong with the refusal. */
export const refusal = async (programs: Pick<Programs, 'ask'>, sent: Sent, status: number): Promise<string[]> => {
  const got = await programs.ask(sent);
  const { fault } = readError(sent.url, got);
  const told = leaks(got).map((leak) => `tells ${leak}`);
  const faults = [...(got.status === status ? [] : [`is ${got.status}`]), ...(fault ? [fault] : []), ...told];
  return faults.map((each) => `${sent.method} ${sent.url} ${JSON.stringify(sent.headers)?.slice(0, 200)}: ${each}`);
};
