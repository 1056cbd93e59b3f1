import type { Test } from 'tap';
import type { Dialog } from '../../src/domain/dialog.js';
import { elsewhere, type Office, office, reasons } from '../support/office.js';
import type { Call, Leg, Message, Phone } from '../support/phone.js';
import { Message as SipMessage, writeMessage } from '../support/phone-message.js';
import { Moment } from '../support/phone-moment.js';
import { offerSdp } from '../support/phone-sdp.js';
import { newBranch, newWord } from '../support/phone-station.js';
import type { RunningService } from '../support/service.js';

/**
 * Companies with the same numbers: one where everybody may pick up and Carol may steal, another, one that allows
 * nothing, and one that overlooks whatever can be overlooked.
 */
export const companies = `
sipAuth: none
tenants:
  acme:
    default: true
    domains: [acme.example]
    extensions: { "100": { name: Alice Adams }, "101": { name: Bob Brown }, "102": { name: Carol Clark }, "103": {} }
    groups:
      aaaaaaaaaaaaaaaaaaaaaaaa: { name: sales, members: ["100", "101", "103"], controllers: ["102"], steal: true }
  other:
    domains: [other.example]
    extensions: { "100": {}, "101": {}, "102": {} }
  strict:
    domains: [strict.example]
    extensions: { "100": {}, "101": {}, "102": {} }
    callControl: { pickup_all: false }
  easy:
    domains: [easy.example]
    replaces: [escaped, swapped-tags, call-id-only, caller-dialog]
    extensions: { "100": {}, "101": {}, "102": {} }
`;

/** The people of acme at their phones; `ring` is by whom a call that rings on is taken in the end. */
export const peopleOfAcme = async (t: Test) => {
  const acme = await office(t, { office: companies });
  const plug = (number: string) => acme.phone(number, { domain: 'acme.example' });
  const [alice, bob, carol, dave] = [await plug('100'), await plug('101'), await plug('102'), await plug('103')];
  return { acme, alice, bob, carol, dave, ring: { at: acme, by: carol } };
};

/** What no dialog is answered. */
export const none = '481 No Such Dialog To Replace';

/** What a watcher of the extension is told of the dialog of this phone, out of the store. */
export const dialogOf = async ({ redis }: RunningService, leg: Leg, tenant = 'acme'): Promise<Dialog> => {
  const all = (await redis.hvals(`cp:{${tenant}}:dialogs:101`)).map((json) => JSON.parse(json) as Dialog);
  const own = all.find(({ sipCallId }) => sipCallId === leg.request.callId);
  if (!own) throw new Error('nobody was told of the dialog');
  return own;
};

/** What a key makes of it (RFC 3891 section 6.1). */
export const replacesOf = async (...of: Parameters<typeof dialogOf>): Promise<string> => {
  const { sipCallId, remoteTag, localTag } = await dialogOf(...of);
  return `${sipCallId};to-tag=${remoteTag};from-tag=${localTag}`;
};

/** What names the dialog of somebody who has called: the other way round than for one who was called. */
export const callersDialog = (call: { callId: string; localTag: string }, answer: Message): string =>
  `${call.callId};to-tag=${answer.toTag};from-tag=${call.localTag}`;

/** Presses a blinking key; more headers if the phone sends some. */
export const presses = (
  who: Phone,
  Replaces: string | string[],
  target = '101',
  headers: Record<string, string> = {},
) => who.calls(target, { headers: { Replaces, ...headers } });

/** What a press that comes to nothing is answered. */
export const heard = async (...press: Parameters<typeof presses>): Promise<string> =>
  lineOf(await presses(...press).fails());

/** The status and the phrase of a response. */
export const lineOf = ({ startLine }: Message): string => startLine.replace(/^SIP\/2\.0 /, '');

/** A call under a Call-ID of the caller's own making. */
export interface OwnCall {
  readonly callId: string;
  readonly localTag: string;
  rings(): Promise<Message>;
  /** Resolves with the final response, acknowledged. */
  ends(): Promise<Message>;
  /** Sends BYE; resolves with its answer. */
  hangsUp(): Promise<Message>;
}

/** Calls under any Call-ID, another's too, by hand: the phones of the tests make up their own. */
export const callsAs = (who: Phone, callId: string, target: string): OwnCall => {
  const localTag = newWord();
  const uri = `sip:${target}@${who.aor.split('@')[1]}`;
  const { host, port } = who.address;
  const [ringing, final, gone] = [new Moment<Message>(), new Moment<Message>(), new Moment<Message>()];
  const says = (method: string, { To = `<${uri}>`, branch = newBranch(), sequence = 1, body = '' } = {}): void => {
    const fields = {
      Via: `SIP/2.0/UDP ${host}:${port};branch=${branch};rport`,
      'Max-Forwards': '70',
      ...{ From: `<${who.aor}>;tag=${localTag}`, To, 'Call-ID': callId, CSeq: `${sequence} ${method}` },
      Contact: `<${who.uri}>`,
    };
    who.sendsRaw(writeMessage(`${method} ${uri} SIP/2.0`, fields, { body }));
  };
  const invite = newBranch();
  who.watch(({ direction, text }) => {
    const message = new SipMessage(text);
    if (direction !== 'in' || message.status < 180 || message.fromTag !== localTag) return;
    if (message.method === 'BYE') return gone.happens(message);
    if (message.status < 200) return ringing.happens(message);
    const isOk = message.status < 300;
    says('ACK', { To: message.get('to') ?? '', branch: isOk ? newBranch() : invite });
    final.happens(message);
  });
  says('INVITE', { branch: invite, body: offerSdp({ host, port: 9, version: 1 }) });
  const ends = () => final.wait(() => `${callId} has no final response`);
  return {
    ...{ callId, localTag, ends },
    rings: () => ringing.wait(() => `${callId} did not ring`),
    hangsUp: async () => {
      says('BYE', { To: (await ends()).get('to') ?? '', sequence: 2 });
      return gone.wait(() => `the BYE of ${callId} was not answered`);
    },
  };
};

/** A claim that is being given back may still refuse the first presses. */
const pressesUntilFree = async (who: Phone, key: string): Promise<Call> => {
  for (;;) {
    const pickup = presses(who, key);
    if ((await pickup.ends()).status !== 486) return pickup;
  }
};

/** The phone rings on after all that was refused, and the right key still has the call. */
export const stillTaken = async (
  t: Test,
  { at, by }: { at: Office; by: Phone },
  { call, leg, key }: { call: Call; leg: Leg; key?: string },
): Promise<void> => {
  t.ok(leg.isPending, 'the phone rings on');
  const pickup = await pressesUntilFree(by, key ?? (await replacesOf(at, leg)));
  await Promise.all([pickup.answered(), call.answered()]);
  t.same(reasons(await leg.stopsRinging()), elsewhere, 'and the right key has the call');
  await Promise.all([call.hangsUp(), pickup.isHungUp()]);
  t.same(await at.everythingLeft(), []);
};
