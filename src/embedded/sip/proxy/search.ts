import type { Engine } from '../core/engine.js';
import type { Incoming } from '../core/incoming.js';
import { answerAlone } from '../core/open-incoming.js';
import { hopOf, valuesOf } from '../dialog/route.js';
import { parseAddress } from '../message/address.js';
import { print, type Request, type Response } from '../message/message.js';
import type { Path } from '../transport/path.js';
import { bestOf } from './best.js';
import { type Branch, branchTo } from './branch.js';
import { copyOf, responseOnward } from './forward.js';

/** How the application wants its request proxied. */
export interface SearchOrder {
  readonly targets: readonly string[];
  readonly staysOnPath: boolean;
  readonly followsRedirects: boolean;
  readonly inParallel: boolean;
  /** How long a target may say nothing at all before the next is tried; 0 for ever, in milliseconds. */
  readonly provisionalTime: number;
  readonly added: Request;
}

/** Who hears of each final response, and of the end. */
export interface SearchEvents {
  final(response: Response, path: Path): void;
  done(): void;
}

interface Search {
  readonly engine: Engine;
  readonly incoming: Incoming;
  readonly order: SearchOrder;
  readonly events: SearchEvents;
  readonly waiting: string[];
  readonly branches: Set<Branch>;
  readonly failures: Response[];
  /** True when no further target is tried. */
  settled: boolean;
  /** True when the application has heard the end. */
  isDone: boolean;
}

/** Tries the targets, all at once or one after the other, until one accepts (RFC 3261 section 16). */
export function search(engine: Engine, incoming: Incoming, wish: { order: SearchOrder; events: SearchEvents }): void {
  const about: Search = {
    engine,
    incoming,
    ...wish,
    waiting: [...wish.order.targets],
    branches: new Set(),
    failures: [],
    settled: false,
    isDone: false,
  };
  engine.incoming.finish(incoming);
  incoming.stopSearch = () => settle(about);
  goOn(about);
}

function goOn(about: Search): void {
  const { waiting, branches, order } = about;
  while (!about.settled && waiting.length > 0 && (order.inParallel || branches.size === 0)) tryNext(about);
  if (branches.size === 0) finish(about);
}

function settle(about: Search): void {
  about.settled = true;
  for (const branch of about.branches) branch.cancel();
}

function tryNext(about: Search): void {
  const { engine, incoming, order } = about;
  const uri = about.waiting.shift() ?? '';
  const hop = hopOf(uri);
  if (!hop || engine.transports.isOurs(hop)) return;
  const path = engine.bindings.pathTo(uri) ?? engine.transports.reach(hop, incoming.path.local);
  // Only a URI that names us is replaced; any other says where the caller wants to go (RFC 3261 section 16.5).
  const asked = hopOf(incoming.request.uri);
  const isForUs = asked !== undefined && engine.transports.isOurs(asked);
  const copy = { uri: isForUs ? uri : incoming.request.uri, path, staysOnPath: order.staysOnPath, added: order.added };
  const stopWaiting =
    order.provisionalTime > 0 ? engine.clock.after(order.provisionalTime, () => passOver(about, branch)) : () => {};
  const branch: Branch = branchTo(
    engine,
    { ...copyOf(incoming.request, copy), path },
    {
      provisional: (response) => {
        stopWaiting();
        relay(incoming, response);
      },
      final: (response) => {
        stopWaiting();
        answered(about, branch, response);
      },
      again: (response) => incoming.path.send(print(responseOnward(response))),
    },
  );
  about.branches.add(branch);
}

/** The target says nothing: the next one is tried while its CANCEL waits. */
function passOver(about: Search, branch: Branch): void {
  branch.cancel();
  if (about.branches.delete(branch)) goOn(about);
}

function relay(incoming: Incoming, response: Response): void {
  const { status } = response;
  incoming.transaction.respond(status, print(responseOnward(response)));
  // The callee repeats its own 2xx until the caller's own ACK: a proxy does not (RFC 6026 section 7.1).
  if ('acknowledged' in incoming.transaction && status >= 200 && status < 300) incoming.transaction.acknowledged();
}

function answered(about: Search, branch: Branch, response: Response): void {
  about.events.final(response, branch.outgoing.path);
  about.branches.delete(branch);
  if (response.status < 300) {
    if (about.incoming.transaction.answered) about.incoming.path.send(print(responseOnward(response)));
    else relay(about.incoming, response);
    settle(about);
  } else fail(about, response);
  goOn(about);
}

function fail(about: Search, response: Response): void {
  const { status } = response;
  if (about.order.followsRedirects && status < 400) {
    about.waiting.push(...valuesOf(response, 'contact').map((value) => parseAddress(value)?.uri ?? ''));
    return;
  }
  about.failures.push(response);
  if (status >= 600 || status === 401 || status === 407) settle(about);
}

/** Nobody is left to ask. A 503 of one target says nothing about us (RFC 3261 section 16.7, step 6). */
function finish(about: Search): void {
  const { engine, incoming, failures } = about;
  if (about.isDone) return;
  about.isDone = true;
  const best = bestOf(failures);
  if (!incoming.transaction.answered) {
    if (!best) answerAlone(engine, incoming, 408);
    else if (best.status === 503) answerAlone(engine, incoming, 500);
    else relay(incoming, best);
  }
  about.events.done();
}
