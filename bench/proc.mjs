// What Linux says of processes: CPU time, children, who listens where, how busy the machine is.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** Clock ticks a second in /proc (USER_HZ), which is 100 on every Linux that Node runs on. */
const ticks = 100;

const fieldsOf = (pid) => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name in brackets may have blanks; the third field follows it.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
};

/** utime + stime of a process in milliseconds, in steps of 10. */
export const cpuOf = (pid) => {
  const fields = fieldsOf(pid);
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticks;
};

const parentOf = (pid) => Number(fieldsOf(pid)[1]);

const isBelow = (pid, ancestor) => {
  for (let each = pid; each > 1; each = parentOf(each)) if (each === ancestor) return true;
  return false;
};

/** The process with that program name that a process or one of its children started, or undefined. */
export const descendantOf = (ancestor, name) => {
  for (const pid of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const isNamed = readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === name;
      if (isNamed && isBelow(Number(pid), ancestor)) return Number(pid);
    } catch {
      // It ended while we looked.
    }
  }
  return undefined;
};

/** The process of this machine that listens on a TCP port, or undefined (another machine's, or not ours to see). */
export const listenerOn = (port) => {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const listening = (line) => line[1]?.endsWith(`:${hex}`) && line[3] === '0A';
  const rows = readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  const inode = rows.find(listening)?.[9];
  if (!inode) return undefined;
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .find((pid) => holds(pid, inode));
};

const holds = (pid, inode) => {
  try {
    const open = readdirSync(`/proc/${pid}/fd`);
    return open.some((descriptor) => readlinkSync(`/proc/${pid}/fd/${descriptor}`) === `socket:[${inode}]`);
  } catch {
    return false;
  }
};

/** Average number of processes that ran or waited in the last minute. */
export const load = () => Number(readFileSync('/proc/loadavg', 'utf8').split(' ')[0]);

/** UDP datagrams that this machine threw away for want of buffer space. */
export const lostDatagrams = () => {
  const [names, values] = readFileSync('/proc/net/snmp', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('Udp:'))
    .map((line) => line.split(' '));
  return Number(values?.[names?.indexOf('RcvbufErrors') ?? -1] ?? 0);
};

/** The machine in a few words. */
export const machine = () => `${availableParallelism()} cores, Node ${process.versions.node}, load ${load()}`;
