import t from 'tap';
import { type DialogView, dialogInfo } from '../../../src/adapters/sip/dialog-info.js';
import { type Dialog, dialogStates } from '../../../src/domain/dialog.js';
import { acme, bob, companyOf, tenant } from '../../domain/acme.js';
import { childOf, dialogsOf, type Element } from '../../support/dialog-info-reader.js';
import { profile, profiles, ringing, shown, viewOf } from './dialog-info-views.js';

t.test('D12, D16, D17, D20: a call that rings, as it stands on the wire', async (t) => {
  t.equal(
    dialogInfo(viewOf([ringing()]))(7),
    [
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="7" state="full" entity="sip:101@acme.example">',
      '<dialog id="d-5f3a-1" call-id="n3.5f3a.b1@pbx.example.com" local-tag="B-TO-TAG" remote-tag="n3-ft-5f3a" direction="recipient">',
      '<state>early</state>',
      '<local><identity display="Bob Brown">sip:101@acme.example</identity><target uri="sip:101@acme.example"/></local>',
      '<remote><identity display="Alice Adams">sip:100@acme.example</identity><target uri="sip:*95101@acme.example"/></remote>',
      '</dialog></dialog-info>',
    ].join(''),
  );
});

t.test('D13, D29: made once, each subscription stamps its own version', async (t) => {
  const stamp = dialogInfo(viewOf([ringing({ remote: { ...ringing().remote, name: ' version="0"' } })]));
  for (const version of [0, 1, 9, 10, 4294967295]) {
    t.match(
      stamp(version),
      `<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="${version}" state="full"`,
    );
    t.equal(stamp(version).replace(` version="${version}"`, ' version="0"'), stamp(0), 'nothing else differs');
  }
});

t.test('D14, D15: always the full state, of the address that was asked for', async (t) => {
  for (const entity of ['sip:101@acme.example', 'sip:101@127.0.0.1:5060', 'sips:101@ACME.example;user=phone']) {
    const { attributes } = shown([ringing(), ringing({ id: 'b' })], { entity });
    t.match(attributes, { entity, state: 'full' });
  }
});

t.test('D16, D18: a tag that is not known is left out, never empty', async (t) => {
  const { localTag: _, ...unanswered } = ringing({ state: 'proceeding' });
  const [dialog] = dialogsOf(shown([unanswered]));
  t.same(dialog?.attributes, {
    id: 'd-5f3a-1',
    'call-id': 'n3.5f3a.b1@pbx.example.com',
    'remote-tag': 'n3-ft-5f3a',
    direction: 'recipient',
  });
  const [empty] = dialogsOf(shown([ringing({ localTag: '', remoteTag: '' })]));
  t.same(Object.keys(empty?.attributes ?? {}), ['id', 'call-id', 'direction']);
});

t.test('D8, D19: the state with why it ended, and the children in the order of the schema', async (t) => {
  const over = ringing({ state: 'terminated', event: 'rejected', code: 486 });
  const [dialog] = dialogsOf(shown([{ ...over, replaces: { sipCallId: 'a@b', localTag: 'l', remoteTag: 'r' } }]));
  t.same(
    dialog?.children.map(({ name }) => name),
    ['state', 'replaces', 'local', 'remote'],
  );
  t.match(childOf(dialog, 'state'), { text: 'terminated', attributes: { event: 'rejected', code: '486' } });
  const [alive] = dialogsOf(shown([ringing({ event: 'rejected', code: 486 })]));
  t.same(childOf(alive, 'state')?.attributes, {}, 'only what is over has ended by something');
});

t.test('D21: a phone that holds says so at its own end, by the attribute that the schema knows', async (t) => {
  const confirmed = ringing({ state: 'confirmed' });
  const [held] = dialogsOf(shown([{ ...confirmed, isHeld: true }]));
  t.same(childOf(held, 'local', 'target', 'param')?.attributes, { pname: '+sip.rendering', pval: 'no' });
  t.equal(childOf(held, 'remote', 'target', 'param'), undefined);
  const [talking] = dialogsOf(shown([confirmed]));
  t.equal(childOf(talking, 'local', 'target', 'param'), undefined);
});

t.test('D22: the dialog whose place a pickup took, if both of its tags are known', async (t) => {
  const replaces = { sipCallId: 'x@y', localTag: 'l', remoteTag: 'r' };
  const [picked] = dialogsOf(shown([ringing({ state: 'confirmed', replaces })]));
  t.same(childOf(picked, 'replaces')?.attributes, { 'call-id': 'x@y', 'local-tag': 'l', 'remote-tag': 'r' });
  const [half] = dialogsOf(shown([ringing({ state: 'confirmed', replaces: { sipCallId: 'x@y', localTag: 'l' } })]));
  t.equal(childOf(half, 'replaces'), undefined);
});

