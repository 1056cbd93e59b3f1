import t, { type Test } from 'tap';
import { phone } from '../support/phone.js';
import { ground } from '../support/service.js';
import { type Mutant, mutantDescriptions, mutants } from '../support/torture-mutants.js';
import { tortureOffice } from '../support/torture-office.js';
import { openProbe } from '../support/torture-probe.js';
import { onRealServer } from '../support/torture-server.js';
import { type TortureStage, tortureStage } from '../support/torture-stage.js';

/** So that a run that found something can be had again. */
const seed = Number(process.env.FUZZ_SEED ?? 20_261_121);
const host = '127.0.0.1:9';

t.comment(`on ${ground}; FUZZ_SEED=${seed}`);

/** Phones that are busy, for the calls that a mutant makes after all. */
const prepare = async (t: Test) => {
  const stage = await tortureStage(t, { office: tortureOffice });
  const server = stage.office.sip;
  const busy = await Promise.all(
    ['104', '109', 'user'].map((number) =>
      phone(t, { number, server, onCall: (leg) => void leg.declines(486), isForgetful: true }),
    ),
  );
  for (const each of busy) await each.registers();
  const endsWell = async () => {
    for (const each of busy) await each.registers({ contacts: ['*'], expires: 0 });
    await stage.endsWell();
  };
  return { ...stage, endsWell };
};

/** Throws them in batches, each followed by a good request that must be answered; says how many answers came. */
const throwAll = async (t: Test, stage: TortureStage, all: readonly Mutant[]): Promise<number> => {
  let answers = 0;
  for (let i = 0; i < all.length; i += 50) {
    const batch = all.slice(i, i + 50).map(({ text }) => text);
    // A stream that cannot be read on is closed by the server, so each batch has one of its own.
    const kind = i % 200 === 150 && !onRealServer ? 'tcp' : 'udp';
    const probe = await openProbe({ kind, server: stage.office.sip });
    for (const text of batch) probe.send(text);
    const isAlive = await stage.lives().catch(() => false);
    answers += probe.heard.length;
    await probe.close();
    if (isAlive) continue;
    t.fail(`no answer after message ${i}`, { batch });
    break;
  }
  t.pass(`${all.length} thrown, ${answers} answers`);
  return answers;
};

t.test('mutated descriptions', async (t) => {
  const stage = await prepare(t);
  const all = mutantDescriptions({ seed, count: 1_500, host });
  const answers = await throwAll(t, stage, all);
  t.ok(answers >= all.length / 2, 'they are answered');
  await stage.endsWell();
});

// drachtio-server itself ends on a few malformed requests (bad-input.test.ts), so it must stand behind the edge.
if (onRealServer) t.comment('mutated messages are not thrown at drachtio-server, which ends on some');
else
  t.test('mutated messages', async (t) => {
    const stage = await prepare(t);
    const all = mutants({ seed, count: 4_000, host });
    const answers = await throwAll(t, stage, all);
    t.ok(answers >= all.length / 5, 'enough of them are worth an answer');
    await stage.endsWell();
  });
