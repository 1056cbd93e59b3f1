// A lane: one program on its server, with three sockets of phones. Started, warmed up, measured, stopped.
import { ordinaryCall, pickup } from './exchanges.mjs';
import { registers } from './legs.mjs';
import { cpuOf, descendantOf, listenerOn } from './proc.mjs';
import { startBare, startEngine, startService } from './programs.mjs';
import { openSocket } from './socket.mjs';

/** So many pickups, and so many calls beside them, may be under way at once. */
const width = 60;

const numbersFrom = (first) => Array.from({ length: width }, (_, index) => String(first + index));

/** Callers, callees and pickers that belong together. */
const trios = numbersFrom(1000).map((caller, index) => ({
  caller,
  callee: String(2000 + index),
  picker: String(3000 + index),
}));

/** Callers and callees of the calls beside the pickups. */
const pairs = numbersFrom(4000).map((caller, index) => ({ caller, callee: String(5000 + index) }));

const everybody = [...trios, ...pairs];

/** How each program is started, and what it needs before it can ring phones. */
const kinds = {
  callpickup: {
    start: ({ around, place }) => {
      // `around.media`: what the environment says of media servers; `around.webhook`: the company's.
      const numbers = everybody.flatMap((who) => Object.values(who));
      return startService({ ...around, name: 'callpickup', place, numbers });
    },
    settle: async (lane) => {
      lane.redis = descendantOf(lane.program.pid, 'redis-server');
      for (const { callee } of everybody) await registers(lane.sockets.callee, lane.server, callee);
    },
  },
  bare: {
    start: ({ around, place, sockets }) => startBare({ ...around, name: 'bare', place, phones: sockets.callee.local }),
    settle: () => undefined,
  },
};

const addressOf = (sip) => {
  const [, host, port] = /udp\/([\d.]+):(\d+)/.exec(sip.join(' ')) ?? [];
  return { host, port: Number(port) };
};

const openSockets = async (server) => {
  const sockets = {};
  for (const role of ['caller', 'callee', 'picker']) sockets[role] = await openSocket(server);
  return sockets;
};

const up = async (lane, around) => {
  const { folder, profile, drachtio } = around;
  if (!drachtio) lane.engine ??= await startEngine({ folder, profile, name: `${lane.name}-engine` });
  const place = drachtio ?? lane.engine.place;
  lane.server = {};
  lane.sockets = await openSockets(lane.server);
  lane.program = await kinds[lane.name].start({ around, place, sockets: lane.sockets });
  Object.assign(lane.server, addressOf(lane.program.ready.sip));
  await kinds[lane.name].settle(lane);
  lane.pids = {
    program: lane.program.pid,
    server: lane.engine?.pid ?? listenerOn(place.port),
    redis: lane.redis,
  };
};

const down = async (lane) => {
  for (const socket of Object.values(lane.sockets)) socket.close();
  lane.sockets = {};
  await lane.program?.stop();
  await lane.engine?.stop();
  for (const part of ['program', 'engine', 'redis']) lane[part] = undefined;
};

/**
 * A lane that is not up yet. `around`: the folder for its files, where profiles go, and the drachtio-server to use
 * instead of an embedded engine of its own.
 */
export const makeLane = (name, around) => {
  let repeated = 0;
  const lane = {
    name,
    trios,
    pairs,
    sockets: {},
    repeats: {
      again: () => {
        repeated += 1;
      },
    },
    /** Messages that came twice: somebody's timer ran out before an answer came. */
    get repeated() {
      return repeated;
    },
    get isUp() {
      return lane.program !== undefined;
    },
    up: (more = {}) => up(lane, { ...around, ...more }),
    down: () => down(lane),
    pickup: (trio, ring) => pickup(lane, trio, ring),
    call: (pair, hold) => ordinaryCall(lane, pair, hold),
    /** CPU milliseconds used so far by each process that we can see. */
    cpu: () => {
      const seen = Object.entries(lane.pids).filter(([, pid]) => pid !== undefined);
      return Object.fromEntries(seen.map(([who, pid]) => [who, cpuOf(pid)]));
    },
  };
  return lane;
};
