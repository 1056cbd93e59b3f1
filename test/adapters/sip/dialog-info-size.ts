import t from 'tap';
import { dialogInfo } from '../../../src/adapters/sip/dialog-info.js';
import type { Dialog } from '../../../src/domain/dialog.js';
import { childOf, dialogsOf, readDocument } from '../../support/dialog-info-reader.js';
import { ringing, shown, viewOf } from './dialog-info-views.js';

/** A document of the highest version that a subscription can come to. */
const largest = (dialogs: readonly Dialog[], entity = 'sip:101@acme.example'): string => {
  const text = dialogInfo(viewOf(dialogs, { entity }))(4294967295);
  t.ok(Buffer.byteLength(text) <= 3500, `${Buffer.byteLength(text)} bytes`);
  readDocument(text);
  return text;
};

const named = (name: string, changes: Partial<Dialog> = {}): Dialog =>
  ringing({ ...changes, remote: { ...ringing().remote, name } });

const many = (count: number, changes: Partial<Dialog> = {}): Dialog[] =>
  Array.from({ length: count }, (_, i) => ringing({ id: `d${i}`, since: i, ...changes }));

t.test('D28: long names are cut before anything else, never inside a character', async (t) => {
  const names = ['n'.repeat(5000), '😀'.repeat(2000), '&'.repeat(4000), '"'.repeat(4000), '\u0301'.repeat(4000)];
  for (const name of names) {
    const [dialog] = dialogsOf(readDocument(largest([named(name)])));
    t.equal(childOf(dialog, 'remote', 'identity')?.attributes.display, [...name].slice(0, 24).join(''));
    t.equal(dialog?.attributes['call-id'], 'n3.5f3a.b1@pbx.example.com', 'the key can still be pressed');
  }
  const whole = 'x'.repeat(2000);
  t.equal(childOf(shown([named(whole)]), 'dialog', 'remote', 'identity')?.attributes.display, whole, 'what fits stays');
  const cut = largest([named('n'.repeat(80), { id: 'a' }), ...many(5)]);
  t.equal(dialogsOf(readDocument(cut)).length, 6, 'all dialogs are there');
});

t.test('D28: what is over is told without its ends, so that what goes on stays', async (t) => {
  const over = many(8, { state: 'terminated', event: 'cancelled' });
  const dialogs = dialogsOf(readDocument(largest([...over, ringing({ id: 'rings' })])));
  t.equal(dialogs.length, 9);
  t.equal(childOf(dialogs[0], 'remote', 'identity')?.text, 'sip:100@acme.example');
  for (const dialog of dialogs.slice(1)) {
    t.same(
      dialog.children.map(({ name, text }) => [name, text]),
      [['state', 'terminated']],
    );
    t.equal(dialog.attributes['call-id'], 'n3.5f3a.b1@pbx.example.com');
  }
});

t.test('D28: then only the dialog that matters most is shown', async (t) => {
  const dialogs = dialogsOf(readDocument(largest([...many(40, { state: 'confirmed' }), ringing({ id: 'rings' })])));
  t.same(
    dialogs.map(({ attributes }) => attributes.id),
    ['rings'],
  );
  t.equal(childOf(dialogs[0], 'remote', 'identity')?.attributes.display, 'Alice Adams');
});

t.test('D28: then not who calls, and at last the state alone, of the address in our own spelling', async (t) => {
  const far = ringing({ remote: { ...ringing().remote, number: '€'.repeat(600) } });
  const [pressable] = dialogsOf(readDocument(largest([far])));
  t.equal(childOf(pressable, 'remote', 'identity'), undefined);
  t.equal(childOf(pressable, 'remote', 'target')?.attributes.uri, 'sip:*95101@acme.example');
  const talking = dialogsOf(readDocument(largest([{ ...far, state: 'confirmed' }])))[0];
  t.equal(childOf(talking, 'remote'), undefined);

  for (const dialog of [ringing({ sipCallId: 'c'.repeat(4000) }), ringing({ id: 'i'.repeat(4000) })]) {
    const [line] = dialogsOf(readDocument(largest([dialog])));
    t.same(line?.attributes, { id: dialog.id.slice(0, 64), direction: 'recipient' });
    t.same(
      line?.children.map(({ text }) => text),
      ['early'],
    );
  }
  const root = readDocument(largest([ringing()], `sip:101@${'x'.repeat(4000)}`));
  t.equal(root.attributes.entity, 'sip:101@acme.example');
});
