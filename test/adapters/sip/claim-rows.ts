import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import t from 'tap';
import { claimHeader, openClaim, type SealedClaim, sealClaim } from '../../../src/adapters/sip/claim-header.js';
import { makeForwardedDoor } from '../../../src/adapters/sip/forwarded.js';
import type { DialogIds } from '../../../src/domain/dialog.js';
import type { Taking } from '../../../src/flows/take-call.js';
import { acme, carol } from '../../domain/acme.js';
import { fakeCaller } from '../../flows/parties.js';
import { noting } from '../../flows/stage.js';
import { hostile, label } from './hostile.js';

const secret = 'what instances share';

const sealed: SealedClaim = {
  tenant: acme.id,
  call: '00000000-0000-4000-8000-000000000001' as SealedClaim['call'],
  token: '00000000-0000-4000-8000-000000000002' as SealedClaim['token'],
  picker: carol,
  method: 'directed',
};

const idsWith = (sipCallId: string): DialogIds => ({ sipCallId, localTag: 'of carol', remoteTag: 'ours' });

const throughHeader = (pickerIds: DialogIds) => openClaim(sealClaim({ ...sealed, pickerIds }, secret), secret);

t.test('the dialog of the picker’s phone goes with the claim, whatever the phone has chosen', async (t) => {
  const ids = [...hostile, 'a(b)c{d}?"x"/y@h[1]', ' v3 x ', '👩‍👩‍👧', 'x@phone'].filter(
    (id) => id !== '' && id.length < 100,
  );
  for (const sipCallId of ids) {
    const header = sealClaim({ ...sealed, pickerIds: idsWith(sipCallId) }, secret);
    t.match(header, /^[\w .+-]+$/, `nothing of ${label(sipCallId)} stands in the header as it is`);
    t.same(openClaim(header, secret), { ...sealed, pickerIds: idsWith(sipCallId) }, label(sipCallId));
  }
  const untagged = { sipCallId: 'x@phone' };
  t.same(throughHeader(untagged), { ...sealed, pickerIds: untagged });
  t.same(openClaim(sealClaim(sealed, secret), secret), sealed, 'or it does not');
});

t.test('DESIGN 3.11: the header is never longer than 700 characters; ids that do not fit are left out', async (t) => {
  const longestTenant = 'x'.repeat(63) as SealedClaim['tenant'];
  const longestPicker = '1'.repeat(64) as SealedClaim['picker'];
  const wide = { ...sealed, tenant: longestTenant, picker: longestPicker, method: 'replaces' } as const;
  let kept = 0;
  for (let length = 1; length <= 300; length += 1) {
    const pickerIds = idsWith('x'.repeat(length));
    const header = sealClaim({ ...wide, pickerIds }, secret);
    if (header.length > 700) t.fail(`${header.length} characters`);
    const opened = openClaim(header, secret);
    if (opened?.pickerIds) kept = length;
    const wanted = kept === length ? { ...wide, pickerIds } : wide;
    if (!isDeepStrictEqual(opened, wanted)) t.fail(`a Call-ID of ${length} characters`);
  }
  t.ok(kept >= 150 && kept < 300, `a Call-ID of ${kept} characters goes with the longest names`);
  t.same(throughHeader(idsWith('é'.repeat(5_000))), sealed, 'the claim itself is never lost');
});

t.test('no text that others write is a claim, and none of it hurts', async (t) => {
  const header = sealClaim({ ...sealed, pickerIds: idsWith('carol@phone') }, secret);
  for (let i = 0; i < header.length; i += 1) {
    const forged = header.slice(0, i) + (header[i] === 'A' ? 'B' : 'A') + header.slice(i + 1);
    if (openClaim(forged, secret)) t.fail(`character ${i} may be changed`);
  }
  const parts = header.split(' ');
  for (const [index] of parts.entries()) {
    t.equal(openClaim(parts.filter((_, i) => i !== index).join(' '), secret), undefined, `without part ${index}`);
  }
  t.equal(openClaim(header.replace('v3', 'v2'), secret), undefined, 'another version is none');
  const anything = fc.property(fc.string({ unit: 'binary', maxLength: 800 }), (text) => !openClaim(text, secret));
  t.doesNotThrow(() => fc.assert(anything, { numRuns: 500, seed: 4 }));
});

t.test('the owner shows the phone’s own dialog; where the claim does not say which, none', async (t) => {
  const knock = async (claim: SealedClaim): Promise<Taking['pickerIds']> => {
    const takings: Taking[] = [];
    const call = { tenant: acme, take: () => true, isOver: false, log: noting([]) };
    const door = makeForwardedDoor({
      office: () => ({ tenants: new Map([[acme.id, acme]]) }) as never,
      calls: {} as never,
      live: { get: () => call } as never,
      takeCall: async (taking) => {
        takings.push(taking);
        return { ok: true };
      },
      log: noting([]),
    });
    await door(claim, fakeCaller('the leg between the instances'), false);
    return takings[0]?.pickerIds;
  };
  t.same(await knock({ ...sealed, pickerIds: idsWith('carol@phone') }), idsWith('carol@phone'));
  t.equal(await knock(sealed), 'unknown');
  t.equal(claimHeader, 'X-Callpickup-Claim');
});
