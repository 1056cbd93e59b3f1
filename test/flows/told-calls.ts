import t from 'tap';
import type { CallId, ClaimToken, InstanceId, TenantId } from '../../src/domain/names.js';
import type { Tenant } from '../../src/domain/office.js';
import type { CallRecord, CallResult, CallStore } from '../../src/flows/ports.js';
import { recordCalls } from '../../src/flows/witnesses/record-calls.js';
import { tellCallee } from '../../src/flows/witnesses/tell-callee.js';
import { acme, alice, bob, carol, dave, number, tenant } from '../domain/acme.js';
import { memoryStore } from './memory-store.js';
import { type FakeCaller, fakeCaller, quiet } from './parties.js';
import { stage } from './stage.js';

/** A call of Alice's for Bob, and one for the group 800 that rings at Dave and at Bob. */
const ofBob: CallRecord = {
  ...{ id: 'c' as CallId, tenant: 'acme' as TenantId, owner: 'here' as InstanceId, caller: alice, target: bob },
  ...{ callerName: 'Alice Adams', callerNumber: alice, isAnonymous: false, isPrivate: false },
};
const groupCall: CallRecord = { ...ofBob, target: number('800'), group: number('800'), ringsAt: [dave, bob] };

/** Records as they were written, on a clock that goes on by a second with each look at it. */
const recording = (company: Tenant = acme) => {
  const lines: object[] = [];
  let now = Date.UTC(2026, 0, 1);
  const info = (facts: object, event: string) => void lines.push({ ...facts, event });
  const tick = () => {
    now += 1_000;
    return now;
  };
  const witness = (calls: CallStore) => recordCalls({ calls, tenant: () => company, now: tick, log: { info } });
  return { lines, witness };
};

t.test('one line tells a call: who, whom, by which group, how long, and what came of it', async (t) => {
  const { lines, witness } = recording();
  const s = stage(t, { witness });
  await s.calls();
  s.phone().rings(Date.UTC(2026, 0, 1) + 1_500);
  await quiet();
  t.ok((await s.picks(undefined, { by: 'group' })).ok);
  t.same(lines, [], 'not before it is over');
  await s.joints[0]?.hangUp();
  await s.nothingLeft('picked_up');
  t.same(lines, [
    {
      ...{ callId: 'call-1', tenant: 'acme', target: bob, result: 'picked_up', event: 'call record' },
      ...{ caller: alice, callerName: 'Alice Adams', callerNumber: alice, isAnonymous: false, isPrivate: false },
      ...{ picker: carol, method: 'group', group: 'sales', answeredBy: carol },
      ...{ began: '2026-01-01T00:00:01.000Z', ringSeconds: 0.5, talkSeconds: 1 },
    },
  ]);
});

t.test('the callee’s own answer, a caller who gives up, and a store that is away', async (t) => {
  const { lines, witness } = recording();
  const s = stage(t, { witness });
  await s.calls();
  s.phone().rings();
  await quiet();
  s.phone().answers();
  await quiet();
  await s.joints[0]?.hangUp();
  t.match(lines, [{ result: 'answered', answeredBy: bob, talkSeconds: 1, picker: undefined }]);

  const shy = { ...s.people.callerParty, private: true };
  const { caller } = await s.calls(undefined, { callerParty: shy });
  caller.cancels();
  await s.nothingLeft('answered', 'cancelled');
  const hidden = { caller: '', callerName: '', callerNumber: '', isAnonymous: true };
  t.match(lines[1], { ...hidden, result: 'cancelled', answeredBy: undefined, talkSeconds: undefined });
  t.match(lines[1], { ringSeconds: undefined }, 'nothing has rung');

  const dark = recording();
  const alone = stage(t, { witness: dark.witness });
  alone.store.away = true;
  await alone.calls();
  alone.phone().rings();
  alone.phone().answers();
  await quiet();
  await alone.joints[0]?.hangUp();
  t.match(dark.lines, [{ result: 'answered', answeredBy: bob }]);
});

t.test('a call that is taken over afterwards tells of each move, and the event has the same history', async (t) => {
  const store = memoryStore();
  const ended: object[] = [];
  const end: CallStore['end'] = async (call) => void ended.push(call.history ?? {});
  const { lines, witness } = recording();
  const calls = witness({ ...store, end });
  const record: CallRecord = { ...ofBob, id: 'other' as CallId };
  await calls.begin(record, []);
  await calls.answer(record);
  await calls.stolen(record, { picker: carol, method: 'steal', from: bob }, []);
  await calls.end(record, 'picked_up', []);
  const moves = [{ picker: carol, from: bob, method: 'steal' }];
  t.match(lines, [{ answeredBy: bob, picker: undefined, moves }]);
  t.match(ended, [{ target: bob, answeredBy: bob, moves }]);
  await calls.end(record, 'picked_up', []);
  t.equal(lines.length, 1, 'a call has one record');
  t.same(ended[1], {});
});

t.test('the record of a group’s call names the group, and whose phone it was taken from', async (t) => {
  const { lines, witness } = recording();
  const calls = witness(memoryStore());
  await calls.begin(groupCall, []);
  await calls.confirm(groupCall, { picker: carol, method: 'directed', token: 't' as ClaimToken }, []);
  await calls.end(groupCall, 'picked_up', []);
  t.match(lines, [{ target: '800', group: 'sales', picker: carol, answeredBy: carol }]);

  await calls.begin(groupCall, []);
  await calls.answer(groupCall, dave);
  await calls.end({ ...groupCall, target: dave }, 'answered', []);
  t.match(lines[1], { target: '800', group: '800', picker: undefined, answeredBy: dave });
});

