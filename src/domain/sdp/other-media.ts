import type { Direction, Media } from './description.js';
import { directionsBetween } from './direction.js';
import type { Line, Pair } from './line.js';
import { type Refused, refused } from './refusal.js';
import { rolesBetween } from './setup.js';

/** Answers for a pair of m-lines without RTP. */
export interface CrossedOther {
  readonly ok: true;
  readonly toCaller: Media;
  readonly toPicker: Media;
}

// T.38: how errors are mended and who makes the training signal is one matter for both ends (ITU-T T.38 annex D).
const mustBeEqual = new Set(['t38faxversion', 't38faxratemanagement', 't38faxudpec']);

const nameOf = (attribute: string): string => (attribute.split(':', 1)[0] ?? '').toLowerCase();

const attributesOf = ({ media }: Line): string[] => (media.invalid ?? []).map(({ value }) => value);

const valueIn = (line: Line, name: string): string | undefined =>
  attributesOf(line).find((attribute) => nameOf(attribute) === name);

const agreesOnFixed = ({ caller, picker }: Pair): boolean =>
  [...mustBeEqual].every(
    (name) => valueIn(caller, name)?.toLowerCase().trim() === valueIn(picker, name)?.toLowerCase().trim(),
  );

const complement: Readonly<Record<string, string>> = { 'c-only': 's-only', 's-only': 'c-only' };

const floorRolesFit = ({ caller, picker }: Pair): boolean => {
  const [mine, theirs] = [caller.media.bfcpFloorCtrl, picker.media.bfcpFloorCtrl];
  if (mine === undefined || theirs === undefined) return mine === theirs;
  return complement[mine] === theirs;
};

const isConnected = ({ media }: Line): boolean => /^TCP/i.test(media.protocol);

const isSameKind = ({ caller, picker }: Pair): boolean =>
  caller.media.protocol.toUpperCase() === picker.media.protocol.toUpperCase() &&
  caller.media.payloads === picker.media.payloads;

const answerLine = (described: Line, reader: Line, terms: Partial<Media>): Media => {
  const known = new Set(attributesOf(reader).map(nameOf));
  const shared = attributesOf(described).filter((attribute) => known.has(nameOf(attribute)));
  const { media, connection } = described;
  return {
    type: reader.media.type,
    port: media.port,
    protocol: reader.media.protocol,
    payloads: reader.media.payloads ?? '',
    rtp: [],
    fmtp: [],
    ...(connection ? { connection } : {}),
    ...(media.bfcpFloorCtrl ? { bfcpFloorCtrl: media.bfcpFloorCtrl } : {}),
    ...(shared.length > 0 ? { invalid: shared.map((value) => ({ value })) } : {}),
    ...terms,
  };
};

/**
 * Fax, messages, shared floors: crossed as they stand if both have the same kind, keep the same rules, and, over TCP, do not
 * both want to be the one who connects (RFC 4145). Encrypted ones carry fingerprints of one hash across like DTLS does.
 */
export const crossOtherMedia = (pair: Pair): CrossedOther | Refused => {
  const { caller, picker } = pair;
  if (!isSameKind(pair)) return refused('transport-differs');
  if (!agreesOnFixed(pair)) return refused('codec-parameters-differ');
  const roles = rolesBetween({ caller: caller.setup, picker: picker.setup });
  if (!floorRolesFit(pair) || (isConnected(caller) && !roles)) return refused('roles-differ');
  if ((caller.fingerprint === undefined) !== (picker.fingerprint === undefined)) return refused('no-common-keys');
  const direction = directionsBetween(pair);
  const terms = (described: Line, role: string | undefined): Partial<Media> => ({
    ...(role ? { setup: role } : {}),
    ...(role && described.fingerprint ? { fingerprint: described.fingerprint } : {}),
    ...(isConnected(described) ? { connectionType: 'new' } : {}),
  });
  const told = (way: Direction): Partial<Media> => (way === 'sendrecv' ? {} : { direction: way });
  return {
    ok: true,
    toCaller: answerLine(picker, caller, { ...terms(picker, roles?.picker), ...told(direction.toCaller) }),
    toPicker: answerLine(caller, picker, { ...terms(caller, roles?.caller), ...told(direction.toPicker) }),
  };
};