t.test('D24: an idle extension, to phones that need a dialog and to others', async (t) => {
  const [idle, ...more] = dialogsOf(shown([]));
  t.match(idle, { attributes: { id: '101' }, children: [{ name: 'state', text: 'terminated' }] });
  t.same(more, []);
  t.same(shown([], { profile: profile({ idleDialog: false }) }).children, []);
  t.equal(dialogsOf(shown([ringing()])).length, 1, 'nothing is added to what there is');
});

const idsIn = (root: Element) => dialogsOf(root).map(({ attributes }) => attributes.id);

/** From what matters most to what matters least (protocol.md D25). */
const order: [direction: Dialog['direction'], state: Dialog['state'], since: number][] = [
  ['recipient', 'early', 1],
  ['recipient', 'early', 8],
  ['initiator', 'confirmed', 2],
  ['recipient', 'confirmed', 7],
  ['initiator', 'early', 1],
  ['recipient', 'proceeding', 1],
  ['initiator', 'trying', 1],
  ['initiator', 'terminated', 9],
  ['recipient', 'terminated', 1],
];

t.test('D25: what matters most comes first, and alone to phones that take only one', async (t) => {
  const dialogs = order.map(([direction, state, since], i) => ringing({ id: `${i}`, direction, state, since }));
  for (let least = 0; least < dialogs.length; least += 1) {
    const mixed = dialogs.slice(least).reverse();
    t.same(
      idsIn(shown(mixed, { sees: 'state' })),
      dialogs.slice(least).map(({ id }) => id),
    );
    t.same(idsIn(shown(mixed, { profile: profile({ oneDialog: true }) })), [`${least}`]);
  }
});

t.test('D26: who hears it ring is shown as talking, where a phone would blink otherwise', async (t) => {
  for (const direction of ['initiator', 'recipient'] as const) {
    for (const state of dialogStates) {
      const stateBy = (callerConfirmed: boolean) =>
        childOf(shown([ringing({ direction, state })], { profile: profile({ callerConfirmed }) }), 'dialog', 'state')
          ?.text;
      t.equal(stateBy(false), state);
      t.equal(stateBy(true), direction === 'initiator' && state === 'early' ? 'confirmed' : state);
    }
  }
});

/** The target of the other party of Bob's only dialog. */
const targetOf = (dialog: Partial<Dialog>, changes: Partial<DialogView> = {}) =>
  childOf(shown([ringing(dialog)], changes), 'dialog', 'remote', 'target')?.attributes.uri;

t.test('D20: the remote target is the code that picks the call up, as long as it can be picked up', async (t) => {
  for (const state of ['trying', 'proceeding', 'early'] as const) {
    t.equal(targetOf({ state }), 'sip:*95101@acme.example', state);
  }
  t.equal(targetOf({ state: 'confirmed' }), 'sip:100@acme.example');
  t.equal(targetOf({ state: 'terminated' }), 'sip:100@acme.example');
  t.equal(targetOf({ direction: 'initiator' }), 'sip:100@acme.example');
  t.equal(targetOf({}, { profile: profile({ remoteTarget: 'caller' }) }), 'sip:100@acme.example');
  const own = tenant('acme', { codes: { pickup: ['#7', '*7'] }, domains: ['one.example', 'two.example'] });
  t.equal(targetOf({}, { tenant: own }), 'sip:%237101@one.example', 'the company’s own code, escaped (RFC 3261 25.1)');
  t.equal(targetOf({}, { tenant: tenant('acme', { codes: {} }) }), 'sip:100@acme.example', 'a company without a code');
});

t.test('the other party, from wherever it calls', async (t) => {
  const identityOf = (remote: Partial<Dialog['remote']>) =>
    childOf(shown([ringing({ remote: { ...ringing().remote, ...remote } })]), 'dialog', 'remote', 'identity');
  t.match(identityOf({ number: '+45 12#3', domain: 'x.example' }), { text: 'sip:+45%2012%233@x.example' });
  t.match(identityOf({ number: '' }), { text: 'sip:acme.example' });
  t.same(identityOf({ name: '' })?.attributes, {}, 'no name is no empty name');
});

