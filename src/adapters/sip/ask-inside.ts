import type { Headers } from './headers.js';
import type { SipDialog, SipRequest, SipResponse } from './srf.js';

/** Gives the ACK to a 2xx that the application answers itself. */
export type Ack = (options?: { body?: string }) => void;

/** A re-INVITE to be sent; without a body the phone makes the offer, and the ACK is for whoever hears the answer. */
interface Asking {
  readonly headers: Headers;
  readonly body?: string;
}

/** srf's sender of requests; private to it, but a request of its dialogs is not shown otherwise. */
interface Agent {
  request(
    options: Asking & { method: 'INVITE'; stackDialogId: string; _socket: unknown },
    sent: (error: Error | null, req: SipRequest) => void,
  ): void;
}

/**
 * Sends a re-INVITE and tells every response, provisional ones too. Not by `dialog.request`: while that waits, srf gives
 * an UPDATE of the same phone to the request, where nobody listens, and the phone would never be answered.
 */
export const askInside = (
  dialog: SipDialog,
  asking: Asking,
  heard: (error: Error | null, res?: SipResponse, ack?: Ack) => void,
): void => {
  const { agent } = dialog as unknown as { agent: Agent };
  const options = { method: 'INVITE', stackDialogId: dialog.id, _socket: dialog.socket, ...asking } as const;
  try {
    agent.request(options, (error, req) => {
      if (error) return heard(error);
      req.on('update', (update, res) => void dialog.emit('update', update, res));
      req.on('response', (res, ack) => {
        const isOffer = res.status === 200 && !asking.body;
        if (res.status >= 200 && !isOffer) ack();
        heard(null, res, isOffer ? ack : undefined);
      });
    });
  } catch (error) {
    heard(error as Error);
  }
};
