import type Mrf from 'drachtio-fsmrf';
import type { Log } from '../../flows/ports.js';
import { connectMrf, type MrfPlace } from './mrf.js';
import type { MrfLink } from './mrf-link.js';

/** A connection that is made again and again. */
export interface KeptLink {
  /** Undefined while there is none. */
  readonly link: MrfLink | undefined;
  /** The server does not answer any more, though the connection stands: it is made anew. */
  drop(why: string): void;
  stop(): void;
}

/** What is told of a kept connection. */
export interface KeptLinkListener {
  up(link: MrfLink): void;
  down(): void;
  heartbeat(event: Mrf.EslEvent): void;
}

/** What a connection is kept with. */
export interface KeptLinkParts {
  /** As it was configured. */
  readonly name: string;
  readonly place: MrfPlace;
  readonly stack: Mrf.SipStack;
  readonly log: Log;
}

/** Milliseconds between two tries. */
const pause = 1_000;

/** Connects to a media server and stays connected, as long as it takes. */
export const keepLink = ({ name, place, stack, log }: KeptLinkParts, listener: KeptLinkListener): KeptLink => {
  let link: MrfLink | undefined;
  let stopped = false;
  let lastFailure = '';
  let timer: NodeJS.Timeout | undefined;

  const lost = (why: string): void => {
    if (!link) return;
    link.close();
    link = undefined;
    log.warn({ server: name, why }, 'media server lost');
    listener.down();
    timer = setTimeout(() => void connect(), pause);
  };
  const connect = async (): Promise<void> => {
    try {
      const made = await connectMrf(place, stack, { heartbeat: listener.heartbeat, lost });
      if (stopped) return made.close();
      link = made;
      lastFailure = '';
      log.info({ server: name }, 'media server connected');
      listener.up(made);
    } catch (error) {
      if (stopped) return;
      const why = (error as Error).message;
      // Once a reason: a server may be away for a day.
      if (why !== lastFailure) log.warn({ server: name, why }, 'media server not connected');
      lastFailure = why;
      timer = setTimeout(() => void connect(), pause);
    }
  };
  void connect();
  return {
    get link() {
      return link;
    },
    drop: lost,
    stop: () => {
      stopped = true;
      clearTimeout(timer);
      link?.close();
      link = undefined;
    },
  };
};
