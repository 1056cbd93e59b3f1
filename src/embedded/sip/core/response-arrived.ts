import { headerOf } from '../message/message.js';
import type { Parsed } from '../message/parse.js';
import { declaredLength } from '../message/parse.js';
import { topVia } from '../message/via.js';
import type { Path } from '../transport/path.js';
import type { Engine } from './engine.js';

/** A response: goes to the transaction it names; one that names none of ours is dropped, never relayed. */
export function responseArrived(engine: Engine, parsed: Parsed, path: Path): void {
  const response = parsed.message;
  if (response?.kind !== 'response' || response.status > 699 || response.status < 100) return;
  const length = declaredLength(parsed.headers) ?? 0;
  if (length < 0 || length > parsed.rest.length || parsed.badLine !== undefined) return;
  const branch = topVia(response)?.params.get('branch') ?? '';
  const method = headerOf(response, 'cseq')?.split(/[ \t]+/)[1] ?? '';
  if (method === 'CANCEL') {
    engine.outgoing.cancelOf(branch)?.received(response);
    return;
  }
  const outgoing = engine.outgoing.ofResponse(branch, method);
  if (!outgoing) return;
  outgoing.path = path;
  if (outgoing.dialog && response.status > 100) outgoing.dialog.path = path;
  outgoing.transaction?.received(response);
}
