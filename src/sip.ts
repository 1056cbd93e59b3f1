import { startEmbeddedEngine } from './adapters/programs/embedded-engine.js';
import { connectSip, type SipSide, type SipSideParts } from './adapters/sip/sip-side.js';
import type { Config } from './config.js';

/** The SIP side, and the engine under it if it is ours. */
export interface Sip extends SipSide {
  stopAll(): Promise<void>;
}

/** What the SIP side is started with. */
export type SipStart = Pick<SipSideParts, 'secret' | 'listener' | 'log'>;

/** Connects to drachtio-server, or to an embedded engine started for it. */
export const startSip = async (config: Config, { secret, listener, log }: SipStart): Promise<Sip> => {
  const { sipBind: bind, dataDir, instanceId: instance, media } = config;
  const engine = config.drachtio ? undefined : await startEmbeddedEngine({ bind, dataDir }, log);
  const place = config.drachtio ?? engine?.control;
  if (!place) throw new Error('neither drachtio-server nor an embedded engine');
  const sip = connectSip({ place, instance, joins: media.use !== 'never', secret, log, listener });
  return Object.assign(sip, {
    stopAll: async () => {
      sip.stop();
      await engine?.stop();
    },
  });
};
