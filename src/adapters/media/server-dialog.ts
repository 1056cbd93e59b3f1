import type Srf from 'drachtio-srf';
import { deferred } from './deadline.js';

/** A SIP dialog with a media server. */
export interface ServerDialog {
  /** The server's answer to the offer in the INVITE. */
  readonly sdp: string;
  /** Settles when the dialog is over, whoever ended it. */
  readonly ended: Promise<void>;
  /** Sends another offer; the server's answer, undefined if it refuses it or does not answer in time. Not twice at a time. */
  change(offer: string): Promise<string | undefined>;
  /** Sends BYE. Settles with whether the server has taken it; never rejects. */
  end(): Promise<boolean>;
  /** Nobody is at the other end any more: forgets the dialog. A BYE goes all the same. */
  abandon(): void;
}

/** How long the server may take to answer a request inside the dialog, in milliseconds: it is near, or it is lost. */
const patience = 4_000;

/** A dialog of srf's as the adapter uses it. */
export const serverDialog = (dialog: Srf.Dialog): ServerDialog => {
  const over = deferred<void>();
  let isOver = false;
  const finish = (): void => {
    isOver = true;
    over.settle();
  };
  dialog.on('destroy', finish);
  // srf compares a re-INVITE's SDP with these, and throws out of its socket's handler if there is none.
  dialog.remote.sdp ??= '';
  const end = async (): Promise<boolean> => {
    if (isOver) return true;
    finish();
    return dialog.connected ? sayBye(dialog) : true;
  };
  return {
    sdp: dialog.remote.sdp,
    ended: over.promise,
    change: async (offer) => (isOver ? undefined : reinvite(dialog, offer)),
    end,
    abandon: () => {
      void end();
      dialog.connected = false;
      dialog.srf.removeDialog(dialog);
    },
  };
};

/** The callback, not the promise: that of srf's `destroy` stays open when the connection is lost. */
const sayBye = (dialog: Srf.Dialog): Promise<boolean> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), patience);
    dialog.destroy({}, (error) => {
      clearTimeout(timer);
      resolve(!error);
    });
  });

/** Not by `dialog.modify`, which hangs after one failure (protocol.md 18.4). */
const reinvite = (dialog: Srf.Dialog, offer: string): Promise<string | undefined> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), patience);
    const headers = { Contact: dialog.local.contact, 'Content-Type': 'application/sdp' };
    dialog.request({ method: 'INVITE', headers, body: offer }, (error, res) => {
      if (!error && res.status < 200) return;
      clearTimeout(timer);
      resolve(!error && res.status < 300 ? res.body : undefined);
    });
  });
