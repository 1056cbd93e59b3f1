/** What a site allows beyond the letter of the offers. All are off if nothing is said. */
export interface CrossingPolicy {
  /** Cross even if a codec has different numbers on both sides: legal, but some phones then stay silent. */
  readonly allowPayloadRemap?: boolean;
  /** Both legs are signalled over TLS, so that SDES keys are no secret told aloud (RFC 4568 section 7). */
  readonly signallingIsSecure?: boolean;
  /** Take encryption that is offered on plain RTP/AVP ("best effort") for plain RTP. */
  readonly lowerBestEffort?: boolean;
}
