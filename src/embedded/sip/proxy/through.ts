import type { Engine } from '../core/engine.js';
import type { Incoming } from '../core/incoming.js';
import { answerAlone } from '../core/open-incoming.js';
import { hopOf, valuesOf } from '../dialog/route.js';
import { parseAddress, tagOf } from '../message/address.js';
import { headerOf, print, type Request } from '../message/message.js';
import type { Path } from '../transport/path.js';
import { branchTo } from './branch.js';
import { copyOf, hopsAreOver, responseOnward, withoutFirst } from './forward.js';

/** True for a request in somebody else's dialog that comes by because we stayed on its path (RFC 3261 section 16.4). */
export function passesThrough(engine: Engine, request: Request): boolean {
  const toTag = tagOf(headerOf(request, 'to'));
  const [route] = valuesOf(request, 'route');
  const hop = route === undefined ? undefined : hopOf(parseAddress(route)?.uri ?? '');
  if (!toTag || !hop || !engine.transports.isOurs(hop)) return false;
  const fromTag = tagOf(headerOf(request, 'from'));
  return !engine.dialogs.ofRequest(headerOf(request, 'call-id') ?? '', toTag, fromTag);
}

/** The request without our Route, and where it goes; undefined when that is here again or nowhere. */
function onward(engine: Engine, request: Request, from: Path): { request: Request; path: Path } | undefined {
  const popped = { ...request, headers: withoutFirst(request.headers, 'route') };
  const [route] = valuesOf(popped, 'route');
  const next = (route && parseAddress(route)?.uri) || request.uri;
  const hop = hopOf(next);
  if (!hop || engine.transports.isOurs(hop) || hopsAreOver(request)) return undefined;
  return { request: popped, path: engine.bindings.pathTo(next) ?? engine.transports.reach(hop, from.local) };
}

/** Passes a request on, and its responses back. */
export function passOn(engine: Engine, incoming: Incoming): void {
  const next = onward(engine, incoming.request, incoming.path);
  if (!next) {
    answerAlone(engine, incoming, 481);
    return;
  }
  engine.incoming.finish(incoming);
  const { request, path } = next;
  const back = (status: number, text: string): void => incoming.transaction.respond(status, text);
  const branch = branchTo(
    engine,
    { ...copyOf(request, { uri: request.uri, path }), path },
    {
      provisional: (response) => back(response.status, print(responseOnward(response))),
      final: (response) => {
        back(response.status, print(responseOnward(response)));
        if ('acknowledged' in incoming.transaction && response.status < 300) incoming.transaction.acknowledged();
      },
      again: (response) => incoming.path.send(print(responseOnward(response))),
    },
  );
  incoming.stopSearch = branch.cancel;
}

/** An ACK to a 2xx has no transaction: it is passed on as it is. */
export function passAckOn(engine: Engine, ack: Request, from: Path): void {
  const next = onward(engine, ack, from);
  next?.path.send(print(copyOf(next.request, { uri: ack.uri, path: next.path }).request));
}