t.test('a record for each end that a call may have, and for each way in which it may be taken', async (t) => {
  type Story = { s: ReturnType<typeof stage>; caller: FakeCaller };
  const ends: [result: CallResult, comes: (story: Story) => unknown][] = [
    ['busy', ({ s }) => s.phone().fails(486)],
    ['rejected', ({ s }) => s.phone().fails(404)],
    ['timeout', ({ s }) => s.live.get('call-1' as CallId)?.settle({ kind: 'unanswered' })],
    ['cancelled', ({ caller }) => caller.cancels()],
    ['error', ({ s }) => s.live.endAll({ kind: 'failure', text: 'Service Stops' })],
  ];
  for (const [result, comes] of ends) {
    const { lines, witness } = recording();
    const s = stage(t, { witness });
    const { caller } = await s.calls();
    s.phone().rings(Date.UTC(2026, 0, 1) + 1_500);
    await quiet();
    await comes({ s, caller });
    await s.nothingLeft(result);
    const nobody = { answeredBy: undefined, picker: undefined, method: undefined, talkSeconds: undefined };
    t.match(lines, [{ callId: 'call-1', target: bob, result, caller: alice, ringSeconds: 0.5, ...nobody }], result);
    t.equal(lines.length, 1);
  }

  for (const method of ['directed', 'group', 'preview', 'replaces', 'api'] as const) {
    const { lines, witness } = recording();
    const calls = witness(memoryStore());
    await calls.begin(ofBob, []);
    await calls.ring(ofBob, Date.UTC(2026, 0, 1), []);
    await calls.confirm(ofBob, { picker: carol, method, token: 't' as ClaimToken }, []);
    await calls.end(ofBob, 'picked_up', []);
    t.match(lines, [{ callId: 'c', result: 'picked_up', picker: carol, answeredBy: carol, method, group: 'sales' }]);
  }
});

t.test('the call that a transfer makes of two has a record of its own, and so have the two', async (t) => {
  const { lines, witness } = recording();
  const calls = witness(memoryStore());
  const joined = { ...ofBob, id: 'joined' as CallId, caller: alice, target: dave };
  await calls.begin(joined, []);
  await calls.answer(joined);
  await calls.end(joined, 'answered', []);
  t.match(lines, [{ callId: 'joined', target: dave, answeredBy: dave, ringSeconds: undefined, talkSeconds: 1 }]);
});

const telling = tenant('acme', { messages: { pickedUp: true } });

/** Texts as they were sent; whoever is in `deaf` cannot be reached. */
const texting = (company: Tenant, deaf = false) => {
  const sent: string[] = [];
  const said: string[] = [];
  const witness = (calls: CallStore) =>
    tellCallee({
      calls,
      tenant: () => company,
      messages: {
        send: async (_tenant, to, { from, text }) => {
          if (deaf) throw new Error('store away');
          sent.push(`${from.number} to ${to}: ${text}`);
          return [];
        },
      },
      log: { warn: (_facts, event) => void said.push(event) },
    });
  return { sent, said, witness };
};

t.test('whose call was taken reads by whom, if the company wants that', async (t) => {
  const rows: [company: Tenant, hides: boolean, sent: string[]][] = [
    [acme, false, []],
    [telling, false, ['102 to 101: Call from Alice Adams 100 picked up by Carol Clark (102)']],
    [telling, true, ['102 to 101: Call picked up by Carol Clark (102)']],
  ];
  for (const [company, hides, wanted] of rows) {
    const { sent, witness } = texting(company);
    const s = stage(t, { witness });
    await s.calls(undefined, { callerParty: { ...s.people.callerParty, private: hides } });
    s.phone().rings();
    await quiet();
    t.ok((await s.picks()).ok);
    t.same(sent, wanted);
    await s.joints[0]?.hangUp();
    await s.nothingLeft('picked_up');
  }

  const { sent, witness } = texting(telling);
  const s = stage(t, { witness });
  await s.calls();
  s.phone().rings();
  await quiet();
  s.phone().answers();
  await quiet();
  await s.joints[0]?.hangUp();
  await s.nothingLeft('answered');
  t.same(sent, [], 'nobody is told of the own answer');

  const ofGroup = texting(telling);
  const taken = { picker: bob, method: 'directed', token: 't' as ClaimToken } as const;
  await ofGroup.witness(memoryStore()).confirm(groupCall, taken, []);
  await quiet();
  t.same(ofGroup.sent, ['101 to 103: Call from Alice Adams 100 picked up by Bob Brown (101)'], 'the others that rang');
});

t.test('a phone that cannot be told changes nothing of the pickup', async (t) => {
  const { said, witness } = texting(telling, true);
  const s = stage(t, { witness });
  await s.calls();
  s.phone().rings();
  await quiet();
  t.ok((await s.picks(fakeCaller('carol'))).ok);
  t.same(said, ['callee not told']);
  await s.joints[0]?.hangUp();
  await s.nothingLeft('picked_up');
});
