import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** What lives on a heap after everything that is garbage has gone. */
export interface Heap {
  /** Bytes of data: objects, strings, arrays, functions; not of compiled code, which grows while it gets hot. */
  readonly bytes: number;
  /** How many objects there are of each class, and how many functions of each name (`fn name`). */
  readonly counts: ReadonlyMap<string, number>;
}

/** Makes a Node process write its heap into a folder whenever it gets SIGUSR2; Node collects its garbage first. */
export const heapOptions = (folder: string): string => `--heapsnapshot-signal=SIGUSR2 --diagnostic-dir=${folder}`;

/** A snapshot as V8 writes it: the numbers of all nodes in one row. */
interface Snapshot {
  readonly snapshot: {
    readonly meta: { readonly node_fields: string[]; readonly node_types: [string[], ...unknown[]] };
  };
  readonly nodes: number[];
  readonly strings: string[];
}

/** How long a process may take to write its heap, in milliseconds. */
const deadline = 60_000;

/** Asks a process for its heap. It must have been started with {@link heapOptions} of this folder. */
export const heapOf = async (pid: number, folder: string): Promise<Heap> => {
  process.kill(pid, 'SIGUSR2');
  const until = Date.now() + deadline;
  while (Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    const file = readdirSync(folder).find((name) => name.endsWith('.heapsnapshot') && name.includes(`.${pid}.`));
    const snapshot = file === undefined ? undefined : whole(join(folder, file));
    if (!file || !snapshot) continue;
    rmSync(join(folder, file));
    return counted(snapshot);
  }
  throw new Error(`process ${pid} did not write its heap`);
};

/** The snapshot, or undefined while it is being written. */
const whole = (path: string): Snapshot | undefined => {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Snapshot;
  } catch {
    return undefined;
  }
};

/** What V8 keeps for itself. */
const enginesOwn: ReadonlySet<string> = new Set(['code', 'hidden', 'synthetic', 'object shape']);

const counted = ({ snapshot, nodes, strings }: Snapshot): Heap => {
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const [type, name, size] = ['type', 'name', 'self_size'].map((field) => fields.indexOf(field)) as [
    number,
    number,
    number,
  ];
  const counts = new Map<string, number>();
  let bytes = 0;
  for (let at = 0; at < nodes.length; at += fields.length) {
    const kind = types[0][nodes[at + type] ?? 0] ?? '';
    if (!enginesOwn.has(kind)) bytes += nodes[at + size] ?? 0;
    if (kind !== 'object' && kind !== 'closure') continue;
    const key = `${kind === 'closure' ? 'fn ' : ''}${strings[nodes[at + name] ?? 0]}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return { bytes, counts };
};

/** The classes of which there are more than before by more than a few. */
export const grown = (before: Heap, after: Heap, few: number): string[] =>
  [...after.counts]
    .map(([name, count]) => ({ name, more: count - (before.counts.get(name) ?? 0) }))
    .filter(({ more }) => more > few)
    .sort((a, b) => b.more - a.more)
    .map(({ name, more }) => `${more} more ${name}`);
