import t from 'tap';
import { eventText, mayHear } from '../../src/adapters/http/v1/event-json.js';
import { writeLetter } from '../../src/adapters/http/webhook/letter.js';
import type { CallHistory } from '../../src/domain/call-history.js';
import type { CallId } from '../../src/domain/names.js';
import type { News } from '../../src/flows/news.js';
import { alice, bob, carol, dave, number, tenant } from '../domain/acme.js';

const acme = tenant('acme');
const call = { call: 'c' as CallId, target: bob, isPrivate: false };
const caller = { caller: alice, callerName: 'Alice Adams', callerNumber: alice };

const nobody = { caller: '', callerName: '', callerNumber: '' };

/** A company in which nobody may pick up anything of anybody. */
const noControl = {
  ...{ allowAll: false, pickupAll: false, groups: new Map(), pickupShareGroups: [], phoneReplaceGroups: [] },
  ...{ eavesdrop: new Map(), whisper: new Map(), barge: new Map() },
};

/** What the event says, without its frame. */
const data = (news: News) => JSON.parse(/^data: (.*)$/m.exec(eventText(acme, { id: '1-0', at: 0, news }))?.[1] ?? '');

t.test('an ended call tells its history, and one without history what it told before', (t) => {
  const history: CallHistory = {
    ...{ target: bob, began: 0, ringing: 1_000, answered: 3_500, answeredBy: bob, ended: 13_500 },
    moves: [{ at: 5_000, picker: carol, from: bob, method: 'steal', group: 'Desk' }],
  };
  const people = { bob: { extension: bob, name: 'Bob Brown' }, carol: { extension: carol, name: 'Carol Clark' } };
  t.match(data({ ...call, ...caller, event: 'ended', result: 'picked_up', history }), {
    ...{ began: '1970-01-01T00:00:00.000Z', ringSeconds: 2.5, talkSeconds: 10 },
    ...{ originalTarget: people.bob, answeredBy: people.bob },
    moves: [{ at: '1970-01-01T00:00:05.000Z', by: people.carol, whose: people.bob, how: 'steal', group: 'Desk' }],
  });
  const bare = data({ ...call, ...caller, event: 'ended', result: 'cancelled' });
  t.same(Object.keys(bare), ['call', 'at', 'target', 'caller', 'private', 'result']);
  t.end();
});

t.test('a group that shows nothing of callers does not call them anonymous', (t) => {
  const waiting = { event: 'waiting', group: 'sales', seconds: 5 } as const;
  t.match(data({ ...call, ...caller, ...waiting }), { group: 'sales', seconds: 5, caller: { extension: alice } });
  const hidden = data({ ...call, caller: '', callerName: '', callerNumber: '', ...waiting });
  t.equal(hidden.caller, undefined);
  t.end();
});

t.test('who lost a call to a thief hears by whom, although the call was for somebody else', (t) => {
  const taken: News = { ...call, ...caller, event: 'picked-up', picker: carol, method: 'steal', from: dave };
  const mine = tenant('acme', { pickupGroups: [], callControl: { ...noControl } });
  t.equal(mayHear({ tenant: mine, extension: dave }, taken), true);
  t.equal(mayHear({ tenant: mine, extension: dave }, { ...taken, isPrivate: true }), true, 'it was Dave’s');
  const { from: _, ...fromBob } = taken;
  t.equal(mayHear({ tenant: mine, extension: dave }, fromBob), false);
  t.equal(mayHear({ tenant: mine, extension: carol }, fromBob), true);
  t.end();
});

t.test('whoever a group’s call has rung at hears what becomes of it', (t) => {
  const mine = tenant('acme', { pickupGroups: [], callControl: { ...noControl } });
  const ofGroup = { ...call, ...caller, target: number('800'), ringsAt: [bob], rung: [dave, bob] };
  const taken: News = { ...ofGroup, event: 'picked-up', picker: carol, method: 'group' };
  for (const extension of [bob, dave, carol, alice])
    t.equal(mayHear({ tenant: mine, extension }, taken), true, extension);
  t.equal(mayHear({ tenant: mine, extension: number('109') }, taken), false);
  t.match(data(taken), {
    whose: { extension: '800' },
    ringsAt: [{ extension: bob, name: 'Bob Brown' }],
    rung: undefined,
  });
  t.end();
});

t.test('a letter for a webhook has what the event says; private calls have none', (t) => {
  const news: News = { ...call, ...caller, event: 'waiting', group: 'sa"les\r\n', seconds: 5 };
  const letter = writeLetter(acme, { id: 'id-1', at: 0, news }) ?? '';
  t.same(JSON.parse(letter), { id: 'id-1', event: 'waiting', tenant: 'acme', data: data(news) });
  t.notMatch(letter, /[\r\n]/, 'it is one line');
  t.equal(writeLetter(acme, { id: 'id-1', at: 0, news: { ...news, isPrivate: true } }), undefined);
  const shy = writeLetter(acme, { id: 'id-1', at: 0, news: { ...call, ...nobody, event: 'ringing' } }) ?? '';
  t.same(JSON.parse(shy).data.caller, { anonymous: true });
  t.end();
});
