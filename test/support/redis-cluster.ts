import { Redis } from 'ioredis';
import { startRedis, type TestRedis } from './redis.js';

/** Starts two nodes that share the slots of a Redis Cluster between them. */
export const startCluster = async (): Promise<TestRedis[]> => {
  const nodes = [await startRedis('cluster'), await startRedis('cluster')] as const;
  const [one, two] = nodes.map(({ port }) => new Redis(port, '127.0.0.1')) as [Redis, Redis];
  await one.call('CLUSTER', 'ADDSLOTSRANGE', '0', '8191');
  await two.call('CLUSTER', 'ADDSLOTSRANGE', '8192', '16383');
  await one.call('CLUSTER', 'MEET', '127.0.0.1', String(nodes[1].port), String(nodes[1].busPort));
  for (const node of [one, two]) {
    while (!String(await node.call('CLUSTER', 'INFO')).includes('cluster_state:ok')) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    node.disconnect();
  }
  return [...nodes];
};

/** Where the nodes of a cluster are, as a configuration says it. */
export const placesOf = (nodes: readonly TestRedis[]) => nodes.map(({ port }) => ({ host: '127.0.0.1', port }));
