import type { Test } from 'tap';
import type { Who } from '../http-stage.js';
import { idOf, night, nowhere, open, ringingCall, sales, strangerOf, support } from './stage.js';

const texts = (t: Test) =>
  t.test('a text to the group', async (t) => {
    const { ask, sent, away } = open(t);
    const send = (text: unknown, who: Who = 'personal') => ask(who, `POST /pbx/group/${support}/sms`, { text });
    const phone = (number: number) => {
      return { extension: idOf(number), number: `${number}`, phone: 'phone-1', status: 200, delivered: true };
    };
    t.same((await send('Hello\r\nyou\u0000 all')).json, {
      ...{ success: true, recipients: 2, phones: [phone(100), phone(101)], unregistered: [] },
    });
    t.same(sent.splice(0), [
      { to: '100', text: 'Hello you all' },
      { to: '101', text: 'Hello you all' },
    ]);
    t.equal((await send('æ'.repeat(1_000))).status, 200);
    t.equal((await send('x\u0007'.repeat(1_000))).status, 200, 'what is left out does not count');
    sent.splice(0);
    for (const text of ['', ' ', '\r\n\u0000', 'x'.repeat(1_001), 7, null, ['x']]) {
      t.match((await send(text)).json, { error: 400, message: 'bad_request', field: 'text' }, JSON.stringify(text));
    }
    t.match((await ask('owner', `POST /pbx/group/${support}/sms`, { text: 'x', to: '100' })).json, { field: 'to' });
    t.same(sent, []);
    const nobody = await ask('owner', `POST /pbx/group/${night}/sms`, { text: 'x' });
    t.same(nobody.json, { success: false, recipients: 0, phones: [], unregistered: [] });
    away.isAway = true;
    t.equal((await send('x')).status, 503);
  });

const pickups = (t: Test) =>
  t.test('pickup by program', async (t) => {
    const { ask, calls, orders, send, documents } = open(t);
    const group = `POST /pbx/group/${support}/pickup`;
    const member = `POST /pbx/group/${support}/member/${idOf(100)}/pickup`;
    t.match((await ask('personal', group)).json, {
      error: 404,
      message: 'not_found',
      description: 'no call rings there',
    });
    const at = (id: string, target: string, ringingAt: number, own = {}) =>
      ringingCall({ id, target, ringingAt, ...own });
    calls.push(
      at('late', '101', 30),
      at('early', '100', 20),
      at('own', '101', 10, { caller: '102' }),
      at('far', '103', 1),
    );

    const refusing = (...ids: string[]) => {
      const { answer } = send;
      send.answer = (request) => (ids.includes(request.call) ? { ok: false, refusal: 'lost-race' } : answer(request));
    };
    refusing('own');
    const answer = await ask('personal', group);
    t.match(answer, { status: 202, json: { success: true, _id: 'order1', call: 'early', extension: idOf(100) } });
    t.match(orders.splice(0), [{ call: 'own' }, { call: 'early', target: '100', sendTo: '102', waitSeconds: 25 }]);
    t.equal((await ask('personal', member, {})).json.call, 'early');
    refusing('early');
    t.equal((await ask('personal', group, { sendTo: idOf(102) })).json.call, 'late', 'the next one where one is lost');
    t.match((await ask('personal', member)).json, { error: 404, description: /answered already/ });

    const wrong: readonly (readonly [Who, string, unknown, number, string?])[] = [
      ['manager', group, undefined, 400, 'sendTo'],
      ['manager', group, { sendTo: idOf(103) }, 403],
      ['manager', group, { sendTo: nowhere }, 400, 'sendTo'],
      ['manager', group, { sendTo: strangerOf(102) }, 400, 'sendTo'],
      ['manager', group, { sendTo: 102 }, 400, 'sendTo'],
      ['manager', group, { sendTo: null }, 400, 'sendTo'],
      ['manager', group, [], 400, 'body'],
      ['personal', group, { sendTo: idOf(101) }, 403],
      ['personal', group, { now: true }, 400, 'now'],
      ['personal', `POST /pbx/group/${sales}/pickup`, {}, 403],
      ['personal', `POST /pbx/group/${support}/member/${idOf(103)}/pickup`, {}, 404],
      ['viewer', group, {}, 403],
    ];
    orders.splice(0);
    for (const [who, line, body, status, field] of wrong) {
      const answer = await ask(who, line, body);
      t.match(
        answer,
        { status, json: { error: status, ...(field && { field }) } },
        `${who} ${line} ${JSON.stringify(body)}`,
      );
    }
    documents.set(({ tenants }) =>
      Object.assign(tenants.acme?.groups?.[support] ?? {}, { controllers: ['102', '103'] }),
    );
    const notHis = await ask('personal', group, { sendTo: idOf(103) });
    t.match(notHis.json, { error: 403, description: /own extensions/ }, 'though 103 might do it himself');
    t.same(orders, [], 'nobody was asked to ring');
    t.equal((await ask('manager', group, { sendTo: idOf(102).toUpperCase() })).status, 202);
    send.answer = () => ({ ok: false, refusal: 'store-unreachable' });
    t.match((await ask('personal', group)).json, { error: 503 });
    const controlsNothing = {
      callControl: { pickup_all: false },
      groups: { [support]: { name: 'x', members: ['100'] } },
    };
    documents.set(({ tenants }) => Object.assign(tenants.acme ?? {}, controlsNothing));
    for (const number of [100, 103]) {
      const { status } = await ask('personal', `POST /pbx/group/${support}/member/${idOf(number)}/pickup`);
      t.equal(status, 403, 'who controls nothing does not learn who is a member');
    }
  });

/** What phones are asked to do: to show a text, to ring. */
export const orderRows = (t: Test): void => {
  for (const rows of [texts, pickups]) rows(t);
};
