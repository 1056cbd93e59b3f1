import { makeBindings } from '../../../src/embedded/sip/core/bindings.js';
import type { Engine } from '../../../src/embedded/sip/core/engine.js';
import { makeIncomingTable } from '../../../src/embedded/sip/core/incoming.js';
import { takeMessage } from '../../../src/embedded/sip/core/intake.js';
import { applicationLeft } from '../../../src/embedded/sip/core/left.js';
import { obeySip } from '../../../src/embedded/sip/core/obey.js';
import { makeOutgoingTable } from '../../../src/embedded/sip/core/outgoing.js';
import { makeDialogs } from '../../../src/embedded/sip/dialog/dialogs.js';
import { obeyProxy } from '../../../src/embedded/sip/proxy/order.js';
import type { Hop, Path, Proto } from '../../../src/embedded/sip/transport/path.js';
import type { Client } from '../../../src/embedded/sip/wire/client.js';
import { makeClients } from '../../../src/embedded/sip/wire/clients.js';
import { type HandClock, handClock } from './hand-clock.js';

const local = { host: '127.0.0.1', port: 5060 };

/** A peer on paper: what it was sent, and what it can do. */
export interface PaperPeer {
  readonly path: Path;
  /** All that it was sent, oldest first. */
  readonly got: string[];
  /** Start lines of what it was sent since the last call. */
  news(): string[];
  /** Its port turns out to be closed. */
  refuse(): void;
}

/** A peer at that address. */
export function paperPeer(port: number, proto: Proto = 'udp'): PaperPeer {
  const got: string[] = [];
  const listeners = new Set<() => void>();
  let read = 0;
  const path: Path = {
    proto,
    local,
    address: '127.0.0.1',
    port,
    open: true,
    send: (text) => got.push(text),
    onFailure: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const news = () => {
    const fresh = got.slice(read).map((text) => text.split('\r\n', 1)[0] ?? '');
    read = got.length;
    return fresh;
  };
  return { path, got, news, refuse: () => [...listeners].forEach((listener) => void listener()) };
}

/** An application on paper. */
export interface PaperApp {
  readonly client: Client;
  readonly heard: string[];
  /** Gives an order `sip|...` and returns the answer. */
  order(tokens: string, sip: string): string;
  /** The transaction id in the last thing it heard. */
  lastTransaction(): string;
  /** Gives an order `proxy|...`; answers come in `heard`. */
  proxy(tokens: string, sip: string): void;
  leave(): void;
}

/** The engine with time, network and applications in hand. */
export interface HandEngine {
  readonly engine: Engine;
  readonly clock: HandClock;
  arrive(text: string, from: PaperPeer): void;
  app(...verbs: string[]): PaperApp;
}

/** An engine whose requests go to whichever of the peers has that port. */
export function handEngine(peers: readonly PaperPeer[]): HandEngine {
  const clock = handClock();
  const reach = (hop: Hop): Path => {
    const peer = peers.find(({ path }) => path.port === hop.port && path.proto === hop.proto);
    if (!peer) throw new Error(`no paper peer at port ${hop.port}`);
    return peer.path;
  };
  const engine: Engine = {
    clock,
    transports: { endpoints: [local], reach, isOurs: ({ port }) => port === local.port, close: () => {} },
    clients: makeClients(),
    incoming: makeIncomingTable(),
    outgoing: makeOutgoingTable(),
    dialogs: makeDialogs(),
    bindings: makeBindings(clock),
  };
  const app = (...verbs: string[]): PaperApp => {
    const heard: string[] = [];
    let open = true;
    const client: Client = {
      authenticated: true,
      get open() {
        return open;
      },
      send: (payload) => heard.push(payload),
      answer: (id, rest) => heard.push(`answer ${id} ${rest}`),
      close: () => {},
    };
    for (const verb of verbs) engine.clients.route(client, verb);
    return {
      client,
      heard,
      order: (tokens, sip) => {
        const order = { messageId: 'm', tokens: tokens.split('|'), sip };
        obeySip(engine, client, order);
        return heard.pop()?.replace('answer m ', '') ?? '';
      },
      lastTransaction: () => heard.at(-1)?.split('|')[7] ?? '',
      proxy: (tokens, sip) => obeyProxy(engine, client, { messageId: 'p', tokens: tokens.split('|'), sip }),
      leave: () => {
        open = false;
        engine.clients.remove(client);
        applicationLeft(engine, client);
      },
    };
  };
  return { engine, clock, arrive: (text, from) => takeMessage(engine, text, from.path), app };
}
