import type { Agreed } from '../audio/sdp.js';
import type { Channel } from '../channel/channel.js';

/** A negotiation: the phone's description, ours, and what came of it. */
export interface Negotiation {
  readonly offer: string;
  readonly answer: string;
  readonly agreed: Agreed;
  readonly host: string;
}

/** Keeps what was negotiated in the channel's variables, where fsmrf reads it. */
export function noteMedia(channel: Channel, { offer, answer, agreed, host }: Negotiation): void {
  const noted: Record<string, string> = {
    switch_r_sdp: offer,
    rtp_local_sdp_str: answer,
    local_media_ip: host,
    local_media_port: String(channel.rtp.port),
    remote_media_ip: agreed.remote?.host ?? '',
    remote_media_port: String(agreed.remote?.port ?? 0),
    rtp_use_codec_name: agreed.codec,
    rtp_use_codec_string: 'PCMU,PCMA',
    read_codec: agreed.codec,
    write_codec: agreed.codec,
    audio_media_flow: agreed.direction,
    dtmf_type: agreed.telephoneEvent === undefined ? 'none' : 'rfc2833',
  };
  for (const [name, value] of Object.entries(noted)) channel.variables.set(name, value);
}
