import type { Frame } from '../audio/frame.js';
import type { RtpSession } from '../audio/rtp.js';
import type { Agreed } from '../audio/sdp.js';
import type { Doing } from '../hearing/ear.js';
import type { Channel, Displacement, Leg } from './channel.js';

/** What a channel is made of. */
export interface NewChannel {
  readonly id: string;
  readonly user: string;
  /** Where its SIP comes from, `host:port`, and the host alone. */
  readonly from: string;
  readonly address: string;
  readonly rtp: RtpSession;
  readonly agreed: Agreed;
  readonly leg: Leg;
}

const nothing: Doing = { kind: 'nothing' };

/** A channel that has been answered and does nothing yet. */
export function openChannel(made: NewChannel): Channel {
  let frame: Frame | undefined;
  const channel: Channel = {
    ...made,
    created: Date.now() * 1000,
    name: `sofia/drachtio_mrf/${made.user || 'nobody'}@${made.from}`,
    variables: new Map(),
    control: undefined,
    state: 'CS_EXECUTE',
    callState: 'ACTIVE',
    base: undefined,
    runs: [],
    waiting: [],
    partner: undefined,
    eavesdroppers: [],
    inserts: [],
    isMuted: false,
    isDeafened: false,
    keyAction: undefined,
    response: '_none_',
    cause: undefined,
    get frame() {
      return frame;
    },
    get doing() {
      return channel.runs.at(-1)?.doing ?? nothing;
    },
    advance: () => {
      frame = made.rtp.take();
      channel.runs.at(-1)?.advance?.();
      for (const insert of [...channel.inserts]) if (!insert.tune.next()) dropInsert(channel, insert);
    },
    say: (heard) => made.rtp.say(heard),
  };
  return channel;
}

/** Takes a sound away that was laid over a channel. */
export function dropInsert(channel: Channel, insert: Displacement): void {
  const index = channel.inserts.indexOf(insert);
  if (index >= 0) channel.inserts.splice(index, 1);
}
