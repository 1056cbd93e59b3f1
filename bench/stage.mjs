// Who is up when: beside each other where each program has a server of its own, by turns where they share one.
import { makeLane } from './lane.mjs';

/** One after the other, not counted; a failure here is a failure of the bench. */
const warmUp = async (lane, { warmup, ring }) => {
  for (let done = 0; done < warmup; done += 1) {
    const index = done % lane.trios.length;
    await lane.pickup(lane.trios[index], Math.min(ring, 5));
    await lane.call(lane.pairs[index], 0);
  }
};

const placesOf = (server) => {
  if (!server) return [];
  const { second, ...place } = server;
  return [place, second ? { ...place, port: second } : place];
};

/** The two lanes. `with(lane)` gives it ready and warm, and sees to it that the other does not stand in its way. */
export const makeStage = (options, folder) => {
  const [oursAt, bareAt] = placesOf(options.server);
  const around = { folder, profile: options.profile };
  const lanes = [
    makeLane('callpickup', { ...around, drachtio: oursAt }),
    makeLane('bare', { ...around, drachtio: bareAt }),
  ];
  const isShared = oursAt !== undefined && oursAt.port === bareAt.port;

  const ready = async (lane) => {
    if (lane.isUp) return;
    if (isShared) for (const other of lanes) if (other.isUp) await other.down();
    await lane.up();
    await warmUp(lane, options);
  };
  return {
    lanes,
    isShared,
    ready,
    close: async () => {
      for (const lane of lanes) if (lane.isUp) await lane.down();
    },
  };
};
