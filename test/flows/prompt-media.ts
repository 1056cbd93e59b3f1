import type { Endpoint, EndpointRequest, MediaServers } from '../../src/flows/media.js';
import { type Gate, gate } from './parties.js';

/** An endpoint that remembers what was done with it. */
export interface FakeEndpoint extends Endpoint {
  readonly request: EndpointRequest;
  /** `play …`, `hush`, `bridge …`, `change …`, `release`. */
  readonly done: string[];
  presses(digit: string): void;
  /** Its server is lost. */
  lost(): void;
}

/** A media server in memory. */
export interface FakeMedia extends MediaServers {
  isUp: boolean;
  /** It opens so many more. */
  room: number;
  readonly opened: FakeEndpoint[];
  /** What plays goes on until this opens. */
  plays: Gate;
  /** The next ones are opened when this opens. */
  opens?: Gate;
  /** What answers to its offers are refused. */
  refuses?: string | undefined;
  /** Endpoints that are still there. */
  left(): number;
}

/** An empty media server. */
export const fakeMedia = (): FakeMedia => {
  const media: FakeMedia = {
    isUp: true,
    room: 1000,
    opened: [],
    plays: gate(),
    open: async (request) => {
      await media.opens?.passed;
      if (!media.isUp || media.room <= 0) return undefined;
      media.room -= 1;
      const endpoint = fakeEndpoint(media, request);
      media.opened.push(endpoint);
      return endpoint;
    },
    left: () => media.opened.filter(({ isGone }) => !isGone).length,
  };
  return media;
};

const fakeEndpoint = (media: FakeMedia, request: EndpointRequest): FakeEndpoint => {
  const id = `endpoint-${media.opened.length + 1}`;
  const done: string[] = [];
  const listeners = new Set<(digit: string) => void>();
  const broken = new Set<() => void>();
  let isGone = false;
  let settle: () => void = () => undefined;
  const gone = new Promise<void>((resolve) => {
    settle = resolve;
  });
  const breakOff = () => {
    for (const each of broken) each();
    broken.clear();
  };
  const end = () => {
    isGone = true;
    breakOff();
    settle();
  };
  return {
    ...{ id, server: 'fake', sdp: `sdp of ${id}`, request, done, gone },
    get isGone() {
      return isGone;
    },
    change: async (offer) => {
      done.push(`change ${offer}`);
      return offer === media.refuses ? undefined : `answer of ${id}`;
    },
    bridge: async (other) => {
      breakOff();
      done.push(`bridge ${other.id}`);
      return !isGone && !other.isGone;
    },
    park: async () => void done.push('park'),
    play: async (...sounds) => {
      done.push(`play ${sounds.join(' ')}`);
      if (isGone) return;
      await Promise.race([media.plays.passed, new Promise<void>((resolve) => broken.add(resolve))]);
    },
    hush: async () => {
      done.push('hush');
      breakOff();
    },
    overlay: async (sound) => void done.push(`overlay ${sound}`),
    listenTo: async () => undefined,
    onDigit: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    release: async () => {
      if (isGone) return;
      done.push('release');
      end();
    },
    presses: (digit) => {
      for (const listener of [...listeners]) listener(digit);
    },
    lost: end,
  };
};
