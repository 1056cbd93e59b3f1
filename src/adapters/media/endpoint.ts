import type { Endpoint } from '../../flows/media.js';
import { actionsOf, type Working } from './actions.js';
import type { Channel } from './channel.js';
import { deferred } from './deadline.js';
import { keysOf } from './keys.js';
import type { MrfLink } from './mrf-link.js';
import { plainOffer } from './own-offer.js';
import { makePlayer } from './player.js';
import type { ServerDialog } from './server-dialog.js';

/** What an endpoint is made of. */
export interface EndpointParts {
  readonly id: string;
  /** The name of its server. */
  readonly server: string;
  readonly sdp: string;
  readonly dialog: ServerDialog;
  /** Comes later where the phone must first have the answer (DTLS); undefined if it does not come. */
  readonly channel: Promise<Channel | undefined>;
  readonly isLater: boolean;
  readonly link: MrfLink;
  /** The operator's sounds, as the server sees their folder. */
  readonly folder: string | undefined;
}

/** An endpoint as the adapter knows it. */
export interface OwnEndpoint extends Endpoint {
  /** Settles when commands can be given, undefined if that will never be. */
  readonly working: Promise<Working | undefined>;
  /** The phone has still to make keys with the server, for which it needs the answer. */
  readonly isAwaited: boolean;
  /** The server, or our way to it, is lost. */
  lose(): void;
}

/** An endpoint on a media server. */
export const makeEndpoint = (parts: EndpointParts): OwnEndpoint => {
  const { id, server, sdp, dialog, link } = parts;
  const life = lifeOf(parts);
  const working = workingOf(parts);
  const listeners = new Set<(key: string) => void>();
  void working.then((work) => work?.keys.on((key) => tellAll(listeners, key)));
  /** Does something with the channel while it is there. */
  const when = async <T>(otherwise: T, act: (work: Working) => Promise<T>): Promise<T> => {
    const work = await Promise.race([readyOf(working), life.gone.then(() => undefined)]);
    return work && !life.isGone ? act(work) : otherwise;
  };
  let isAwaited = parts.isLater;
  void working.then(() => {
    isAwaited = false;
  });
  let changing: Promise<unknown> = Promise.resolve();
  let told = sdp;
  const change = async (offer: string): Promise<string | undefined> => {
    const answer = life.isGone ? undefined : await dialog.change(plainOffer(offer));
    told = answer ?? told;
    return answer;
  };

  return {
    id,
    server,
    get sdp() {
      return told;
    },
    working,
    get isAwaited() {
      return isAwaited;
    },
    gone: life.gone,
    get isGone() {
      return life.isGone;
    },
    lose: life.lose,
    release: life.release,
    change: (offer) => {
      // One at a time (RFC 3261 section 14.1).
      const changed = changing.then(() => change(offer));
      changing = changed;
      return changed;
    },
    ...actionsOf({
      ...{ link, when, partner: (other) => workingOn(other, server), fails: () => void life.release() },
      isAwaited: (other) => isAwaited || (other as OwnEndpoint).isAwaited,
    }),
    onDigit: (listener) => {
      const own = (key: string) => listener(key);
      listeners.add(own);
      return () => void listeners.delete(own);
    },
  };
};

const tellAll = (listeners: ReadonlySet<(key: string) => void>, key: string): void => {
  for (const listener of listeners) listener(key);
};

const workingOf = async ({ channel, folder }: EndpointParts): Promise<Working | undefined> => {
  const own = await channel;
  const bridging = Promise.resolve();
  return own && { channel: own, player: makePlayer(own, folder), keys: keysOf(own), bridging };
};

/** Settles when commands can be given, and what was commanded last is done. */
const readyOf = async (working: Promise<Working | undefined>): Promise<Working | undefined> => {
  const work = await working;
  await work?.bridging;
  return work;
};

/** Another endpoint of the same server, once commands can be given to it. */
const workingOn = async (other: Endpoint, server: string): Promise<Working | undefined> =>
  other.isGone || other.server !== server ? undefined : readyOf((other as OwnEndpoint).working);

/** When an endpoint is gone, and how it is ended: by BYE, or where that does not work by a command. */
const lifeOf = ({ dialog, channel, link }: EndpointParts) => {
  const over = deferred<void>();
  let isGone = false;
  let released: Promise<void> | undefined;
  const finish = (): void => {
    isGone = true;
    over.settle();
  };
  const end = async (): Promise<void> => {
    finish();
    if (await dialog.end()) return;
    const own = await channel;
    if (own) await link.api(`uuid_kill ${own.uuid}`);
    own?.close();
  };
  const release = (): Promise<void> => {
    released ??= end();
    return released;
  };
  void dialog.ended.then(finish);
  // A channel that lost its event socket can be bridged still, but nobody can ask it anything any more.
  void channel.then((own) => (own ? own.closed.then(release) : release()));
  return {
    gone: over.promise,
    get isGone() {
      return isGone;
    },
    release,
    lose: (): void => {
      released ??= Promise.resolve();
      finish();
      dialog.abandon();
      void channel.then((own) => own?.close());
    },
  };
};
