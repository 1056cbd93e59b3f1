import type { Registry } from 'prom-client';
import type { MediaMeter, SeenServer } from '../../flows/media-meter.js';
import { gauge, histogram } from './instruments.js';

/** Counts media servers and endpoints. */
export const mediaMeter = (registry: Registry): MediaMeter => {
  const seen = new Map<string, SeenServer>();
  const shows = (name: string, help: string, read: (server: SeenServer) => number): void => {
    const readEach = () => [...seen].map(([server, state]) => [{ server }, read(state)] as const);
    gauge(registry, { name, help, labels: ['server'], readEach });
  };
  shows('media_server_up', '1 while the media server takes new endpoints', ({ takesCalls }) => Number(takesCalls));
  shows('media_endpoints', 'Endpoints of this instance on the media server', ({ endpoints }) => endpoints);
  shows('media_heartbeat_age_seconds', "Since the media server's last heartbeat", ({ heartbeatAge }) => heartbeatAge);
  const opening = histogram(registry, {
    name: 'media_endpoint_open_seconds',
    help: 'Time to make an endpoint, or to fail',
    labels: ['outcome'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
  });
  for (const outcome of ['opened', 'refused', 'failed']) opening.zero({ outcome });
  return {
    watch: (server, state) => void seen.set(server, state),
    opened: (outcome, seconds) => opening.observe({ outcome }, seconds),
  };
};
