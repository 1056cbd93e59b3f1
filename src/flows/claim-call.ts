import type { CallStore, ClaimAsk, ClaimResult, Log, Meter } from './ports.js';

/** What asking for a claim needs. */
export interface ClaimCallDeps {
  readonly calls: Pick<CallStore, 'claim' | 'withdraw'>;
  readonly meter: Meter;
  readonly log: Log;
}

/** Asks the store for a claim, counts it, and takes it back where nobody knows what came of it. Never rejects. */
export const claimCall = async ({ calls, meter, log }: ClaimCallDeps, ask: ClaimAsk): Promise<ClaimResult> => {
  const began = performance.now();
  try {
    const result = await calls.claim(ask);
    meter.claimed(result.ok ? 'claimed' : result.refusal, (performance.now() - began) / 1000);
    return result;
  } catch (error) {
    meter.claimed('error', (performance.now() - began) / 1000);
    log.warn({ error: String(error) }, 'store away, no pickup');
    // The order may lie in the store's socket and be done later; this one lies behind it.
    calls.withdraw(ask).catch(() => log.warn({}, 'claim not withdrawn, it lapses'));
    return { ok: false, refusal: 'store-unreachable' };
  }
};
