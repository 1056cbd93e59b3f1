import t from 'tap';
import { isAnswer, isRequest, startLinphone } from '../support/linphone.js';
import { elsewhere, office, reasons, ringing } from '../support/office.js';
import type { Leg } from '../support/phone.js';
import { ground } from '../support/service.js';
import { blinks, replacesOf } from './dialects-keys.js';

t.comment(`linphonec, the phone from Debian, on ${ground}`);

const acme = await office(t);
const [alice, bob, carol] = [await acme.phone('100'), await acme.phone('101'), await acme.phone('102')];
const dave = await startLinphone({ number: '103', server: acme.sip });
t.teardown(() => dave.stop());

/** linphone watches nobody: it is told what Carol’s lamp was told of this call. */
const shownOf = async (leg: Leg): Promise<string> => {
  const lamp = carol.watches('101');
  const shown = await blinks(lamp, leg);
  await lamp.unsubscribes();
  await lamp.isOver();
  return `${replacesOf(shown)};early-only`;
};

/** Where a description says that audio is to be sent. */
const audioIn = (sdp: string): string => `${/^c=IN IP4 (\S+)/m.exec(sdp)?.[1]}:${/^m=audio (\d+)/m.exec(sdp)?.[1]}`;
const daveHears = `${dave.host}:${dave.rtpPort}`;

/** An address that says with which header it is to be called (RFC 3261 section 19.1.1). */
const withReplaces = (value: string): string => {
  const escaped = value.replaceAll(';', '%3b').replaceAll('@', '%40').replaceAll('=', '%3d');
  return `<sip:101@${acme.sip.host}:${acme.sip.port}?Replaces=${escaped}>`;
};

t.test('linphone: it registers, is called and answers', async (t) => {
  const call = alice.calls('103');
  await call.rings();
  dave.types('answer');
  const answered = await call.answered();
  t.equal(audioIn(answered.body), daveHears, 'Alice is told where Dave hears');
  await alice.talks({ tone: 440 });
  const invite = await dave.saw('a call', (seen) => isRequest(seen, 'received', 'INVITE'));
  t.equal(audioIn(invite.body), `127.0.0.1:${alice.rtp.port}`, 'and Dave where Alice does');
  await call.hangsUp();
  await dave.saw('the end', (seen) => isRequest(seen, 'received', 'BYE'));
  t.same(await acme.everythingLeft(), []);
});

t.test('linphone: it dials a pickup with Replaces and early-only, and has the call', async (t) => {
  const { call, leg } = await ringing(alice, bob);
  const value = await shownOf(leg);
  dave.types(`call ${withReplaces(value)}`);

  const invite = await dave.saw('its own call', (seen) => isRequest(seen, 'sent', 'INVITE'));
  t.equal(invite.get('Replaces'), value, 'linphone has unescaped it, and early-only is there');
  t.match(invite.startLine, /^INVITE sip:101@/, 'to the phone that rings');
  t.comment([invite.startLine, ...invite.lines('replaces'), ...invite.lines('user-agent')].join('\n'));

  const cancel = await leg.stopsRinging();
  t.same(reasons(cancel), elsewhere, 'Bob logs no missed call');
  const answered = await call.answered();
  t.equal(audioIn(answered.body), daveHears, 'Alice is told where Dave hears');
  t.match(answered.get('P-Asserted-Identity'), /"Dave Davis" <sip:103@acme.example>/);
  const taken = await dave.saw(
    'the answer',
    (seen) => isAnswer(seen, 'INVITE', 200) && seen.message.callId === invite.callId,
  );
  t.equal(audioIn(taken.body), `127.0.0.1:${alice.rtp.port}`, 'and Dave where Alice does');
  t.match(taken.get('P-Asserted-Identity'), /"Alice Adams" <sip:100@acme.example>/);
  t.equal(await acme.metric('callpickup_pickups_total', { kind: 'replaces', outcome: 'answered' }), 1);

  await dave.talks(660);
  await Promise.all([alice.hears(660), dave.hears(440)]);
  t.pass('they hear each other');

  dave.types('terminate');
  await call.isHungUp();
  t.same(await acme.everythingLeft(), []);
});

t.test('linphone: early-only leaves a call alone that was answered meanwhile', async (t) => {
  const { call, leg } = await ringing(alice, bob);
  const value = await shownOf(leg);
  await leg.answers();
  await call.answered();
  dave.types(`call ${withReplaces(value)}`);
  const refused = await dave.saw('the refusal', (seen) => isAnswer(seen, 'INVITE', 486));
  t.match(refused.startLine, /^SIP\/2.0 486 /, 'RFC 3891 section 3');
  t.same([call.state, leg.state], ['confirmed', 'confirmed'], 'nothing happened to who talks');
  await Promise.all([call.hangsUp(), leg.isHungUp()]);
  t.same(await acme.everythingLeft(), []);
});

t.test('linphone: it dials the code', async (t) => {
  const { call, leg } = await ringing(alice, bob);
  dave.types(`call sip:*95101@${acme.sip.host}:${acme.sip.port}`);
  await Promise.all([call.answered(), leg.stopsRinging()]);
  const invite = await dave.saw(
    'its call',
    (seen) => isRequest(seen, 'sent', 'INVITE') && !/sip:101@/.test(seen.message.uri),
  );
  t.match(invite.uri, /^sip:\*95101@/, 'as it was typed');
  t.comment(invite.startLine);
  dave.types('terminate');
  await call.isHungUp();
  t.same(await acme.everythingLeft(), []);
});
