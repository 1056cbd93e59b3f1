import t from 'tap';
import {
  answerHeaders,
  askHeaders,
  type Read,
  type Terms,
  termsFor,
  termsIn,
  timerRefusal,
} from '../../../src/adapters/sip/session-expires.js';
import { type After, sessionTimer } from '../../../src/adapters/sip/session-timer.js';

const message = (headers: Record<string, string>): Read => ({ get: (name) => headers[name] });

/** Time that a test moves by hand; nothing runs between two settled moments. */
const handClock = () => {
  let now = 0;
  let waiting: { at: number; task: () => void }[] = [];
  const after: After = (milliseconds, task) => {
    const entry = { at: now + milliseconds, task };
    waiting.push(entry);
    return () => {
      waiting = waiting.filter((each) => each !== entry);
    };
  };
  const passes = async (seconds: number) => {
    const end = now + seconds * 1000;
    for (;;) {
      await new Promise(setImmediate);
      const next = waiting.filter(({ at }) => at <= end).sort((one, other) => one.at - other.at)[0];
      if (!next) break;
      now = next.at;
      waiting = waiting.filter((each) => each !== next);
      next.task();
    }
    now = end;
  };
  return { after, passes, waits: () => waiting.length };
};

/** A timer on a hand-moved clock, and what it asked for, with the second that it asked at. */
const stage = (answers: (timer: ReturnType<typeof sessionTimer>) => boolean = () => true) => {
  const clock = handClock();
  const happened: string[] = [];
  const timer = sessionTimer(
    {
      refresh: async () => {
        happened.push('refresh');
        return answers(timer);
      },
      expired: () => void happened.push('expired'),
    },
    clock.after,
  );
  return { ...clock, timer, happened };
};

const phone90: Terms = { seconds: 90, refresher: 'phone' };

t.test('a phone that promised to refresh and does not: the session ends a little before its time', async (t) => {
  const { timer, happened, passes } = stage();
  timer.agree(phone90);
  await passes(59.9);
  t.same(happened, []);
  await passes(0.2);
  t.same(happened, ['expired'], '90 s less a third');
  const long = stage();
  long.timer.agree({ seconds: 1800, refresher: 'phone' });
  await long.passes(1767.9);
  t.same(long.happened, []);
  await long.passes(0.2);
  t.same(long.happened, ['expired'], '1800 s less 32 s');
});

t.test('a phone that refreshes lives as long as it likes', async (t) => {
  const { timer, happened, passes } = stage();
  for (let times = 0; times < 10; times += 1) {
    timer.agree(phone90);
    await passes(45);
  }
  t.same(happened, []);
});

t.test('our refreshes come before the half of the interval; refused ones are asked again, until the end', async (t) => {
  const { timer, happened, passes } = stage((timer) => {
    timer.agree({ seconds: 100, refresher: 'us' });
    return true;
  });
  timer.agree({ seconds: 100, refresher: 'us' });
  await passes(400);
  t.same(happened, Array(10).fill('refresh'), 'every 40 s, and no end');

  const refused = stage(() => false);
  refused.timer.agree({ seconds: 100, refresher: 'us' });
  await refused.passes(200);
  t.same(refused.happened, ['refresh', 'refresh', 'refresh', 'expired']);
});

t.test('a session without a timer, or that is over, waits for nothing', async (t) => {
  const { timer, happened, passes, waits } = stage();
  timer.agree(phone90);
  timer.agree(undefined);
  t.equal(waits(), 0);
  t.equal(timer.terms, undefined);
  timer.agree(phone90);
  timer.stop();
  timer.agree(phone90);
  await passes(200);
  t.same(happened, []);
  t.equal(waits(), 0);
});

