import type { Call, Leg } from './phone.js';
import { audioIn } from './phone-sdp.js';
import type { RaceBench } from './race.js';
import type { Fault } from './race-contest.js';
import {
  pickerAgainstAnswer,
  pickerAgainstCancel,
  pickerChangesMind,
  type Race,
  simplePickup,
  twoPickers,
} from './race-kinds.js';
import type { Lane } from './race-lane.js';
import type { ZeroTable } from './race-table.js';
import { hearing, type Room } from './who-hears-whom.js';

/** Contests for a call whose caller has no law in common with those who pick up; the callee has both. */
const contests = [twoPickers, simplePickup, pickerAgainstAnswer, pickerAgainstCancel, pickerChangesMind] as const;

const contest: Race = (lane, chance) => chance.one<Race>([...contests])(lane, chance);

const names = ['caller', 'callee', 'first', 'second'] as const;

type Name = (typeof names)[number];

/** Races whose pickups must go through the media server; whoever got the call must be heard there. */
export const runAnchoredPickups = (bench: RaceBench, name: string, count: number): Promise<ZeroTable> =>
  withEars(bench, () => bench.runs({ name, race: contest, count }));

/** Has the phones of all lanes talk while a race is run: who takes a call has no law in common with who calls. */
export const withEars = async (bench: RaceBench, run: () => Promise<ZeroTable>): Promise<ZeroTable> => {
  await bench.service.says(({ msg }) => msg === 'media server connected', 60_000);
  for (const lane of bench.lanes) {
    lane.caller.sets({ laws: ['PCMU'] });
    for (const picker of lane.pickers) picker.sets({ laws: ['PCMA'], events: 110 });
    const [first, second] = lane.pickers;
    const phones = { caller: lane.caller, callee: lane.callee, first, second };
    lane.hears = hears(lane, phones, await hearing(phones));
  }
  const table = await run();
  for (const lane of bench.lanes) {
    lane.hears = undefined;
    for (const phone of [lane.caller, lane.callee, ...lane.pickers]) {
      phone.rtp.hush();
      phone.sets({});
    }
  }
  return table;
};

const portOf = (sdp: string | undefined): number | undefined => audioIn(sdp ?? '')?.port;

/** Caller and talker hear each other, and nobody else hears anything. */
const hears =
  (lane: Lane, phones: Readonly<Record<Name, Lane['caller']>>, ears: Room<Name>) =>
  async (talker: Call | Leg): Promise<readonly Fault[]> => {
    const who = names.find((name) => phones[name].rtp.port === portOf(talker.localSdp));
    if (!who) return [{ kind: 'media', text: `nobody of ${lane.number} talks` }];
    for (const name of names) phones[name].rtp.forgets();
    const all = { caller: [], callee: [], first: [], second: [] };
    try {
      await ears.exactly({ ...all, caller: [who], [who]: ['caller'] });
      return [];
    } catch (error) {
      return [{ kind: 'media', text: `${talker.callId}: ${error instanceof Error ? error.message : error}` }];
    }
  };
