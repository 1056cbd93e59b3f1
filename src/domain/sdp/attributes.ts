import type { Codec } from './codec.js';
import type { Feedback, HeaderExtension, Media } from './description.js';

const isSameExtension = (one: HeaderExtension, other: HeaderExtension): boolean =>
  one.value === other.value &&
  one.uri === other.uri &&
  one.direction === other.direction &&
  one.config === other.config;

const isSameFeedback = (one: Feedback, other: Feedback): boolean =>
  one.payload === other.payload && one.type === other.type && one.subtype === other.subtype;

const list = <Name extends string, Value>(name: Name, values: readonly Value[]) =>
  values.length > 0 ? ({ [name]: values } as { [key in Name]: readonly Value[] }) : {};

/**
 * The attributes of the described party that its reader understands, because the reader offered them too; `mid` is the
 * reader's own. Streams are never named (`ssrc`, `msid`): those names belong to another session (RFC 8843, 5761, 8285, 4585).
 */
export const sharedAttributes = (described: Media, reader: Media, codecs: readonly Codec[]): Partial<Media> => {
  const isSpoken = ({ payload }: Feedback) => payload === '*' || codecs.some((codec) => codec.payload === payload);
  const extensions = (described.ext ?? []).filter((mine) => reader.ext?.some((other) => isSameExtension(mine, other)));
  const feedback = (described.rtcpFb ?? []).filter(
    (mine) => isSpoken(mine) && reader.rtcpFb?.some((other) => isSameFeedback(mine, other)),
  );
  return {
    ...(described.mid !== undefined && reader.mid !== undefined ? { mid: reader.mid } : {}),
    ...(described.rtcpMux && reader.rtcpMux ? { rtcpMux: described.rtcpMux } : {}),
    ...(described.rtcpRsize && reader.rtcpRsize ? { rtcpRsize: described.rtcpRsize } : {}),
    ...list('ext', extensions),
    ...list('rtcpFb', feedback),
  };
};
