import { readFileSync } from 'node:fs';

/** One process of those that a service has started. */
export interface Process {
  readonly pid: number;
  readonly command: string;
}

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // It has just ended.
  }
};

const childrenOf = (pid: number): number[] =>
  read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);

/** Everything that a process has started and that still runs, with what those have started. */
export const startedBy = (pid: number): Process[] =>
  childrenOf(pid).flatMap((child) => [
    { pid: child, command: read(`/proc/${child}/cmdline`).replaceAll('\0', ' ').trim() },
    ...startedBy(child),
  ]);

/** Whether a process runs; one that has ended and was not asked for its end yet does not. */
export const runs = (pid: number): boolean => {
  const state = /^State:\s+(\w)/m.exec(read(`/proc/${pid}/status`))?.[1];
  return state !== undefined && state !== 'Z' && state !== 'X';
};

/** The memory of a process that is in RAM, in kilobytes. */
export const residentKilobytes = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);

/** The embedded SIP engine of a service; undefined where it uses another server. */
export const engineOf = (pid: number): Process | undefined =>
  startedBy(pid).find(({ command }) => command.includes('embedded/sip/main.js'));
