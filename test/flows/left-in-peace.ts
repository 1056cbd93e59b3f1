import t from 'tap';
import type { Presence, Tenant } from '../../src/domain/office.js';
import { presenceOf, wantsNoCalls } from '../../src/domain/presence.js';
import { acme, alice, bob, number, tenant } from '../domain/acme.js';
import { fakeCaller, quiet } from './parties.js';
import { stage } from './stage.js';

const bobIs = (presence: Presence): Tenant => {
  const entry = acme.extensions.get(bob);
  if (!entry) throw new Error('no Bob');
  return tenant('acme', { extensions: new Map([...acme.extensions, [bob, { ...entry, presence }]]) });
};

t.test('who may be called, by what the people say of themselves', async (t) => {
  for (const presence of ['available', 'away', 'do-not-disturb'] as const) {
    t.equal(presenceOf(bobIs(presence), bob), presence);
    t.equal(wantsNoCalls(bobIs(presence), bob), presence === 'do-not-disturb', presence);
    t.notOk(wantsNoCalls(bobIs(presence), alice), 'Bob speaks for himself alone');
  }
  t.equal(presenceOf(acme, number('0123')), 'available', 'a number outside says nothing');
});

t.test('who does not want to be disturbed is not rung: 480, at once and with nothing left', async (t) => {
  const { calls, picks, dialled, store, nothingLeft } = stage(t, { tenant: bobIs('do-not-disturb') });
  const { caller, over } = await calls();
  await over;
  t.same(caller.heard, ['480 Do Not Disturb']);
  t.equal(dialled.length, 0);
  t.same(store.told, ['begin', 'end']);
  const picked = await picks();
  t.match(picked, { ok: false, refusal: 'no-call' }, 'nothing rings there that could be picked up');
  await nothingLeft('rejected');
});

t.test('a caller who gives up before that hears of it no more', async (t) => {
  const { calls, dialled, nothingLeft } = stage(t, { tenant: bobIs('do-not-disturb') });
  const impatient = fakeCaller('alice');
  const calling = calls(impatient);
  impatient.cancels();
  await (await calling).over;
  t.same(impatient.heard.length, 0);
  t.equal(dialled.length, 0);
  await nothingLeft('cancelled');
});

t.test('who is away, and a number outside, ring as ever', async (t) => {
  const away = stage(t, { tenant: bobIs('away') });
  await away.calls();
  away.phone().rings();
  await quiet();
  away.phone().fails(486);
  await away.nothingLeft('busy');

  const outside = stage(t, { tenant: bobIs('do-not-disturb') });
  await outside.calls(undefined, { target: number('0123'), trunk: 'sip:trunk.example' });
  t.match(outside.phone().request.uri, 'sip:0123@trunk.example');
  outside.phone().fails(404);
  await outside.nothingLeft('rejected');
});
