import type { Client } from './client.js';

/** Which application gets which requests. */
export interface Clients {
  /** That client wants requests of that method (lower case). */
  route(client: Client, verb: string): void;
  removeRoute(client: Client, verb: string): void;
  /** The next client in turn for that method, or undefined when nobody wants it. */
  choose(verb: string): Client | undefined;
  remove(client: Client): void;
}

interface Turn {
  readonly clients: Client[];
  next: number;
}

/** An empty list of applications. */
export function makeClients(): Clients {
  const turns = new Map<string, Turn>();
  const leave = (turn: Turn | undefined, client: Client): void => {
    const index = turn?.clients.indexOf(client) ?? -1;
    if (index >= 0) turn?.clients.splice(index, 1);
  };
  return {
    route: (client, verb) => {
      const turn = turns.get(verb) ?? { clients: [], next: 0 };
      turns.set(verb, turn);
      // drachtio-srf sends its routes again with every new one; once is enough.
      if (!turn.clients.includes(client)) turn.clients.push(client);
    },
    removeRoute: (client, verb) => leave(turns.get(verb), client),
    choose: (verb) => {
      const turn = turns.get(verb);
      if (!turn || turn.clients.length === 0) return undefined;
      turn.next = (turn.next + 1) % turn.clients.length;
      return turn.clients[turn.next];
    },
    remove: (client) => {
      for (const turn of turns.values()) leave(turn, client);
    },
  };
}
