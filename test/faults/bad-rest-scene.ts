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
  const rung = await ringing(phones.alice, phones.bob);
  const operations = await operationsOf(acme.http);
  const call = await callOf(programs);
  const table = validRequests({ call, relations: await relationsOf(programs) });
  const rightOf = (operation: Operation) => {
    const valid = table[operation.key];
    if (!valid) throw new Error(`there is no right request for ${operation.key}`);
    return { valid, right: rightRequest(operation, valid, programs) };
  };
  return { acme, programs, life, phones, rung, operations, call, table, rightOf };
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
const callOf = async (programs: Programs): Promise<string> => {
  for (const until = Date.now() + 10_000; Date.now() < until; ) {
    const { calls } = await asks(programs, 'viewer', '/v1/calls?state=ringing');
    if (calls.length > 0) return calls[0].id;
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
