/** Why two offers cannot answer each other. The call must be anchored in the media server, or be refused with 488. */
export type CrossingRefusal =
  | 'no-audio'
  | 'no-address'
  | 'address-family-differs'
  | 'ice'
  | 'transport-differs'
  | 'no-common-codec'
  | 'codec-parameters-differ'
  | 'payload-number-differs'
  | 'packet-time-differs'
  | 'no-common-keys'
  | 'keys-in-clear-signalling'
  | 'no-dtls-role'
  | 'roles-differ';

/** A no to one m-line, or to the whole crossing. */
export interface Refused {
  readonly ok: false;
  readonly why: CrossingRefusal;
}

/** Says no, and why. */
export const refused = (why: CrossingRefusal): Refused => ({ ok: false, why });