t.test('what a caller asks for, and what it is told (RFC 4028 section 9, table 2)', async (t) => {
  const rows: [Record<string, string>, string | undefined, string | undefined][] = [
    [{}, undefined, undefined],
    [{ Supported: 'timer' }, undefined, undefined],
    [{ 'Session-Expires': '1800', Supported: 'timer' }, '1800;refresher=uac', 'timer'],
    [{ 'Session-Expires': '1800;refresher=uac', Supported: 'replaces, timer' }, '1800;refresher=uac', 'timer'],
    [{ 'Session-Expires': '1800;refresher=uas', Supported: 'timer' }, '1800;refresher=uas', undefined],
    [{ 'Session-Expires': '1800;refresher=UAS', Require: 'timer' }, '1800;refresher=uas', undefined],
    [{ 'Session-Expires': '1800' }, '1800;refresher=uas', undefined],
    [{ 'Session-Expires': '1800;refresher=uac' }, '1800;refresher=uas', undefined],
    [{ 'Session-Expires': '60' }, '90;refresher=uas', undefined],
    [{ 'Session-Expires': '1800', Supported: 'timers' }, '1800;refresher=uas', undefined],
    [{ x: ' 600 ; refresher = uac ; foo=bar', k: 'timer' }, '600;refresher=uac', 'timer'],
  ];
  for (const [headers, expires, require] of rows) {
    const told = answerHeaders(termsFor(message(headers)));
    t.same([told['Session-Expires'], told.Require], [expires, require], JSON.stringify(headers));
  }
});

t.test('inside the dialog: who says nothing of the timer keeps it', async (t) => {
  const before = { terms: phone90 };
  t.same(termsFor(message({ Supported: 'timer' }), before), phone90);
  t.equal(termsFor(message({}), before), undefined, 'but who cannot keep one has none');
  const silent = message({ 'Session-Expires': '300', Supported: 'timer' });
  t.same(termsFor(silent, before), { seconds: 300, refresher: 'us' }, 'as drachtio-server has it');
  const own = message({ 'Session-Expires': '300;refresher=uac', Supported: 'timer' });
  t.same(termsFor(own, before), { seconds: 300, refresher: 'phone' });
});

t.test('what we ask, and what a phone says to it', async (t) => {
  t.same(askHeaders(undefined), {});
  t.same(askHeaders(phone90), { Supported: 'timer', 'Session-Expires': '90;refresher=uas' });
  t.same(askHeaders({ seconds: 120, refresher: 'us' })['Session-Expires'], '120;refresher=uac');
  t.equal(termsIn(message({})), undefined);
  t.equal(termsIn(message({ 'Session-Expires': 'soon' })), undefined);
  t.same(termsIn(message({ 'Session-Expires': '10;refresher=uas' })), phone90, 'never under 90 s');
  t.same(termsIn(message({ 'Session-Expires': '120' })), { seconds: 120, refresher: 'us' });
});

t.test('what is refused', async (t) => {
  for (const bad of [
    '',
    'soon',
    '-1',
    '90 s',
    '90, 91',
    '1e3',
    '90;refresher=me',
    '90;refresher',
    '90;refresher=uac;refresher=uas',
    '99999999999',
  ])
    t.match(
      timerRefusal(message({ 'Session-Expires': bad })),
      { status: 400, phrase: 'Bad Session-Expires' },
      `"${bad}"`,
    );
  t.match(timerRefusal(message({ x: 'soon' })), { status: 400 });
  t.match(timerRefusal(message({ 'Min-SE': 'long' })), { status: 400, phrase: 'Bad Min-SE' });
  const short = { 'Session-Expires': '89', Supported: 'timer' };
  t.match(timerRefusal(message(short)), { status: 422, headers: { 'Min-SE': '90' } });
  t.equal(timerRefusal(message({ 'Session-Expires': '89' })), undefined, 'who could make nothing of a 422 gets none');
  t.equal(timerRefusal(message({ 'Session-Expires': '90', 'Min-SE': '90;foo', Supported: 'timer' })), undefined);
  t.equal(timerRefusal(message({})), undefined);
});
