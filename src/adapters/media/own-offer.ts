/** The offer for an endpoint whose phone makes none: what it answers tells where the server listens. */
export const openingOffer = [
  'v=0',
  'o=callpickup 1 1 IN IP4 127.0.0.1',
  's=-',
  // The discard service of whichever machine the server is on: what it says before there is a phone goes nowhere.
  'c=IN IP4 127.0.0.1',
  't=0 0',
  'm=audio 9 RTP/AVP 0 8 101',
  'a=rtpmap:0 PCMU/8000',
  'a=rtpmap:8 PCMA/8000',
  'a=rtpmap:101 telephone-event/8000',
  'a=fmtp:101 0-15',
  'a=ptime:20',
  'a=sendrecv',
  '',
].join('\r\n');

/**
 * An offer to a phone, of what the server answered: its address, but both laws of G.711, for the server goes on with the
 * one that the phone chooses. Undefined if there is no address in the answer.
 */
export const offerOf = (answer: string): string | undefined => {
  const [, address] = /^c=IN IP4 (\S+)/m.exec(answer) ?? [];
  const [, port] = /^m=audio (\d+) RTP\/AVP /m.exec(answer) ?? [];
  if (!address || !port || Number(port) === 0) return undefined;
  return openingOffer
    .replace(/^o=.*$/m, `o=callpickup 1 1 IN IP4 ${address}`)
    .replace(/^c=.*$/m, `c=IN IP4 ${address}`)
    .replace('m=audio 9 ', `m=audio ${port} `);
};

/**
 * An offer as the server takes it. Keys in an offer of plain RTP ask for the best that can be had (as many phones do): it
 * is refused by FreeSWITCH, and plain without them (RFC 4568 section 3).
 */
export const plainOffer = (offer: string): string =>
  offer
    .split(/^(?=m=)/m)
    .map((part) => (/^m=\S+ \S+ RTP\/AVPF? /.test(part) ? part.replace(/^a=crypto:.*\r?\n?/gm, '') : part))
    .join('');
