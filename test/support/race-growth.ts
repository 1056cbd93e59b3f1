import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { grown, type Heap, heapOf, heapOptions } from './race-heap.js';
import { engineOf, residentKilobytes } from './race-processes.js';
import type { RunningService } from './service.js';

/** What services and the SIP servers under them hold at one moment. */
interface Holding {
  readonly heaps: ReadonlyMap<string, Heap>;
  readonly resident: ReadonlyMap<string, number>;
  readonly timers: number;
  readonly keys: number;
}

/** Watches what grows over many calls. */
export interface Growth {
  /** The environment that the service must be started with. */
  readonly env: Readonly<Record<string, string>>;
  /** Begins: what is held from now on is measured against what is held now. The services share one Redis. */
  begins(services: readonly RunningService[]): Promise<void>;
  /** What has grown over so many calls: lines for the reader, and what must not have. */
  ends(services: readonly RunningService[], calls: number): Promise<{ lines: string[]; notZero: string[] }>;
  /** Takes its files away. */
  close(): void;
}

/** What programs ordered is remembered for ten minutes and longer. */
const orders = /:order(-key)?:/;

/** So many bytes may be more after so many calls: one a call (reliability.md F19), and what caches and buffers breathe. */
const allowedBytes = (calls: number): number => 64 * 1024 + calls;

/**
 * Begins to watch. `idle` seconds pass before each measure: finished transactions are kept for 32 s (RFC 3261 17.2),
 * and the ids of dialogs that are over for 60 s in Redis.
 */
export const watchGrowth = (options: { readonly idle: number; readonly serverPid?: number }): Growth => {
  const folder = mkdtempSync(join(tmpdir(), 'cp-heap-'));
  let before: Holding | undefined;

  const hold = async (services: readonly RunningService[]): Promise<Holding> => {
    await new Promise((resolve) => setTimeout(resolve, options.idle * 1000));
    const heaps = new Map<string, Heap>();
    const resident = new Map<string, number>();
    let timers = 0;
    for (const [place, service] of services.entries()) {
      const name = (what: string) => (place === 0 ? what : `${what} ${place + 1}`);
      const engine = engineOf(service.pid)?.pid;
      heaps.set(name('service'), await heapOf(service.pid, folder));
      if (engine !== undefined) heaps.set(name('engine'), await heapOf(engine, folder));
      const server = engine ?? options.serverPid;
      resident.set(name('service'), residentKilobytes(service.pid));
      if (server !== undefined) resident.set(name('SIP server'), residentKilobytes(server));
      timers += await service.metric('nodejs_active_resources', { type: 'Timeout' });
    }
    const keys = (await services[0]?.redis.keys('*'))?.filter((key) => !orders.test(key)) ?? [];
    return { heaps, resident, timers, keys: keys.length };
  };

  return {
    env: { NODE_OPTIONS: heapOptions(folder) },
    begins: async (services) => {
      before = await hold(services);
    },
    ends: async (services, calls) => {
      if (!before) throw new Error('growth was not begun');
      return compare(before, await hold(services), calls);
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
};

const compare = (before: Holding, after: Holding, calls: number): { lines: string[]; notZero: string[] } => {
  const lines: string[] = [];
  const notZero: string[] = [];
  for (const [who, heap] of after.heaps) {
    const was = before.heaps.get(who) ?? heap;
    const more = heap.bytes - was.bytes;
    lines.push(`heap of the ${who}: ${was.bytes} -> ${heap.bytes} bytes, ${(more / calls).toFixed(1)} a call`);
    if (more > allowedBytes(calls)) notZero.push(`the heap of the ${who} grew by ${more} bytes in ${calls} calls`);
    notZero.push(...grown(was, heap, Math.max(10, calls / 100)).map((what) => `${who}: ${what}`));
  }
  for (const [who, kilobytes] of after.resident) {
    lines.push(`memory of the ${who}: ${before.resident.get(who)} -> ${kilobytes} KB`);
  }
  lines.push(`timers ${before.timers} -> ${after.timers}, Redis keys ${before.keys} -> ${after.keys}`);
  if (after.timers > before.timers + 3) notZero.push(`${after.timers - before.timers} more timers`);
  if (after.keys > before.keys) notZero.push(`${after.keys - before.keys} more Redis keys`);
  return { lines, notZero };
};