t.test('D27: who does not want to be known is not known to anybody', async (t) => {
  const remote = { name: 'Secret Agent', number: '00700700', domain: 'mi6.example', isAnonymous: true };
  for (const direction of ['initiator', 'recipient'] as const) {
    for (const state of dialogStates) {
      for (const each of profiles) {
        const text = dialogInfo(viewOf([ringing({ direction, state, remote })], { profile: each, isOwn: true }))(0);
        t.notMatch(text, /Secret|007|mi6/);
      }
      const dialog = childOf(shown([ringing({ direction, state, remote })]), 'dialog', 'remote');
      t.match(childOf(dialog, 'identity'), {
        text: 'sip:anonymous@anonymous.invalid',
        attributes: { display: 'Anonymous' },
      });
    }
  }
  t.equal(targetOf({ remote }), 'sip:*95101@acme.example', 'and can be picked up all the same');
  t.equal(targetOf({ remote, state: 'confirmed' }), 'sip:anonymous@anonymous.invalid');
});

t.test('D6: who may see the state alone sees neither ids nor the other party, nor a code to press', async (t) => {
  const replaces = { sipCallId: 'id-of-another', localTag: 'tag-of-another', remoteTag: 'our-tag-of-another' };
  for (const state of dialogStates) {
    for (const each of profiles) {
      const dialog = ringing({ state, replaces, isHeld: true });
      const text = dialogInfo(viewOf([dialog], { profile: each, sees: 'state' }))(0);
      t.notMatch(text, /pbx|TAG|n3|Alice|sip:100|\*95|another/);
      const [line] = dialogsOf(shown([dialog], { profile: each, sees: 'state' }));
      t.same(line?.attributes, { id: 'd-5f3a-1', direction: 'recipient' });
      t.equal(childOf(line, 'state')?.text, state);
      t.equal(childOf(line, 'local', 'identity')?.text, 'sip:101@acme.example');
    }
  }
});

t.test('who may see calls but not with whom, sees ids, and the other party only of what it may pick up', async (t) => {
  for (const sees of ['callers', 'calls'] as const) {
    for (const each of profiles) {
      for (const state of dialogStates) {
        const text = dialogInfo(viewOf([ringing({ state })], { profile: each, sees }))(0);
        t.match(text, /call-id="n3\.5f3a/, 'its key can be pressed');
        const isNamed = sees === 'callers' && state !== 'confirmed' && state !== 'terminated';
        if (isNamed) t.match(text, /Alice/, `${sees} ${state}`);
        else t.notMatch(text, /Alice|sip:100|\*95/, `${sees} ${state}`);
      }
      const own = dialogInfo(viewOf([ringing({ direction: 'initiator' })], { profile: each, sees }))(0);
      t.notMatch(own, /Alice|sip:100/, 'whom the extension itself calls');
    }
  }
});

t.test('a phone that can show it has a lit key for who does not want to be disturbed', async (t) => {
  const company = companyOf({ extensions: { 101: { presence: 'do-not-disturb' } } });
  const linesOf = (dialogs: Dialog[], { dndConfirmed = true, oneDialog = false, tenant = company } = {}) =>
    dialogsOf(shown(dialogs, { tenant, profile: profile({ dndConfirmed, oneDialog }) })).map(
      (line) => `${line.attributes.id} ${childOf(line, 'state')?.text}`,
    );
  t.same(linesOf([]), ['101-dnd confirmed']);
  t.same(linesOf([], { dndConfirmed: false }), ['101 terminated']);
  t.same(linesOf([], { tenant: acme }), ['101 terminated']);
  const [talking, ended] = [ringing({ id: 'a', state: 'confirmed' }), ringing({ id: 'a', state: 'terminated' })];
  t.same(linesOf([talking]), ['a confirmed'], 'a call says more');
  t.same(linesOf([ended]), ['101-dnd confirmed', 'a terminated'], 'the key stays lit behind a call');
  t.same(linesOf([ended], { oneDialog: true }), ['101-dnd confirmed']);
});

t.test('D27: a private call is shown to the extension itself alone', async (t) => {
  const dialogs = [ringing({ id: 'private', isPrivate: true }), ringing({ id: 'open' })];
  t.same(idsIn(shown(dialogs)), ['open']);
  t.same(idsIn(shown(dialogs, { isOwn: true })).sort(), ['open', 'private']);
  const closed = companyOf({ extensions: { 101: { private: true } } });
  t.same(idsIn(shown(dialogs, { tenant: closed })), ['101'], 'an extension that is private has no open calls');
  t.equal(idsIn(shown(dialogs, { tenant: closed, isOwn: true })).length, 2);
});

t.test('an extension that is gone is still told what became of its dialogs', async (t) => {
  const gone = tenant('acme', { extensions: new Map([...acme.extensions].filter(([number]) => number !== bob)) });
  const dialog = childOf(shown([ringing({ state: 'terminated' })], { tenant: gone }), 'dialog');
  t.match(childOf(dialog, 'local', 'identity'), { text: 'sip:101@acme.example', attributes: {} });
});
