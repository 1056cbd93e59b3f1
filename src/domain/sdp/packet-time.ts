import type { Media } from './description.js';
import type { Pair } from './line.js';

// What a party wants to receive is also about what it sends: a phone that packs 60 ms floods one that takes 20 ms at most.
const overfills = (sender: Media, receiver: Media): boolean =>
  sender.ptime !== undefined && receiver.maxptime !== undefined && sender.ptime > receiver.maxptime;

/** Whether neither packs more into a packet than the other can take, in milliseconds (RFC 8866 section 6.4). */
export const packetTimesFit = ({ caller, picker }: Pair): boolean =>
  !overfills(caller.media, picker.media) && !overfills(picker.media, caller.media);
