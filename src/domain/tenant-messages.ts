/** Which texts (RFC 3428) the service writes to a company's phones by itself. */
export interface TenantMessages {
  /** Whose call was taken by a colleague is told by whom. */
  readonly pickedUp: boolean;
}

/** A company that says nothing of it. */
export const usualMessages: TenantMessages = { pickedUp: false };
