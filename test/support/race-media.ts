import { type OwnMediaServer, ownMediaServer } from './media-server.js';
import type { Phone } from './phone.js';
import { openBooks } from './race-books.js';
import { seed } from './race-chance.js';
import { type MediaRoom, officeOfRooms, openRoom } from './race-media-room.js';
import { newReferee } from './race-referee.js';
import type { ZeroTable } from './race-table.js';
import { raced, racedTogether, type Turns, type TurnsTogether } from './race-turns.js';
import { type RunningService, service } from './service.js';

/** Who ends a bench when the test is over; tap's `t` is one. */
interface Stage {
  teardown(last: () => Promise<void>): unknown;
}

/** How a bench is set up. */
export interface MediaBenchOptions {
  /** How many rooms there are; six unless said otherwise. */
  readonly rooms?: number;
  /** The media server is the test's own even where the environment names one. */
  readonly mustBeOwn?: boolean;
}

/** A running service with rooms of phones, and a media server. */
export interface MediaBench {
  readonly service: RunningService;
  readonly rooms: readonly MediaRoom[];
  readonly seed: number;
  /** The media server, where it is the test's own. */
  readonly server: OwnMediaServer | undefined;
  /** What everything so far has left behind. */
  closes(name: string): Promise<ZeroTable>;
  /** Runs races in all rooms side by side; resolves with the zero table. */
  runs(run: Turns<MediaRoom>): Promise<ZeroTable>;
  /** Runs races that are in all rooms at once, one after the other. */
  runsTogether(run: TurnsTogether<MediaRoom>): Promise<ZeroTable>;
}

/** How often the service has found its media server. */
export const connections = ({ log }: Pick<RunningService, 'log'>): number =>
  log.filter(({ msg }) => msg === 'media server connected').length;

/** The test's own media server, unless the environment names one and no program to start another. */
export const mediaServerOf = async (t: Stage, mustBeOwn = false): Promise<OwnMediaServer | undefined> => {
  const { FREESWITCH_HOST: named, FREESWITCH_PROGRAM: program } = process.env;
  return named && !program && !mustBeOwn ? undefined : await ownMediaServer(t);
};

/** Starts a service for races and opens the rooms. */
export const mediaBench = async (t: Stage, options: MediaBenchOptions = {}): Promise<MediaBench> => {
  const { rooms: count = 6, mustBeOwn } = options;
  const server = await mediaServerOf(t, mustBeOwn);
  const running = await service(t, { office: officeOfRooms(count), env: server?.env ?? {} });
  const referee = newReferee({ isLenient: false });
  const phones: Phone[] = [];
  t.teardown(async () => {
    await Promise.all(phones.map((phone) => phone.close()));
  });
  const plugged = (phone: Phone): void => {
    phones.push(phone);
    referee.watch(phone);
  };
  const rooms: MediaRoom[] = [];
  for (let index = 0; index < count; index += 1) rooms.push(await openRoom(running.sip, index, plugged));
  await running.says(({ msg }) => msg === 'media server connected', 60_000);

  const table = openBooks({ service: running, referee, ...(server && { channels: () => server.channels() }) });
  return {
    service: running,
    rooms,
    seed,
    server,
    closes: (name) => table({ name, verdicts: [] }),
    runs: async (run) => table({ name: run.name, verdicts: await raced(rooms, run) }),
    runsTogether: async (run) => table({ name: run.name, verdicts: await racedTogether(rooms, run) }),
  };
};
