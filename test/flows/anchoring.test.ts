import t, { type Test } from 'tap';
import type { Changed, Leg } from '../../src/flows/ports.js';
import { acme, alice, bob, carol } from '../domain/acme.js';
import { gate, quiet } from './parties.js';
import { nothingLeft, scene, type TalkingPhone } from './talking-stage.js';

/** Alice talks with Bob, and a media server is there. */
const talking = async (t: Test) => {
  const s = scene();
  s.media.isUp = true;
  const call = await s.talk(alice, bob, 'one');
  const bothTalk = (what: string) => {
    const [first, second] = [call.callerLeg, call.calleeLeg].map((leg) => s.anchors.endpointOf(leg));
    t.ok(first && second && (first as { hears?: unknown }).hears === second, what);
  };
  const isDirect = () => {
    t.equal(s.anchors.size, 0);
    t.equal(s.media.held, 0, 'no endpoint stays');
    t.equal(s.gauges.anchored, 0);
  };
  return { ...s, ...call, bothTalk, isDirect };
};

const refuses = (status: number) => (): Changed => ({ ok: false, status });

t.test('a call is brought to the media server on demand, and leaves it when nobody needs it', async (t) => {
  const s = await talking(t);
  const [first, second] = await Promise.all([s.anchoring.need(s.callerLeg), s.anchoring.need(s.calleeLeg)]);
  if (!first.ok || !second.ok) throw new Error('refused');
  t.same([s.callerLeg.asked, s.calleeLeg.asked], [['offer?'], ['offer?']], 'each phone is asked once');
  t.same(s.callerLeg.acknowledged, ['endpoint 1 for offer of one-caller']);
  t.same(s.calleeLeg.acknowledged, ['endpoint 2 for offer of one-callee']);
  s.bothTalk('they hear each other');
  t.equal(s.gauges.anchored, 1);

  first.leave();
  first.leave();
  await quiet();
  s.bothTalk('somebody else still needs it');
  second.leave();
  await quiet();
  s.isDirect();
  t.same(s.callerLeg.asked.length + s.calleeLeg.asked.length, 4, 'one offers to the other');
  s.callerLeg.hangsUp();
  await nothingLeft(t, s);
});

/** What goes wrong on the way; the call is as it was after each. */
const troubles: Record<string, (s: Awaited<ReturnType<typeof talking>>) => string> = {
  'no server': ({ media }) => {
    media.isUp = false;
    return 'media-unavailable';
  },
  'no endpoint for one of them': ({ media }) => {
    media.fails.open = ({ offer }) => offer === 'offer of one-callee';
    return 'media-unavailable';
  },
  'the two are not bridged': ({ media }) => {
    media.fails.bridge = () => true;
    return 'media-unavailable';
  },
  'the server is lost in the middle': ({ media }) => {
    media.meanwhile = (what) => {
      if (what === 'bridge') for (const each of media.endpoints) each.dies();
    };
    return 'media-unavailable';
  },
  'the caller’s phone refuses': ({ callerLeg }) => {
    callerLeg.says = refuses(488);
    return 'media-mismatch';
  },
  'the callee’s phone refuses': ({ calleeLeg }) => {
    calleeLeg.says = refuses(488);
    return 'media-mismatch';
  },
  'a phone changes its session for too long': ({ calleeLeg }) => {
    calleeLeg.says = refuses(491);
    return 'lost-race';
  },
  'somebody else moves the call': ({ live, call }) => {
    live.move(call);
    return 'lost-race';
  },
};

for (const [name, breaks] of Object.entries(troubles)) {
  t.test(`${name}: the call is as it was`, async (t) => {
    const s = await talking(t);
    const refusal = breaks(s);
    t.same(await s.anchoring.need(s.callerLeg), { ok: false, refusal });
    s.isDirect();
    for (const leg of [s.callerLeg, s.calleeLeg]) {
      t.same(leg.acknowledged, leg.acknowledged.length > 0 ? [undefined] : [], 'who was asked keeps its session');
      t.same(leg.endings, []);
    }
    t.equal(s.live.size, 1);
    s.calleeLeg.hangsUp();
    await nothingLeft(t, s);
  });
}

t.test('somebody hangs up in the middle: the call is over, and nothing stays', async (t) => {
  for (const who of ['callerLeg', 'calleeLeg'] as const) {
    for (const moment of ['ask', 'open', 'bridge'] as const) {
      const s = await talking(t);
      const leaves = () => s[who].hangsUp();
      if (moment === 'ask') {
        const says = s[who].says;
        s[who].says = (offer) => {
          leaves();
          return says(offer);
        };
      } else {
        s.media.meanwhile = async (what) => {
          if (what === moment) leaves();
          await quiet();
        };
      }
      t.match(await s.anchoring.need(s.callerLeg), { ok: false, refusal: 'caller-gone' }, `${who} at ${moment}`);
      s.isDirect();
      await nothingLeft(t, s);
    }
  }
});

t.test('an endpoint that is lost ends both legs at once, and says why', async (t) => {
  const s = await talking(t);
  await s.anchoring.need(s.calleeLeg);
  s.media.endpoints[0]?.dies();
  await quiet();
  for (const { endings } of [s.callerLeg, s.calleeLeg]) {
    t.same(endings[0], { kind: 'failure', text: 'Media Server Lost' });
  }
  s.isDirect();
  await nothingLeft(t, s);
});

