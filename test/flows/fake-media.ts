import type { Endpoint, EndpointRequest, MediaServers } from '../../src/flows/media.js';

/** An endpoint that remembers what was done with it. */
export interface FakeEndpoint extends Endpoint {
  readonly request: EndpointRequest;
  /** `bridge 2`, `change sdp`, `play sounds`, `release`. */
  readonly did: string[];
  /** Whom it hears. */
  hears: FakeEndpoint | undefined;
  /** The server is lost, or has ended it. */
  dies(): void;
}

/** Media servers in memory. */
export interface FakeMedia extends MediaServers {
  isUp: boolean;
  readonly endpoints: FakeEndpoint[];
  /** How an opening, a bridging or a change ends instead; `at` may wait, or do something in the middle. */
  fails: { open?: (request: EndpointRequest) => boolean; bridge?: () => boolean; change?: () => boolean };
  /** May hold something up, or do something in the middle of it. */
  meanwhile: (what: 'open' | 'bridge' | 'change' | 'play') => Promise<void> | void;
  /** Those that have not been released. */
  readonly held: number;
}

/** One server; endpoints are numbered from 1. */
export const fakeMedia = (): FakeMedia => {
  const endpoints: FakeEndpoint[] = [];
  const media: FakeMedia = {
    isUp: true,
    endpoints,
    fails: {},
    meanwhile: () => undefined,
    get held() {
      return endpoints.filter(({ isGone }) => !isGone).length;
    },
    open: async (request) => {
      await media.meanwhile('open');
      if (!media.isUp || media.fails.open?.(request)) return undefined;
      const endpoint = fakeEndpoint(media, request, endpoints.length + 1);
      endpoints.push(endpoint);
      return endpoint;
    },
  };
  return media;
};

const fakeEndpoint = (media: FakeMedia, request: EndpointRequest, number: number): FakeEndpoint => {
  let isGone = false;
  let settle: () => void = () => undefined;
  const gone = new Promise<void>((resolve) => {
    settle = resolve;
  });
  const part = () => {
    if (endpoint.hears) endpoint.hears.hears = undefined;
    endpoint.hears = undefined;
  };
  const dies = () => {
    part();
    isGone = true;
    settle();
  };
  const endpoint: FakeEndpoint = {
    ...{ request, did: [], hears: undefined, dies, gone, server: 'fs', id: String(number) },
    sdp: request.offer === undefined ? `offer of endpoint ${number}` : `endpoint ${number} for ${request.offer}`,
    get isGone() {
      return isGone;
    },
    change: async (offer) => {
      endpoint.did.push(`change ${offer}`);
      await media.meanwhile('change');
      return isGone || media.fails.change?.() ? undefined : `endpoint ${number} for ${offer}`;
    },
    bridge: async (other) => {
      endpoint.did.push(`bridge ${other.id}`);
      await media.meanwhile('bridge');
      const meant = other as FakeEndpoint;
      if (isGone || other.isGone || media.fails.bridge?.()) return false;
      part();
      if (meant.hears) meant.hears.hears = undefined;
      [endpoint.hears, meant.hears] = [meant, endpoint];
      return true;
    },
    park: async () => part(),
    play: async (...sounds) => {
      endpoint.did.push(`play ${sounds.map((sound) => (typeof sound === 'string' ? sound : sound.file)).join(' ')}`);
      await Promise.race([media.meanwhile('play'), gone]);
    },
    hush: async () => undefined,
    overlay: async () => undefined,
    listenTo: async () => undefined,
    onDigit: () => () => undefined,
    release: async () => {
      if (!isGone) endpoint.did.push('release');
      dies();
    },
  };
  return endpoint;
};
