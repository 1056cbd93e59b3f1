/** What is counted of media servers. */
export interface MediaMeter {
  /** A server to be asked at each scrape, by its configured name. */
  watch(server: string, seen: SeenServer): void;
  /** An endpoint was made in this time, or was not. */
  opened(outcome: 'opened' | 'refused' | 'failed', seconds: number): void;
}

/** What a media server looks like at the moment. */
export interface SeenServer {
  /** New endpoints are opened on it. */
  readonly takesCalls: boolean;
  /** Endpoints of this instance. */
  readonly endpoints: number;
  /** Seconds since its last heartbeat, or since it was last connected to. */
  readonly heartbeatAge: number;
}
