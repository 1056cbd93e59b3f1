import type { Test } from 'tap';
import { elsewhere, reasons, ringing } from '../support/office.js';
import { type Phone, phone } from '../support/phone.js';
import type { Answered } from '../support/requests.js';
import { shapeOf } from './seeds-shape.js';
import type { Program, SeedsStage } from './seeds-stage.js';
import { voipnowAccepted, voipnowBodies, voipnowCall } from './seeds-texts.js';

const list = '/uapi/phoneCalls/@me/0003*210';

/** The two forms of VoipNow's values that a shape does not show. */
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/;
const callerId = /^[^<>]+ <[^<>]+>$/;

/** Those of the page: an app of user 12, the phone that rings, the one that gets the call, and a caller from outside. */
interface Scene {
  readonly stage: SeedsStage;
  readonly me: Program;
  readonly desk: Phone;
  readonly home: Phone;
  readonly stranger: Phone;
}

/** VoipNow's page: the request byte for byte, its answer, what the link leads to, and the table of codes. */
export const replayVoipnow = async (t: Test, stage: SeedsStage): Promise<void> => {
  const me = await stage.program({ role: 'PERSONAL', tenant: 'voipnow', extension: '024', user: '12' });
  const [desk, home] = await Promise.all(['210', '024'].map((each) => stage.phoneOf('voipnow', each)));
  const stranger = await phone(t, { number: '3334444', server: stage.sip, domain: 'voipnow.example' });
  if (!desk || !home) throw new Error('two phones');
  const scene: Scene = { stage, me, desk, home, stranger };

  for (const [index, body] of voipnowBodies.entries()) {
    t.test(`The example, body ${index + 1} of 2 byte for byte`, (t) => example(t, scene, body));
  }
  t.test('The table of codes', (t) => codes(t, scene));
  t.test('What the tables call optional, and @self', (t) => optional(t, scene));
  t.end();
};

/** The id of the one call that rings at 0003*210, as List PhoneCalls tells it. */
const idOfRinging = async (t: Test, me: Program): Promise<string> => {
  const { status, json } = await me(`GET ${list}`);
  t.equal(status, 200);
  t.equal(json.totalResults, 1);
  t.match(json.entry[0].id, /^[a-z0-9]+$/, 'an Object-Id: alphanumeric, though longer than the 20 of the page');
  return json.entry[0].id;
};

const { answered: _, ...unansweredView } = voipnowCall.phoneCallView[0] ?? {};
const { answered: __, ...unansweredCall } = { ...voipnowCall, phoneCallView: [unansweredView] };

const hasForms = (t: Test, call: typeof voipnowCall, times: readonly string[]): void => {
  for (const each of times) t.match(each, time, 'a time with its offset');
  for (const view of call.phoneCallView) t.match(view.callerId, callerId);
};

const example = async (t: Test, { stage, me, desk, home, stranger }: Scene, body: string) => {
  hasForms(t, voipnowCall, [voipnowCall.answered, voipnowCall.published]);
  const { call, leg } = await ringing(stranger, desk);
  const id = await idOfRinging(t, me);

  const accepted = await me(`PUT ${list}/${id}`, body);
  t.equal(accepted.status, 202);
  t.same(shapeOf(accepted.json), shapeOf(voipnowAccepted), 'id, extension, link.self');
  t.same(accepted.json, {
    id,
    extension: voipnowAccepted.extension,
    link: { self: `${stage.http}/uapi/phoneCalls/12/0003*210/${id}` },
  });
  const link = new URL(accepted.json.link.self).pathname;

  const offered = await home.isCalled();
  t.match(offered.request.get('From'), /^"?John Doe"? <sip:42420042@/, 'the caller id is the one of the request');
  offered.rings();
  const meanwhile = await me(`GET ${link}`);
  t.equal(meanwhile.status, 200);
  t.same(shapeOf(meanwhile.json), shapeOf(unansweredCall), 'while it rings: the shape of the page but for answered');
  t.equal(meanwhile.json.phoneCallView[0].status, '3', 'ringing');
  t.ok(leg.isPending, '210 rings on');

  await Promise.all([offered.answers(), call.answered()]);
  t.same(reasons(await leg.stopsRinging()), elsewhere);
  await isAsPrinted(t, await me(`GET ${link}`), id);

  await Promise.all([call.hangsUp(), offered.isHungUp()]);
  t.same(await stage.everythingLeft(), []);
  t.equal((await me(`GET ${link}`)).status, 204, 'there is no phone call to be returned');
  t.equal((await me(`GET ${list}`)).status, 204);
};

