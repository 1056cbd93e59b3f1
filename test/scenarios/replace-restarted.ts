import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import { type Phone, phone } from '../support/phone.js';
import { restClient } from '../support/rest.js';
import { service } from '../support/service.js';
import { account, companyOf, hears, isOnlyTried, officeProgram, type Pins, pinsIn, until } from './replace-stage.js';

/** What is there when the service has stopped: Redis, where the phones send to, and the phones of 100 and 101 changed. */
export interface Stopped {
  readonly phones: Readonly<Record<'alices' | 'bobs' | 'carols' | 'daves', Phone>>;
  readonly pins: Pins;
  /** For files of the test. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly bind: string;
}

/** The service starts again at the same place, and another instance beside it; Carol has dialled three wrong PINs before. */
export const storiesAfterRestart = async (t: Test, { phones, pins, folder, env, bind }: Stopped): Promise<void> => {
  const { alices, bobs, carols, daves } = phones;
  const start = (INSTANCE_ID: string, SIP_BIND: string) =>
    service(t, { office: companyOf(pins), env: { ...env, INSTANCE_ID, SIP_BIND } });
  const again = await start('again', bind);
  const other = await start('other', '127.0.0.1:0');
  const [program, elsewhere] = await Promise.all([restClient(again), restClient(other)]);
  const daveElsewhere = await phone(t, { ...account('103'), server: other.sip });
  const carolElsewhere = await phone(t, { ...account('102'), server: other.sip });
  t.equal((await alices.registers()).status, 200);

  const isKnownElsewhere = (changed: number) =>
    until(async () => (await elsewhere.ask('GET /v1/extensions?changed=true')).json.total === changed);

  await t.test('phones are changed as they were, and back, at every instance', async (t) => {
    t.match(await isOnlyTried(carols, '100', bobs), /sip:100@/);
    t.match(await isOnlyTried(daveElsewhere, '101', alices), /sip:101@/);
    t.equal(await hears(bobs, '*77'), '603 Phones Changed Back');
    t.match(await isOnlyTried(carols, '100', alices), /sip:100@/);
    await isKnownElsewhere(0);
    t.match(await isOnlyTried(daveElsewhere, '101', bobs), /sip:101@/);
    t.equal(await hears(alices, '*77'), '403 No Phones To Change Back');
  });

  await t.test('five wrong PINs lock: whoever dialled them, and whomever they were for', async (t) => {
    for (const pin of ['990000000004', '990000000005'])
      t.equal(await hears(carolElsewhere, `*77100*${pin}`), '403 Wrong PIN');
    t.equal(await hears(carols, '*77100*246802468024'), '403 Too Many Wrong PINs', 'the right one too');
    t.equal(await hears(carols, '*77101*135791357913'), '403 Too Many Wrong PINs', 'for whomever');
    t.equal(await hears(bobs, '*77100*246802468024'), '403 Too Many Wrong PINs', 'by whomever');
    const left = await Promise.all((await again.redis.keys('cp:*pin-tries*')).map((key) => again.redis.pttl(key)));
    t.ok(left.length > 0 && left.every((each) => each > 0 && each <= 600_000), 'for ten minutes by Redis’ clock');
    t.equal(await hears(alices, '*77101*135791357913'), '603 Phones Changed', 'others may');
    await isKnownElsewhere(2);
    t.match(await isOnlyTried(daveElsewhere, '100', bobs), /sip:100@/, 'changed here, called there');
    t.equal((await elsewhere.ask('DELETE /v1/extensions/101/changed-phones')).status, 204, 'by a program, there');
    t.equal((await elsewhere.ask('DELETE /v1/extensions/101/changed-phones')).status, 204, 'as often as one likes');
    await isKnownElsewhere(0);
    await again.redis.del(await again.redis.keys('cp:*pin-tries*'));
  });

  await t.test('a PIN that is set by REST; who has changed phones already; groups that change meanwhile', async (t) => {
    const hers = await restClient(again, { role: 'PERSONAL', extension: '102' });
    t.equal((await hers.ask('PUT /v1/extensions/102/replace-pin', { pin: '975310975310' })).status, 204);
    t.equal(await hears(alices, '*77102*975310975310'), '603 Phones Changed');
    t.equal(await hears(bobs, '*77102*975310975310'), '403 Phones Are Changed Already');
    t.equal(await hears(carols, '*77101*135791357913'), '403 Phones Are Changed Already');
    const rules = (phone_replace_groups: string[]) => ({
      ...{ pickup_all: false, groups: { front: ['100', '101', '102'] }, phone_replace_groups },
    });
    const line = 'PUT /client/acme/call_control_group/';
    t.equal((await program.ask(line, rules([]))).status, 200);
    t.match(await isOnlyTried(daves, '100', carols), /sip:100@/, 'who has changed phones goes on so');
    t.equal(await hears(carols, '*77'), '603 Phones Changed Back');
    t.equal(await hears(alices, '*77102*975310975310'), '403 Changing Phones Not Allowed', 'but not again');
    t.equal((await program.ask(line, rules(['front']))).status, 200);
  });

  await t.test('an extension that leaves the company gives back the phones', async (t) => {
    const imports = async (name: string, yaml: string) => {
      const file = join(folder, name);
      writeFileSync(file, yaml);
      return (await officeProgram(['import', file], { env })).code;
    };
    const isThere = (wanted: number) =>
      until(async () => (await program.ask('GET /v1/extensions/101')).status === wanted);
    t.equal(await hears(alices, '*77101*135791357913'), '603 Phones Changed');
    t.equal(await imports('without.yaml', companyOf(pins, { hasBob: false })), 0);
    await isThere(404);
    t.match(await isOnlyTried(carols, '100', alices), /sip:100@/);
    t.equal((await bobs.registers()).status, 403);
    t.equal(await imports('with.yaml', companyOf(pins)), 0);
    await isThere(200);
    t.match(await isOnlyTried(carols, '101', bobs), /sip:101@/, 'who comes back has the own phone');
    t.equal(await hears(alices, '*77'), '403 No Phones To Change Back');
  });
  t.same(pinsIn(JSON.stringify([again.log, other.log])), [], 'no PIN is written down');
  for (const each of [again, other]) t.same(await each.leftovers(), []);
};
