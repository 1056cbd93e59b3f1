import { keepPending, type SipRequest } from './srf.js';

/** Notes a CANCEL from the first moment on. Must run before anything is awaited: srf emits it once (protocol.md 17). */
export const watchCancel = (req: SipRequest): CancelWatch => {
  const watch: CancelWatch = { gone: false, listeners: [] };
  const tag = req.getParsedHeader('from').params.tag;
  req.on('cancel', (cancel) => {
    // Somebody else's CANCEL under the same Call-ID: srf takes our INVITE off its book with it, after this.
    if (cancel.getParsedHeader('from').params.tag !== tag) return queueMicrotask(() => keepPending(req, req.res));
    watch.gone = true;
    watch.reason = cancel.get('Reason');
    for (const listener of watch.listeners) listener(watch.reason);
    watch.listeners = [];
  });
  return watch;
};

/** What {@link watchCancel} has seen. */
export interface CancelWatch {
  gone: boolean;
  reason?: string | undefined;
  listeners: ((reason?: string) => void)[];
}
