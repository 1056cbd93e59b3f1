import type { Test } from 'tap';
import type { Extension, TenantId } from '../../../src/domain/names.js';
import type { GroupDocument } from '../../../src/domain/tenant-document.js';
import type { KnownCall } from '../../../src/flows/call-directory.js';
import type { Who } from '../http-stage.js';
import { idOf, night, nowhere, open, ringingCall, sales, strangerOf, support } from './stage.js';

type Stage = ReturnType<typeof open>;

/** What a controller may do, what each of it needs to be allowed by, and as whom it is tried. */
const acts = [
  ['setPresence', `PUT /pbx/group/${support}/member/${idOf(100)}/presence`, { presence: 'away' }],
  ['queueMember', `PUT /pbx/group/${support}/member/${idOf(103)}`],
  ['queueMember', `DELETE /pbx/group/${support}/member/${idOf(100)}`],
  ['viewOtherParty', `GET /pbx/group/${support}/member/${idOf(100)}/calls`],
  ['sms', `POST /pbx/group/${support}/sms`, { text: 'Hello' }],
  ['pickup', `POST /pbx/group/${support}/pickup`],
  ['pickup', `POST /pbx/group/${support}/member/${idOf(100)}/pickup`],
] as const;

const setGroup = ({ documents }: Stage, id: string, change: Partial<GroupDocument>) =>
  documents.set(({ tenants }) => Object.assign(tenants.acme?.groups?.[id] ?? {}, change));

const rights = (t: Test) =>
  t.test('a controller may do what the flags of the group say, and no more', async (t) => {
    for (const [right, line, body] of acts) {
      for (const isOn of [true, false]) {
        const stage = open(t);
        stage.documents.set(({ tenants }) => Object.assign(tenants.acme ?? {}, { callControl: { pickup_all: false } }));
        setGroup(stage, support, { [right]: isOn });
        stage.calls.push(ringingCall());
        const before = structuredClone(stage.documents.now);
        const { status, json } = await stage.ask('personal', line, body);
        t.equal(status < 300, isOn, `${line} with ${right} ${isOn ? 'on' : 'off'}: ${status}`);
        if (isOn) continue;
        t.match(json, { error: 403, message: 'access_denied' });
        t.same([stage.documents.now, stage.sent, stage.orders], [before, [], []], 'nothing was done');
      }
    }
  });

const roles: readonly (readonly [Who | undefined, number])[] = [
  [undefined, 401],
  ['viewer', 403],
  ['manager', 200],
  ['owner', 200],
  ['reseller', 200],
  ['otherReseller', 404],
];

const levels = (t: Test) =>
  t.test('the roles that run the company may do it whatever the flags say', async (t) => {
    for (const [who, expected] of roles) {
      for (const [right, line, body] of acts) {
        if (right === 'pickup') continue;
        const stage = open(t);
        setGroup(stage, support, { [right]: false });
        const query = who?.endsWith('eseller') ? `?customer=${'a'.repeat(24)}` : '';
        t.equal((await stage.ask(who, line + query, body)).status, expected, `${who} ${line}`);
      }
    }
    const { ask } = open(t);
    for (const [, line, body] of acts) {
      const elsewhere = line.replace(support, night);
      t.equal((await ask('stranger', elsewhere, body)).status, 404, `another company's group: ${elsewhere}`);
    }
  });

const presence = (t: Test) =>
  t.test('presence is set, and seen', async (t) => {
    const { ask, documents } = open(t);
    const line = `/pbx/group/${support}/member/${idOf(100)}`;
    for (const presence of ['away', 'do-not-disturb', 'available']) {
      t.same((await ask('personal', `PUT ${line}/presence`, { presence })).json, { success: true });
      t.same((await ask('personal', `GET ${line}`)).json, {
        ...{ _id: idOf(100), number: '100', name: 'Phone 100', presence },
      });
    }
    t.equal(
      documents.current.tenants.get('globex' as TenantId)?.extensions.get('100' as Extension)?.presence,
      'available',
    );
    const wrong: readonly (readonly [string, unknown, number, string?])[] = [
      [line, { presence: 'asleep' }, 400, 'presence'],
      [line, { presence: 'AWAY' }, 400, 'presence'],
      [line, {}, 400, 'presence'],
      [line, { presence: 'away', until: 5 }, 400, 'until'],
      [line, undefined, 400, 'body'],
      [`/pbx/group/${support}/member/${idOf(102)}`, { presence: 'away' }, 404],
      [`/pbx/group/${support}/member/${idOf(103)}`, { presence: 'away' }, 403],
      [`/pbx/group/${support}/member/${strangerOf(100)}`, { presence: 'away' }, 404],
      [`/pbx/group/${nowhere}/member/${idOf(100)}`, { presence: 'away' }, 404],
      [`/pbx/group/${support}/member/100`, { presence: 'away' }, 400, 'extensionId'],
    ];
    for (const [at, body, status, field] of wrong) {
      const answer = await ask('personal', `PUT ${at}/presence`, body);
      t.match(answer, { status, json: { error: status, ...(field && { field }) } }, `${at} ${JSON.stringify(body)}`);
    }
    const notThere = await ask('manager', `PUT /pbx/group/${support}/member/${idOf(103)}/presence`, {
      presence: 'away',
    });
    t.match(notThere.json, { error: 404, description: 'this extension is no member of the group' });
  });

