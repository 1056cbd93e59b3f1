import type { OwnEndpoint } from './endpoint.js';
import type { MrfLink } from './mrf-link.js';

/** The endpoints of this instance on one server. */
export interface HeldEndpoints {
  readonly size: number;
  add(endpoint: OwnEndpoint): void;
  /** The server is lost, and all of them. */
  lose(): void;
  /** Our SIP dialogs are lost: ends the channels by command. */
  kill(link: MrfLink | undefined): void;
  release(): Promise<void>;
}

/** No endpoints yet; `count` is told of each that comes and goes. */
export const holdEndpoints = (count: (change: 1 | -1) => void): HeldEndpoints => {
  const held = new Set<OwnEndpoint>();
  return {
    get size() {
      return held.size;
    },
    add: (endpoint) => {
      held.add(endpoint);
      count(1);
      void endpoint.gone.then(() => held.delete(endpoint) && count(-1));
    },
    lose: () => {
      for (const endpoint of held) endpoint.lose();
    },
    kill: (link) => {
      for (const endpoint of held) void kill(endpoint, link);
    },
    release: async () => {
      await Promise.all([...held].map((endpoint) => endpoint.release()));
    },
  };
};

const kill = async (endpoint: OwnEndpoint, link: MrfLink | undefined): Promise<void> => {
  const { working } = endpoint;
  endpoint.lose();
  const work = await working;
  if (work) await link?.api(`uuid_kill ${work.channel.uuid}`);
};
