import { startEmbeddedEngine } from './adapters/programs/embedded-engine.js';
import { connectSip, type SipSide, type SipSideListener } from './adapters/sip/sip-side.js';
import type { Config } from './config.js';
import type { Log } from './flows/ports.js';

/** The SIP side, and the engine under it if it is ours. */
export interface Sip extends SipSide {
  stopAll(): Promise<void>;
}

/** Connects to drachtio-server, or to an embedded engine started for it. */
export const startSip = async (config: Config, listener: SipSideListener, log: Log): Promise<Sip> => {
  const { sipBind: bind, dataDir, instanceId: instance } = config;
  const engine = config.drachtio ? undefined : await startEmbeddedEngine({ bind, dataDir }, log);
  const place = config.drachtio ?? engine?.control;
  if (!place) throw new Error('neither drachtio-server nor an embedded engine');
  const sip = connectSip({ place, instance, log, listener });
  return Object.assign(sip, {
    stopAll: async () => {
      sip.stop();
      await engine?.stop();
    },
  });
};
