/** A UDP address. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Where a phone is: what its description says, or, behind a NAT, where its packets come from. */
export interface Peer {
  /** Where to send to, if it is known. */
  readonly address: Address | undefined;
  /** What a description says. The same again changes nothing. */
  expect(address: Address | undefined): void;
  /** Whether a packet from there is the phone's. */
  accepts(host: string, port: number): boolean;
}

/** Packets from elsewhere after which that is where the phone is, if none came from where it said: FreeSWITCH's number. */
const enough = 10;

const isSame = (one: Address | undefined, host: string, port: number): boolean =>
  one?.port === port && one.host === host;

/** A phone of which nothing is known. */
export const unknownPeer = (): Peer => {
  let said: Address | undefined;
  let current: Address | undefined;
  let candidate: Address | undefined;
  let [isSettled, tally] = [false, 0];
  return {
    get address() {
      return current;
    },
    expect: (address) => {
      // Held: it will come back to where it was, unless it says something else then.
      if (!address || isSame(said, address.host, address.port)) return;
      [said, current, candidate] = [address, address, undefined];
      [isSettled, tally] = [false, 0];
    },
    accepts: (host, port) => {
      if (isSame(current, host, port)) {
        isSettled = true;
        return true;
      }
      if (isSettled) return false;
      tally = isSame(candidate, host, port) ? tally + 1 : 1;
      candidate = { host, port };
      if (tally < enough) return false;
      [current, isSettled] = [candidate, true];
      return true;
    },
  };
};
