import t from 'tap';
import type { Dialog } from '../../src/domain/dialog.js';
import type { InstanceId } from '../../src/domain/names.js';
import type { ActRequest } from '../../src/flows/act-request.js';
import { makeAnchors } from '../../src/flows/anchors.js';
import { makeLiveCalls } from '../../src/flows/live-calls.js';
import type { DialResult, EndReason } from '../../src/flows/ports.js';
import { makeFindElsewhere } from '../../src/flows/supervise/elsewhere.js';
import { makeForwardAct } from '../../src/flows/supervise/forward-act.js';
import { makeSuperviseElsewhere } from '../../src/flows/supervise/supervise-elsewhere.js';
import { acme, bob, carol } from '../domain/acme.js';
import { fakeCaller, idsOf, quiet } from './parties.js';
import { noting } from './stage.js';
import { legOf } from './supervise-stage.js';

const dialog = (call: string, since: number, state: Dialog['state'] = 'confirmed'): Dialog => ({
  ...{ ...idsOf(call), id: call, call: call as Dialog['call'], direction: 'recipient', state, since },
  ...{ remote: { name: '', number: '', domain: '', isAnonymous: false }, isHeld: false, isPrivate: false },
});

type Kept = Readonly<Record<string, readonly [owner: string, state: string]>>;

const finding = (dialogs: () => Dialog[], owners: Kept) =>
  makeFindElsewhere({
    ...{ self: 'here' as InstanceId, log: noting([]), dialogsOf: async () => dialogs() },
    directory: {
      find: async (_tenant, call) => {
        const [owner, state] = owners[call] ?? [];
        return owner === undefined ? undefined : ({ owner, state, id: call } as never);
      },
    },
  });

const bobs = { tenant: acme.id, extension: bob };

t.test('of the answered calls that other instances hold it is the one that began last', async (t) => {
  const all = [dialog('old', 1), dialog('last', 3), dialog('between', 2), dialog('rings', 9, 'early')];
  const owners = {
    old: ['there', 'connected'],
    last: ['there', 'connected'],
    between: ['yonder', 'connected'],
  } as const;
  const among = (more: Kept) => finding(() => all, { ...owners, ...more });
  t.match(await among({})(bobs), { owner: 'there', call: 'last', dialog: { sipCallId: 'last@phone' } });
  t.match(await among({})({ ...bobs, call: 'old' as never }), { call: 'old' });
  t.match(
    await among({ last: ['here', 'connected'] })(bobs),
    { owner: 'yonder', call: 'between' },
    'ours is not elsewhere',
  );
  t.match(await among({ last: ['there', 'claimed'] })(bobs), { call: 'between' });
  t.equal(await finding(() => [], {})(bobs), undefined);
  t.equal(await finding(() => all, {})(bobs), undefined, 'their owner has died');
  const away = finding(() => {
    throw new Error('store away');
  }, {});
  t.equal(await away(bobs), 'store-unreachable');
});

/** Carol reaches this instance, and another one holds Bob's call. */
const handing = ({ known = true, phone = fakeCaller('carol') } = {}) => {
  const [asked, stops, joined]: [ActRequest[], EndReason[], string[]] = [[], [], []];
  let settle: (result: DialResult) => void = () => undefined;
  const result = new Promise<DialResult>((resolve) => {
    settle = resolve;
  });
  const live = makeLiveCalls();
  const forwardAct = makeForwardAct({
    ...{ live, anchors: makeAnchors(), log: noting([]) },
    owners: { find: async () => (known ? 'sip:there.example' : undefined) },
    legs: {
      join: (one, other) => {
        joined.push(`${one.dialogId} ${other.dialogId}`);
        return { part: () => undefined };
      },
      forwardAct: (request) => {
        asked.push(request);
        const stop = (reason: EndReason) => {
          stops.push(reason);
          settle({ kind: 'failed', status: 487 });
        };
        return { id: 'f', ids: { sipCallId: 'f@here' }, result, stop };
      },
    },
  });
  const supervise = makeSuperviseElsewhere({
    ...{ self: 'here' as InstanceId, forwardAct },
    findElsewhere: finding(() => [dialog('first', 1)], { first: ['there', 'connected'] }),
  });
  const taken = supervise({ tenant: acme, supervisor: carol, mode: 'barge', colleague: bob, leg: phone });
  return { asked, stops, joined, settle, taken, live, supervise, phone };
};

t.test('the owner answers: the phone hears that, and whom it talks to', async (t) => {
  const made = handing();
  await quiet();
  t.match(made.asked, [
    { owner: 'sip:there.example', act: 'barge', asker: carol, extension: bob, call: 'first', askerIds: idsOf('carol') },
  ]);
  const talksTo = { name: 'Bob Brown', number: bob, domain: 'acme.example', private: false };
  made.settle({ kind: 'answered', leg: legOf('owner'), sdp: 'answer of owner', talksTo });
  t.same(await made.taken, { ok: true, call: 'first' });
  t.same([made.phone.heard, made.phone.toldAbout], [['200 answer of owner'], [talksTo]]);
  t.same(made.joined, ['carol owner']);
  t.equal(made.live.size, 1, 'drain waits for what passes through');
});

t.test('the owner’s no keeps its name; what anybody else says is none of its', async (t) => {
  const rows = [
    [403, 'private-call', 'private-call'],
    [488, 'media-mismatch', 'media-mismatch'],
    [480, 'no-call', 'no-call'],
    [503, 'Service Unavailable', 'owner-unreachable'],
    [404, undefined, 'owner-unreachable'],
  ] as const;
  for (const [status, reason, refusal] of rows) {
    const made = handing();
    await quiet();
    made.settle({ kind: 'failed', status, ...(reason && { reason }) });
    t.match(await made.taken, { ok: false, refusal, call: 'first' });
    t.same(made.phone.heard, [], 'the door says it');
  }
  t.match(await handing({ known: false }).taken, { ok: false, refusal: 'owner-unreachable' });
});

t.test('she hangs up on the way: the owner hears of it', async (t) => {
  const made = handing();
  await quiet();
  made.phone.cancels('Q.850;cause=16');
  t.match(await made.taken, { ok: false, refusal: 'picker-gone' });
  t.same(made.stops, [{ kind: 'other-party', reason: 'Q.850;cause=16' }]);
  const late = handing({ phone: Object.assign(fakeCaller('carol'), { failsWith: 'picker-gone' as const }) });
  await quiet();
  const owner = legOf('owner');
  late.settle({ kind: 'answered', leg: owner, sdp: 'x' });
  t.match(await late.taken, { ok: false, refusal: 'picker-gone' });
  t.equal(owner.endings.length, 1, 'the owner is not left alone');
});

t.test('a dialog that was found names its owner; one of ours is not looked for elsewhere', async (t) => {
  const made = handing();
  const asked = { tenant: acme, supervisor: carol, mode: 'listen', colleague: bob, leg: fakeCaller('desk') } as const;
  const call = 'first' as Dialog['call'];
  t.match(await made.supervise({ ...asked, call, owner: 'here' as InstanceId }), { ok: false, refusal: 'no-call' });
  const named = { call: 'named' as Dialog['call'], owner: 'yonder' as InstanceId, ids: idsOf('bob') };
  const taken = made.supervise({ ...asked, ...named });
  await quiet();
  t.match(
    made.asked.find(({ call }) => call === 'named'),
    { call: 'named', act: 'eavesdrop', ids: idsOf('bob') },
  );
  made.settle({ kind: 'failed', status: 480 });
  t.match(await Promise.all([taken, made.taken]), [{ call: 'named' }, { call: 'first' }], 'nobody waits any more');
});
