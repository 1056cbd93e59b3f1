// The acts of npm run demo that need the media server: phones without a common codec, a whisper, a steal. Each phone has a
// voice of its own (a tone), and what the others hear is measured.

const [caller, callee, picker] = [0, 2, 3];

/** The office of the demo: the example, and Carol may take part in her colleagues' calls. */
export const officeOf = async (example) => {
  const { parse, stringify } = await import('yaml');
  const office = parse(example);
  const { acme } = office.tenants;
  const [rights, team] = [
    ['eavesdrop_102', 'whisper_102', 'barge_102'],
    ['100', '101'],
  ];
  acme.callControl = { groups: { team }, ...Object.fromEntries(rights.map((right) => [right, ['team']])) };
  acme.groups['5f1a00000000000000000001'] = { name: 'Team', members: team, controllers: ['102'], steal: true };
  return stringify(office);
};

const together = async ({ alice, bob, service }) => {
  const call = alice.calls('101');
  const leg = await bob.isCalled();
  leg.rings();
  await call.rings();
  await leg.answers();
  await call.answered();
  await service.reaches('active_calls', 1);
  return { call, leg };
};

/** True if it is so within the time that people give it. */
const isSo = (promised) =>
  promised.then(
    () => true,
    () => false,
  );

/** Alice's phone speaks one law only, Carol's the other: between them the media server. */
const anchored = async ({ alice, bob, carol, room, printer, check, service }) => {
  alice.sets({ laws: ['PCMU'] });
  carol.sets({ laws: ['PCMA'] });
  const call = alice.calls('101');
  const leg = await bob.isCalled();
  leg.rings();
  await call.rings();
  const pickup = carol.calls('*95101');
  await Promise.all([pickup.answered(), call.answered(), leg.stopsRinging()]);
  printer.talk(caller, picker, 'RTP, by a media server');
  check(
    await isSo(room.exactly({ Alice: ['Carol'], Carol: ['Alice'] })),
    'they hear each other, PCMU here, PCMA there',
  );
  check(await service.reaches('anchored_calls', 1), 'one call is on the media server');
  await Promise.all([pickup.hangsUp(), call.isHungUp()]);
  alice.sets({});
  carol.sets({});
};

/** Carol helps Bob, whom Alice has called; Alice must not hear it. */
const whispered = async ({ alice, bob, carol, room, printer, check, service }) => {
  const { call, leg } = await together({ alice, bob, service });
  printer.talk(caller, callee, 'RTP, phone to phone');
  const leak = room.watch('Alice', 'Carol');
  const whisper = carol.calls('*34101');
  await whisper.answered();
  printer.note(picker, 'whispers: only Bob hears it');
  const whispers = { Alice: ['Bob'], Bob: ['Alice', 'Carol'], Carol: ['Alice', 'Bob'] };
  check(await isSo(room.exactly(whispers)), 'Bob hears Alice and Carol, Carol hears both, Alice hears Bob');
  check(leak.stop() < 0.02, 'Alice has not heard Carol at any moment');
  await whisper.presses('3');
  printer.note(picker, 'presses 3: all hear all');
  const barges = { Alice: ['Bob', 'Carol'], Bob: ['Alice', 'Carol'], Carol: ['Alice', 'Bob'] };
  check(await isSo(room.exactly(barges)), 'after the key 3 all three hear each other');
  await whisper.hangsUp();
  check(await service.reaches('anchored_calls', 0), 'Carol has left: Alice and Bob talk directly again');
  check(await isSo(room.exactly({ Alice: ['Bob'], Bob: ['Alice'] })), 'and hear each other');
  await Promise.all([call.hangsUp(), leg.isHungUp()]);
};

/** Carol takes Bob's place in his call. */
const stolen = async ({ alice, bob, carol, room, printer, check, service }) => {
  const { call, leg } = await together({ alice, bob, service });
  const steal = carol.calls('*96101');
  const [, bye] = await Promise.all([steal.answered(), leg.isHungUp()]);
  printer.talk(caller, picker, 'RTP, phone to phone');
  check(await isSo(room.exactly({ Alice: ['Carol'], Carol: ['Alice'] })), 'Alice talks with Carol now');
  const said = bye.lines('reason').join(' | ');
  check(/Call completed elsewhere/.test(said), `Bob's phone was hung up, told: ${said || 'nothing'}`);
  await Promise.all([steal.hangsUp(), call.isHungUp()]);
};

/** What is played, in this order. */
export const acts = [
  { title: 'Phones without a common codec: Alice calls Bob, Carol dials *95101', play: anchored },
  { title: 'A whisper: Alice talks with Bob, Carol dials *34101', play: whispered },
  { title: 'A steal: Alice talks with Bob, Carol dials *96101', play: stolen },
];
