import type { Clock } from '../clock.js';
import { parseUri } from '../message/uri.js';
import type { Path } from '../transport/path.js';

/** Over which TCP connection a phone registered, so that calls to its Contact take the same one. */
export interface Bindings {
  /** Remembers the way to a Contact for that many seconds; 0 forgets it. */
  remember(contact: string, path: Path, seconds: number): void;
  /** The open connection of a Contact, or undefined. */
  pathTo(uri: string): Path | undefined;
  readonly size: number;
}

function keyOf(uri: string): string | undefined {
  const parsed = parseUri(uri);
  return parsed && `${parsed.user ?? ''}@${parsed.host}:${parsed.port ?? 5060}`;
}

/** An empty memory. */
export function makeBindings(clock: Clock): Bindings {
  const known = new Map<string, { readonly path: Path; readonly forget: () => void }>();
  const drop = (key: string): void => {
    known.get(key)?.forget();
    known.delete(key);
  };
  return {
    remember: (contact, path, seconds) => {
      const key = keyOf(contact);
      if (key === undefined) return;
      drop(key);
      if (path.proto !== 'tcp' || !path.open || seconds <= 0) return;
      const stopExpiring = clock.after(Math.min(seconds, 86_400) * 1000, () => drop(key));
      const stopWatching = path.onFailure(() => drop(key));
      known.set(key, {
        path,
        forget: () => {
          stopExpiring();
          stopWatching();
        },
      });
    },
    pathTo: (uri) => {
      const path = known.get(keyOf(uri) ?? '')?.path;
      return path?.open ? path : undefined;
    },
    get size() {
      return known.size;
    },
  };
}
