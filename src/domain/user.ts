/** A person of a company, who owns extensions: `12`. */
export type UserId = string & { readonly userId: unique symbol };

/** Whose ringing calls a user may take (VoipNow): from the own phone only to everybody's inside the installation's wall. */
export const pickupContexts = ['phone', 'user', 'organization', 'global'] as const;

/** One of {@link pickupContexts}. */
export type PickupContext = (typeof pickupContexts)[number];

/** A person of a company. */
export interface User {
  readonly id: UserId;
  readonly name: string;
  readonly context: PickupContext;
}

const userForm = /^[A-Za-z0-9._-]{1,64}$/;

/** Reads a user's id: letters, digits and `. _ -`, at most 64. Undefined if it is not one. */
export const readUserId = (text: string): UserId | undefined => (userForm.test(text) ? (text as UserId) : undefined);
