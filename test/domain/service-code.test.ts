import t from 'tap';
import {
  conflictsIn,
  decodeDialled,
  defaultServiceCodes,
  faultOfCode,
  readDialled,
  type ServiceCodes,
  services,
} from '../../src/domain/service-code.js';

t.test('what a phone sends, as the person dialled it', async (t) => {
  const rows: [user: string, dialled: string | undefined, why: string][] = [
    ['101', '101', 'a number'],
    ['*95101', '*95101', 'a code'],
    ['%2A95101', '*95101', 'a star may be escaped'],
    ['%2a95%31%30%31', '*95101', 'so may anything'],
    ['**101', '**101', 'two stars'],
    ['*95101#', '*95101', 'the dial key'],
    ['*95101%23', '*95101', 'the dial key, escaped'],
    ['#', '#', 'a hash alone is what was dialled'],
    ['*95101;phone-context=acme.example', '*95101', 'RFC 3966 parameters of the user'],
    ['*95101#;phone-context=%2B49', '*95101', 'both'],
    ['+4930', '+4930', 'an outside number'],
    ['', undefined, 'nothing'],
    [';x=y', undefined, 'parameters of nothing'],
    ['%', undefined, 'half an escape'],
    ['%zz', undefined, 'no escape'],
    ['%E4', undefined, 'no UTF-8'],
    ['%C3%A4', undefined, 'no ASCII'],
    ['101%0d%0aVia:x', undefined, 'a line end hidden in a number'],
    ['101%00', undefined, 'a zero byte'],
    ['101%7f', undefined, 'a delete'],
    ['10 1', undefined, 'a blank'],
    ['1'.repeat(64), '1'.repeat(64), 'the longest number'],
    ['1'.repeat(65), undefined, 'longer than any number'],
    ['%31'.repeat(65_000), undefined, 'a flood'],
  ];
  for (const [user, dialled, why] of rows) t.equal(decodeDialled(user), dialled, why);
});

t.test('the longest code wins, and one that takes no number is the code alone', async (t) => {
  const read = (number: string, codes: ServiceCodes = defaultServiceCodes) => {
    const dialled = readDialled(number, codes);
    return dialled.kind === 'service' ? `${dialled.service} ${dialled.rest}`.trim() : dialled.number;
  };
  const rows: [dialled: string, read: string][] = [
    ['*95', 'pickup'],
    ['*95101', 'pickup 101'],
    ['**101', 'pickup 101'],
    ['**', 'pickup'],
    ['*8', 'pickup'],
    ['*8101', 'pickup 101'],
    ['*80', 'pickup-deny'],
    ['*81', 'pickup-allow'],
    ['*801', 'pickup 01'],
    ['*78', 'dnd-on'],
    ['*781', '*781'],
    ['*77101*4711', 'phone-replace 101*4711'],
    ['*33101', 'eavesdrop 101'],
    ['*9', '*9'],
    ['*', '*'],
    ['101', '101'],
    ['95101', '95101'],
    ['1*95101', '1*95101'],
  ];
  for (const [dialled, meant] of rows) t.equal(read(dialled), meant, dialled);
  t.equal(read('*82', { ...defaultServiceCodes, 'away-on': ['*82'] }), 'away-on');
  t.equal(read('*821', { 'away-on': ['*82'] }), '*821');
  t.equal(read('*95101', {}), '*95101', 'an office without codes has numbers only');
  t.equal(read('*12', { preview: ['*1'], pickup: ['*12'] }), 'pickup', 'a longer code shadows a shorter one');
  t.equal(read('*13', { preview: ['*1'], pickup: ['*12'] }), 'preview 3');
  t.equal(read('', { pickup: [''] }), '', 'an empty code is none');
});

t.test('codes of an office', async (t) => {
  for (const code of ['*', '#', '0', '*95', '**', '12345678']) t.equal(faultOfCode(code), undefined, code);
  for (const code of ['', 'a', '*95 ', ' ', '+1', '123456789', '*9\n']) t.type(faultOfCode(code), 'string', code);
  t.same(conflictsIn(defaultServiceCodes), [], 'the defaults can be told apart');
  t.same(conflictsIn({ pickup: ['*8'], 'pickup-deny': ['*80'] }), [], 'a longer code is no conflict');
  t.same(conflictsIn({ pickup: ['*95', '*1'], steal: ['*95'] }), [{ code: '*95', services: ['pickup', 'steal'] }]);
  const codeless = services.filter((service) => defaultServiceCodes[service] === undefined);
  t.same(codeless, ['away-on', 'away-off'], 'a company gives them a code: what was added later takes nobody’s away');
});
