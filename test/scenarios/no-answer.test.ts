import t from 'tap';
import { office, reasons, ringing } from '../support/office.js';
import { ground } from '../support/service.js';

t.comment(`on ${ground}`);

t.test('Nobody answers within the time of the tenant', async (t) => {
  const text =
    'sipAuth: none\ntenants:\n  acme:\n    default: true\n    ringSeconds: 5\n    extensions: {"100": {}, "101": {}}\n';
  const short = await office(t, { office: text });
  const [caller, callee] = [await short.phone('100'), await short.phone('101')];
  const { call, leg } = await ringing(caller, callee);
  const [refused, cancel] = await Promise.all([call.ends(8_000), leg.stopsRinging(8_000)]);
  t.equal(refused.status, 480);
  t.same(reasons(cancel), [], 'Bob has a missed call');
  t.same(await short.everythingLeft(), []);
});
