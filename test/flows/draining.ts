import t from 'tap';
import { drain } from '../../src/flows/drain.js';
import { fakeCaller, quiet } from './parties.js';
import { noting, stage } from './stage.js';

t.test('nothing to wait for', async (t) => {
  const said: string[] = [];
  const s = stage(t);
  await drain({ live: s.live, log: noting(said), timeoutSeconds: 3_600 });
  t.same(said, ['draining']);
});

t.test('drain waits for the last call, ringing or connected, and ends none', async (t) => {
  const s = stage(t, { phones: ['desk'] });
  const one = await s.calls(fakeCaller('one'));
  await s.calls(fakeCaller('two'));
  s.phone(1).answers();
  await quiet();
  const said: string[] = [];
  let done = false;
  const draining = drain({ live: s.live, log: noting(said), timeoutSeconds: 3_600 }).then(() => {
    done = true;
  });
  one.caller.cancels();
  await quiet();
  t.notOk(done, 'one is left');
  t.equal(s.live.size, 1);
  await s.joints[0]?.hangUp();
  await draining;
  t.same(said, ['draining']);
  await s.nothingLeft('cancelled', 'answered');
});

t.test('when the time is up the calls that are left are ended, each with a reason', async (t) => {
  const s = stage(t, { phones: ['desk'] });
  const one = await s.calls(fakeCaller('one'));
  s.phone(0).rings();
  const two = await s.calls(fakeCaller('two'));
  s.phone(1).answers();
  await quiet();
  const said: string[] = [];
  await drain({ live: s.live, log: noting(said), timeoutSeconds: 0 });
  await quiet();
  t.same(said, ['draining', 'drain timeout, ending the calls that are left']);
  const reason = { kind: 'failure', text: 'Service Stops' };
  t.same(s.phone(0).stops, [reason], 'the phone that rings');
  t.match(one.caller.heard, ['180', /^503 Service Unavailable \{"Retry-After"/], 'its caller');
  t.same(two.caller.legs[0]?.endings, [reason], 'and both that talk');
  t.same(s.phone(1).legs[0]?.endings, [reason]);
});
