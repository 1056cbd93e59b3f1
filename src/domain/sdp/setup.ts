/** Who opens the connection, said of each party as an answerer would say it. */
export interface Roles {
  readonly caller: 'active' | 'passive';
  readonly picker: 'active' | 'passive';
}

const canBe = (role: 'active' | 'passive', offered: string | undefined): boolean =>
  offered === role || offered === 'actpass';

/** The roles of two parties that both made an offer with `a=setup`; undefined if both insist on the same one (RFC 4145 section 4). */
export const rolesBetween = (offered: {
  caller: string | undefined;
  picker: string | undefined;
}): Roles | undefined => {
  if (canBe('passive', offered.caller) && canBe('active', offered.picker))
    return { caller: 'passive', picker: 'active' };
  if (canBe('active', offered.caller) && canBe('passive', offered.picker))
    return { caller: 'active', picker: 'passive' };
  return undefined;
};