t.test('a phone that will not go back stays on the media server, and is not asked again', async (t) => {
  const s = await talking(t);
  const needed = await s.anchoring.need(s.callerLeg);
  s.calleeLeg.says = refuses(488);
  s.callerLeg.says = (offer) => ({ ok: true, sdp: offer ?? 'offer', acknowledge: () => undefined });
  if (needed.ok) needed.leave();
  await quiet();
  s.bothTalk('they talk on');
  const asked = s.callerLeg.asked.length + s.calleeLeg.asked.length;
  const again = await s.anchoring.need(s.calleeLeg);
  if (again.ok) again.leave();
  await quiet();
  t.equal(s.callerLeg.asked.length + s.calleeLeg.asked.length, asked);
  t.equal(s.said.filter((each) => each === 'call stays on the media server').length, 1);
  s.callerLeg.hangsUp();
  await nothingLeft(t, s);
});

t.test('needed again while it goes back: it comes again', async (t) => {
  const s = await talking(t);
  const needed = await s.anchoring.need(s.callerLeg);
  const slow = gate();
  const says = s.callerLeg.says;
  s.callerLeg.says = async (offer) => {
    await slow.passed;
    return says(offer);
  };
  if (needed.ok) needed.leave();
  await quiet();
  const again = s.anchoring.need(s.calleeLeg);
  slow.open();
  t.match(await again, { ok: true });
  s.bothTalk('through new endpoints');
  t.equal(s.media.held, 2);
  s.callerLeg.hangsUp();
  await nothingLeft(t, s);
});

/** Bob's phone is to be taken over by another one of his. */
const thiefOf = async (s: Awaited<ReturnType<typeof talking>>, offer?: string) => {
  const leg: TalkingPhone = s.phoneOf('thief');
  const heard: string[] = [];
  const answered = async (sdp: string) => {
    heard.push(sdp);
    return { ok: true as const, leg: leg as Leg, sdp: 'answer of thief' };
  };
  const taken = await s.stealFrom(s.call, s.calleeLeg, {
    offer: offer === undefined ? { kind: 'delayed' } : { kind: 'sdp', body: offer },
    ...{ answer: answered, answerWithOffer: answered, ids: leg.ids, sipCallId: leg.ids.sipCallId },
  });
  return { taken, leg, heard };
};

t.test('a call on the media server is stolen there: who remains keeps its endpoint', async (t) => {
  const s = await talking(t);
  await s.anchoring.need(s.callerLeg);
  const kept = s.anchors.endpointOf(s.callerLeg);
  const { taken, leg, heard } = await thiefOf(s, 'offer of thief');
  t.same(taken, { ok: true });
  await quiet();
  t.same(heard, ['endpoint 3 for offer of thief']);
  t.equal(s.anchors.endpointOf(s.callerLeg), kept);
  t.equal((kept as { hears?: unknown } | undefined)?.hears, s.anchors.endpointOf(leg));
  t.equal(s.media.held, 2, 'that of the replaced phone is released');
  t.equal(s.gauges.anchored, 1);
  leg.hangsUp();
  await nothingLeft(t, s);
});

t.test(
  'a phone without an offer steals directly; one whose media does not fit, through the media server',
  async (t) => {
    const s = await talking(t);
    const direct = await thiefOf(s);
    t.same(direct.heard, ['offer of one-caller']);
    t.same(s.callerLeg.acknowledged, ['answer of thief']);
    s.isDirect();
    direct.leg.hangsUp();
    await nothingLeft(t, s);

    const other = await talking(t);
    const says = other.callerLeg.says;
    other.callerLeg.says = (offer) => (offer === undefined ? says(offer) : { ok: false, status: 488 });
    const through = await thiefOf(other, 'offer of thief');
    t.same(through.taken, { ok: true });
    t.equal(other.gauges.anchored, 1);
    through.leg.hangsUp();
    await nothingLeft(t, other);
  },
);

t.test('two who are brought together: directly, or where one of them is', async (t) => {
  const s = await talking(t);
  const second = await s.talk(carol, alice, 'two');
  const party = { name: '', number: carol, domain: acme.domains[0] ?? '', private: false };
  const [one, two] = [
    { leg: s.calleeLeg, party },
    { leg: second.callerLeg, party },
  ];
  t.same(await s.anchoring.bringTogether(one, two), { ok: true });
  s.isDirect();
  const needed = await s.anchoring.need(s.callerLeg);
  const kept = s.anchors.endpointOf(s.calleeLeg);
  t.same(await s.anchoring.bringTogether(one, two), { ok: true });
  t.equal(s.anchors.endpointOf(s.calleeLeg), kept);
  t.equal((kept as { hears?: unknown } | undefined)?.hears, s.anchors.endpointOf(second.callerLeg));
  second.callerLeg.says = refuses(488);
  t.ok(needed.ok);
  for (const leg of [s.callerLeg, second.callerLeg]) leg.hangsUp();
  await nothingLeft(t, s);
});
