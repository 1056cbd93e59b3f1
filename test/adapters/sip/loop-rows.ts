import t from 'tap';
import { isLoop, visitedHeader, visitedWith } from '../../../src/adapters/sip/loops.js';
import { screenInvite } from '../../../src/adapters/sip/screen.js';
import { inviteOf } from './request.js';

const at = (number: string, domain = 'acme.example') => ({ number, domain });

t.test('a call that comes back is known, by number and domain', async (t) => {
  const once = visitedWith(undefined, at('101'));
  t.match(once, /^[0-9a-f]{12}$/, 'one token, which tells no number');
  t.ok(isLoop(once, at('101')));
  t.ok(isLoop(once, at('101', 'ACME.Example')), 'hosts have no case');
  t.notOk(isLoop(once, at('102')), 'another extension');
  t.notOk(isLoop(once, at('101', 'other.example')), 'the same number of another company');
  const twice = visitedWith(once, at('102'));
  t.ok(isLoop(twice, at('101')) && isLoop(twice, at('102')));
  t.notOk(isLoop(twice, at('103')));
});

t.test('a call that goes on and on ends after ten', async (t) => {
  let visited: string | undefined;
  for (let number = 0; number < 10; number += 1) {
    t.notOk(visited !== undefined && isLoop(visited, at('200')), `${number}`);
    visited = visitedWith(visited, at(`${100 + number}`));
  }
  t.ok(isLoop(visited ?? '', at('200')));
});

t.test('what is no token counts for nothing and goes no further', async (t) => {
  t.notOk(isLoop('nonsense, 12345, <script>', at('101')));
  t.equal(visitedWith('a\r\nb, 000000000000', at('101')).split(', ').length, 2);
});

t.test('the screen says 482 to a call that comes back', async (t) => {
  const visited = visitedWith(undefined, at('101'));
  const back = { [visitedHeader.toLowerCase()]: visited, to: '<sip:101@acme.example>' };
  const screened = screenInvite(inviteOf(back, { uri: 'sip:101@10.0.0.1:5062' }));
  t.match(screened, { ok: false, rejection: { status: 482 } });
  t.match(screenInvite(inviteOf(back, { uri: 'sip:102@10.0.0.1:5062' })), { ok: true });
  t.match(
    screenInvite(inviteOf({ ...back, to: '"x' }, { uri: 'sip:101@acme.example' })).ok,
    /true|false/,
    'whatever To is',
  );
});