/** The answer is the page's, but for what only this call can have. */
const isAsPrinted = async (t: Test, { status, json }: Answered, id: string) => {
  t.equal(status, 200);
  t.same(shapeOf(json), shapeOf(voipnowCall), 'after the answer: every field of the page, in its order');
  hasForms(t, json, [json.answered, json.published]);
  const { ownerId, ownerName, extension } = voipnowCall;
  t.match(json, { id, extension, ownerId, ownerName });
  const [called, picker] = json.phoneCallView;
  t.equal(json.phoneCallView.length, 2, 'the page shows one view; ours has the picker’s own as well');
  const { id: view, status: onCall, destination } = voipnowCall.phoneCallView[0] ?? {};
  t.match(called, { id: view, extension, status: onCall, destination });
  t.same(called.source, ['3334444'], 'source is who calls; the page has sendCallTo there');
  t.match(picker, { id: '03', extension: '0003*024', status: onCall });
};

const codes = async (t: Test, { stage, me, desk, home, stranger }: Scene) => {
  const { call, leg } = await ringing(stranger, desk);
  const url = `${list}/${await idOfRinging(t, me)}`;
  const action = JSON.parse(voipnowBodies[0]);
  const { sendCallTo: ___, ...withoutSendCallTo } = action;
  const { phoneCallViewId: ____, ...withoutView } = action;
  const rows: [string, string, object][] = [
    ...['0', 0, -1, 'soon', true, '', 1.5].map((waitForPickup): [string, string, object] => [
      'pc_timeout_invalid',
      url,
      { ...action, waitForPickup },
    ]),
    ...['42420042', 'John Doe', 'John Doe <>', 'John Doe <4242 0042>', '<42420042>', 5].map(
      (own): [string, string, object] => ['pc_callerid_invalid', url, { ...action, callerId: own }],
    ),
    ['pc_phonecall_invalid', `${list}/${voipnowAccepted.id}`, action],
    ['pc_phonecall_invalid', `${list}/not-alphanumeric`, action],
    ['pc_phonecallview_invalid', url, withoutView],
    ...['02', '99', 'one', 1].map((phoneCallViewId): [string, string, object] => [
      'pc_phonecallview_invalid',
      url,
      { ...action, phoneCallViewId },
    ]),
    ['pc_sendcallto_invalid', url, withoutSendCallTo],
    // Nobody's, a queue's, another organization's, and no number at all.
    ...['0003*999', '0003*107', '0004*024', '+', 24].map((sendCallTo): [string, string, object] => [
      'pc_sendcallto_invalid',
      url,
      { ...action, sendCallTo },
    ]),
  ];
  for (const [code, path, body] of rows) {
    const { status, json } = await me(`PUT ${path}`, body);
    t.equal(status, 400, JSON.stringify(body));
    t.equal(json.error.code, code, json.error.message);
  }
  const unnamed = await me(`PUT ${url}`, voipnowBodies[0], { 'content-type': 'text/plain' });
  t.equal(unnamed.status, 415, 'what the body is must be said: `Content Type:`, as the page has it, is no header');
  t.ok(leg.isPending, 'the phone rings on');
  t.equal(
    home.log.filter(({ text }) => text.startsWith('INVITE')).length,
    2,
    'only the two of the examples were called',
  );
  await Promise.all([call.cancels(), leg.stopsRinging()]);
  t.same(await stage.everythingLeft(), []);
};

const optional = async (t: Test, { stage, me, desk, home, stranger }: Scene) => {
  const { call, leg } = await ringing(stranger, desk);
  const id = await idOfRinging(t, me);
  const least = { action: 'PickUp', sendCallTo: '0003*024', phoneCallViewId: '01' };
  const { status, json } = await me(`PUT /uapi/phoneCalls/@me/@self/${id}`, least);
  t.equal(status, 202, 'no callerId, no waitForPickup, and @self for an extension that is unknown');
  t.match(json.link.self, new RegExp(`/uapi/phoneCalls/12/210/${id}$`));
  const offered = await home.isCalled();
  t.match(offered.request.get('From'), /^"John at home" <sip:024@/, 'the default: the caller id of the phone terminal');
  offered.rings();
  await Promise.all([offered.answers(), call.answered()]);
  await leg.stopsRinging();
  await Promise.all([call.hangsUp(), offered.isHungUp()]);
  t.same(await stage.everythingLeft(), []);

  for (const user of ['@me', '@viewer', '@owner', '12']) {
    t.equal((await me(`GET /uapi/phoneCalls/${user}/0003*210`)).status, 204, `${user}: nothing rings any more`);
  }
  t.equal((await me('GET /uapi/phoneCalls/77/0003*210')).status, 400, 'a user that is none');
};
