import type Mrf from 'drachtio-fsmrf';
import { settled } from './deadline.js';

/** A channel of the media server, by its own event socket. Nothing here rejects or waits for ever. */
export interface Channel {
  /** The server's name for it: the only one that its commands are given. */
  readonly uuid: string;
  readonly isOpen: boolean;
  /** Settles when the channel or its event socket is gone. */
  readonly closed: Promise<void>;
  /** Runs an application; undefined if it is not over in time, or the channel ends. */
  execute(application: string, argument: string, milliseconds?: number): Promise<Mrf.EslEvent | undefined>;
  /** Runs a command; undefined if there is no reply in time. */
  api(command: string, argument: string): Promise<string | undefined>;
  /** Tells the applications that begin on the channel; the result is how to stop. */
  onExecuting(listener: (event: Mrf.EslEvent) => void): () => void;
  /** Tells the keys that the server heard. */
  onKey(listener: (key: string) => void): void;
  /** Closes the event socket: the channel is gone already, or will never be asked again. */
  close(): void;
}

/** How long an application that is over at once, and a command, may take, in milliseconds. */
const patience = 3_000;

/** What fsmrf made as the adapter uses it; undefined if the server's name for it could not stand in a command. */
export const channelOf = (made: Mrf.Endpoint): Channel | undefined => {
  const { uuid, conn } = made;
  if (!conn || !/^[\da-f-]{8,64}$/i.test(uuid)) return undefined;
  // fsmrf's own writes to the console.
  conn.removeAllListeners('error');
  const closed = new Promise<void>((resolve) => {
    made.once('destroy', () => resolve());
    conn.on('esl::end', () => resolve());
  });
  const bounded = <T>(milliseconds: number, promise: Promise<T>): Promise<T | undefined> =>
    settled(milliseconds, Promise.race([promise, closed.then(() => undefined)]));
  const executing = `esl::event::CHANNEL_EXECUTE::${uuid}`;
  return {
    uuid,
    closed,
    get isOpen() {
      return made.conn?.connected() ?? false;
    },
    execute: (application, argument, milliseconds = patience) =>
      bounded(milliseconds, made.execute(application, argument)),
    api: async (command, argument) => (await bounded(patience, made.api(command, argument)))?.getBody(),
    onExecuting: (listener) => {
      conn.on(executing, listener);
      return () => void conn.off(executing, listener);
    },
    onKey: (listener) => void made.on('dtmf', ({ dtmf }) => listener(dtmf)),
    close: () => void conn.socket?.destroy(),
  };
};
