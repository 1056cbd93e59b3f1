import type { Dialog } from '../dialog/dialog.js';
import { hopOf, routed } from '../dialog/route.js';
import type { Path } from '../transport/path.js';
import type { Engine } from './engine.js';

/**
 * The way of a request in a dialog. Without a route it goes where the peer's last message came from: over the same
 * connection, or through the same hole in the NAT. Undefined when the next hop speaks nothing that we do.
 */
export function pathInDialog(engine: Engine, dialog: Dialog): Path | undefined {
  const hasRoute = dialog.routes.length > 0;
  if (!hasRoute && dialog.path.open) return dialog.path;
  const { next } = routed(dialog);
  const hop = hopOf(next);
  if (!hop) return undefined;
  const sameConnection = dialog.path.proto === 'tcp' && hop.proto === 'tcp' && dialog.path.address === hop.host;
  if (sameConnection && dialog.path.open) return dialog.path;
  return (hasRoute ? undefined : engine.bindings.pathTo(next)) ?? engine.transports.reach(hop, dialog.path.local);
}