const membership = (t: Test) =>
  t.test('members come and go', async (t) => {
    const stage = open(t);
    const { ask, documents } = stage;
    const members = (id = support) => documents.now.tenants.acme?.groups?.[id]?.members ?? [];
    const put = (who: Who, id: string, extension: number) => ask(who, `PUT /pbx/group/${id}/member/${idOf(extension)}`);
    const remove = (who: Who, id: string, extension: number) =>
      ask(who, `DELETE /pbx/group/${id}/member/${idOf(extension)}`);

    t.same((await put('personal', support, 103)).json, { success: true });
    t.same((await put('personal', support, 103)).json, { success: true }, 'again changes nothing');
    t.same(members(), ['100', '101', '103']);
    t.same((await remove('personal', support, 100)).json, { success: true });
    t.match((await remove('personal', support, 100)).json, { error: 404, description: /no member/ });
    t.same(members(), ['101', '103']);

    t.equal((await put('personal', sales, 101)).status, 200, 'any member to any group');
    t.equal((await put('personal', sales, 102)).status, 403, 'but not who is no member of a group of his');
    t.equal((await put('personal', night, 101)).status, 403, 'nor into a group of his without the flag');
    t.equal((await put('manager', night, 101)).status, 200);
    t.equal((await ask('personal', `PUT /pbx/group/${sales}/member/${strangerOf(101)}`)).status, 404);
    t.same([members(sales), members(night)], [['103', '101'], ['101']]);

    setGroup(stage, support, { members: ['100'] });
    await Promise.all([101, 102, 103].map((extension) => put('manager', support, extension)));
    t.same([...members()].sort(), ['100', '101', '102', '103'], 'none of three at once is lost');
    const stale = await ask('manager', `PUT /pbx/group/${support}/member/x`);
    t.match(stale.json, { error: 400, field: 'extensionId' });
  });

const otherParties = (t: Test) =>
  t.test('whom a member is on a call with', async (t) => {
    const { ask, calls, documents, away } = open(t);
    const see = async (extension = 100) =>
      (await ask('personal', `GET /pbx/group/${support}/member/${idOf(extension)}/calls`)).json;
    const shows = async (call: KnownCall, expected: object[], about: string) => {
      calls.splice(0, calls.length, call);
      t.match(await see(), expected, about);
      t.equal((await see()).length, expected.length, about);
    };
    t.same(await see(), []);
    calls.push(ringingCall());
    t.same(await see(), [
      {
        ...{ _id: 'call1', direction: 'INBOUND', number: '+4570305050', name: 'Zoe Zander', privacy: false },
        ...{ extension: null, state: 'RINGING', started: '2023-11-14T22:13:20.000Z', answered: null },
      },
    ]);
    const hidden = { number: null, name: null, privacy: true, extension: null };
    const inside = { number: '103', name: 'Phone 103', privacy: false, extension: idOf(103) };
    await shows(ringingCall({ isAnonymous: true }), [hidden], 'an anonymous caller is not named');
    await shows(ringingCall({ caller: '103', isAnonymous: true }), [hidden], 'nor one of the company');
    await shows(ringingCall({ caller: '103' }), [inside], 'a colleague has an extension');
    await shows(
      ringingCall({ callerName: '', callerNumber: '' }),
      [{ number: null, name: null, privacy: false }],
      'unknown',
    );
    await shows(ringingCall({ isPrivate: true }), [], 'a private call is nobody’s to see');
    const outgoing = ringingCall({ caller: '100', target: '103', isAnonymous: true });
    await shows(outgoing, [{ direction: 'OUTBOUND', ...inside }], 'who hides sees whom he called');
    const picked = { state: 'connected', picker: '103', answeredAt: 1_700_000_005_000 };
    await shows(
      { ...outgoing, target: '101', ...picked } as KnownCall,
      [{ state: 'CONNECTED', ...inside }],
      'the picker',
    );
    await shows(ringingCall(picked), [], 'a call that another has taken is no longer of who it rang for');
    await shows(ringingCall({ ...picked, state: 'claimed' }), [{ state: 'RINGING' }], 'it rings until that is done');
    const taken = ringingCall({ ...picked, target: '103', picker: '100' });
    await shows(taken, [{ direction: 'INBOUND', answered: '2023-11-14T22:13:25.000Z' }], 'the member has taken it');
    const group = { target: '800', group: '800', ringsAt: ['100', '101'] };
    await shows(ringingCall(group), [{ direction: 'INBOUND', state: 'RINGING' }], 'a group’s call rings at the member');
    await shows(ringingCall({ ...group, ringsAt: ['101'] }), [], 'or at another');
    await shows(
      ringingCall({ ...group, caller: '100', ringsAt: ['101'] }),
      [{ direction: 'OUTBOUND', number: '800', name: 'Support', extension: null }],
      'who calls a group is called by its name',
    );
    await shows(ringingCall({ state: 'ended' }), [], 'over');
    await shows(ringingCall({ target: '103' }), [], 'of somebody else');
    await shows(ringingCall({ tenant: 'globex' }), [], 'of another company');

    documents.set(({ tenants }) => Object.assign(tenants.acme?.extensions['103'] ?? {}, { private: true }));
    await shows(ringingCall({ caller: '103' }), [], 'the other party’s calls are private');
    documents.set(({ tenants }) => Object.assign(tenants.acme?.extensions['100'] ?? {}, { private: true }));
    calls.splice(0, calls.length, ringingCall());
    t.match(await see(), { error: 403, description: 'the call is private' });
    t.same((await ask('manager', `GET /pbx/group/${support}/member/${idOf(100)}/calls`)).json, [], 'from everybody');
    away.isAway = true;
    t.match(await see(), { error: 503, message: 'unavailable' });
  });

/** What controllers may do. */
export const controllerRows = (t: Test): void => {
  for (const rows of [rights, levels, presence, membership, otherParties]) rows(t);
};
