import fc from 'fast-check';
import t from 'tap';
import { actHeader, newOnce, openAct, type SealedAct, sealAct } from '../../../src/adapters/sip/act-header.js';
import { sealClaim } from '../../../src/adapters/sip/claim-header.js';
import { makeForwardedActDoor } from '../../../src/adapters/sip/forwarded-act.js';
import { capabilitiesWith } from '../../../src/adapters/sip/headers.js';
import { screenInvite } from '../../../src/adapters/sip/screen.js';
import type { DialogIds } from '../../../src/domain/dialog.js';
import { forwardedActs } from '../../../src/flows/act-request.js';
import type { Supervising } from '../../../src/flows/supervise.js';
import type { Taken } from '../../../src/flows/take-call.js';
import { acme, bob, carol } from '../../domain/acme.js';
import { fakeCaller } from '../../flows/parties.js';
import { noting } from '../../flows/stage.js';
import { hostile, label } from './hostile.js';
import { inviteOf } from './request.js';

const secret = 'what instances share';

const idsWith = (sipCallId: string): DialogIds => ({ sipCallId, localTag: 'of a phone', remoteTag: 'ours' });

const act: SealedAct = {
  ...{ once: newOnce(), tenant: acme.id, act: 'eavesdrop', asker: carol, extension: bob },
  call: '00000000-0000-4000-8000-000000000001' as SealedAct['call'],
};

t.test('an act goes through its header as it is, whatever phones have chosen', async (t) => {
  for (const name of forwardedActs)
    t.same(openAct(sealAct({ ...act, act: name }, secret), secret), { ...act, act: name });
  for (const id of [...hostile, 'a(b)c{d}?"x"/y@h[1]', ' a1 x '].filter((id) => id !== '' && id.length < 100)) {
    const named = { ...act, ids: idsWith(id), askerIds: idsWith(`${id}2`) };
    const header = sealAct(named, secret);
    t.match(header, /^[\w .+-]+$/, `nothing of ${label(id)} stands in the header as it is`);
    t.same(openAct(header, secret), named, label(id));
  }
  t.equal(actHeader, 'X-Callpickup-Act');
});

t.test('DESIGN 3.11: never longer than 700 characters; ids that do not fit are left out', async (t) => {
  const [ids, long] = [idsWith('x@phone'), idsWith('x'.repeat(600))];
  t.same(openAct(sealAct({ ...act, ids, askerIds: long }, secret), secret), { ...act, ids });
  t.same(openAct(sealAct({ ...act, ids: long, askerIds: ids }, secret), secret), act);
  t.ok(sealAct({ ...act, ids: idsWith('é'.repeat(5_000)), askerIds: long }, secret).length <= 700);
});

t.test('no text that others write is an act, and an old one is none', async (t) => {
  const header = sealAct({ ...act, ids: idsWith('x@phone') }, secret);
  for (let i = 0; i < header.length; i += 1) {
    const forged = header.slice(0, i) + (header[i] === 'A' ? 'B' : 'A') + header.slice(i + 1);
    if (openAct(forged, secret)) t.fail(`character ${i} may be changed`);
  }
  t.equal(openAct(header, 'another secret'), undefined);
  t.equal(openAct(sealAct(act, secret, Date.now() - 31_000), secret), undefined);
  t.equal(openAct(sealAct({ ...act, act: 'preview' as never }, secret), secret), undefined);
  const claim = { ...act, picker: carol, token: act.call as never, method: 'directed' } as const;
  t.equal(openAct(sealClaim(claim, secret), secret), undefined, 'a claim is no act');
  const anything = fc.property(fc.string({ unit: 'binary', maxLength: 800 }), (text) => !openAct(text, secret));
  t.doesNotThrow(() => fc.assert(anything, { numRuns: 500, seed: 4 }));
});

t.test('the owner does what is asked once, for the phone’s own dialog, and names its no', async (t) => {
  const asked: Supervising[] = [];
  const answers: Taken[] = [{ ok: true }, { ok: false, refusal: 'private-call' }];
  const door = makeForwardedActDoor({
    office: () => ({ tenants: new Map([[acme.id, acme]]) }) as never,
    ...{ self: 'here' as never, live: { talks: () => [], joined: async () => undefined }, log: noting([]) },
    supervise: async (supervising) => {
      asked.push(supervising);
      return answers.shift() ?? { ok: true };
    },
    stealCall: () => Promise.reject(new Error('nothing is stolen')),
  });
  const knock = async (more: Partial<SealedAct>) => {
    const phone = fakeCaller('the leg between the instances');
    await door({ ...act, once: newOnce(), ...more }, phone, false);
    return phone.heard;
  };
  t.same(await knock({ askerIds: idsWith('carol@phone'), ids: idsWith('bob@phone') }), []);
  t.match(asked[0], {
    ...{ supervisor: carol, colleague: bob, mode: 'listen', call: act.call, isForwarded: true },
    ...{ ids: idsWith('bob@phone'), leg: { ids: idsWith('carol@phone') } },
  });
  t.same(await knock({ once: 'overheard' }), ['403 private-call']);
  t.same(await knock({ once: 'overheard' }), ['403 not-allowed'], 'not twice');
  t.same(await knock({ act: 'steal' }), ['480 no-call'], 'it is not here any more');
  t.same(await knock({ tenant: 'other' as never }), ['480 no-call']);
  t.equal(asked.length, 2);
});

t.test('J10: where no call can be joined, Join can neither be required nor is it offered', async (t) => {
  const asked = inviteOf({ Require: 'join', Join: 'a@b;to-tag=1;from-tag=2' });
  t.match(screenInvite(asked), { ok: false, rejection: { status: 420, headers: { Unsupported: 'join' } } });
  t.match(screenInvite(asked, true), { ok: true });
  t.notMatch(capabilitiesWith(false).Supported, /join/);
  t.match(capabilitiesWith(true).Supported, /\bjoin\b/);
});
