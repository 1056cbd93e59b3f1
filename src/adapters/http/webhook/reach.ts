import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import { BlockList, isIP, isIPv6, type LookupFunction } from 'node:net';

/**
 * Where no webhook goes unless it is said: this machine, what is on its link (in clouds: who knows its keys), everybody at
 * once, nobody.
 */
const neighbours = ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3', '::/127', 'fe80::/10', 'ff00::/8'];

/** Whether webhooks may go to an address. */
export type MayReach = (address: string) => boolean;

/** With networks (addresses or CIDR ranges) only to these; without, everywhere but to this machine and its neighbours. */
export const reachOf = (networks: readonly string[]): MayReach => {
  const list = new BlockList();
  for (const range of networks.length > 0 ? networks : neighbours) {
    const [address = '', bits] = range.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  const isListed = (address: string) => list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
  return networks.length > 0 ? isListed : (address) => !isListed(address);
};

/** Says that a webhook's address is none that webhooks may go to. */
const refused = () => new Error('webhooks may not go to this address (WEBHOOK_NETWORKS)');

/** Throws if the host is written as an address that webhooks may not go to; names are looked at by {@link guarded}. */
export const demandReach = (mayReach: MayReach, { hostname }: URL): void => {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !mayReach(host)) throw refused();
};

/** Looks a name up as the connection is made, so that none can mean one thing when it is checked and another when it is used. */
export const guarded =
  (mayReach: MayReach): LookupFunction =>
  (host, options, done) =>
    lookup(host, { ...(options as LookupOptions), all: true }, (error, found: LookupAddress[]) => {
      const open = error ? [] : found.filter(({ address }) => mayReach(address));
      const [first] = open;
      if (error || !first) return done(error ?? refused(), '', 0);
      return options.all ? done(null, open) : done(null, first.address, first.family);
    });
