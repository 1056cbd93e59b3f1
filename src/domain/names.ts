/** A tenant's name as it stands in keys and headers: `acme`. A wall: nothing crosses from one to another. */
export type TenantId = string & { readonly tenantId: unique symbol };

/** A number inside one tenant that rings on phones: `101`. */
export type Extension = string & { readonly extension: unique symbol };

/** Our own name of one call, the same through all its legs, logs and events. */
export type CallId = string & { readonly callId: unique symbol };

/** Names one claim; only who shows it may confirm or release the claim. */
export type ClaimToken = string & { readonly claimToken: unique symbol };

/** One running process of this service. */
export type InstanceId = string & { readonly instanceId: unique symbol };

const tenantForm = /^[a-z0-9][a-z0-9-]{0,62}$/;
const extensionForm = /^[A-Za-z0-9._+-]{1,64}$/;

/**
 * Reads a tenant's name: lower case letters, digits and dashes, at most 63. Undefined if it is not one,
 * so that nothing else ever becomes part of a Redis key.
 */
export const readTenantId = (text: string): TenantId | undefined =>
  tenantForm.test(text) ? (text as TenantId) : undefined;

/** Reads an extension: letters, digits and `. _ + -`, at most 64. Undefined if it is not one. */
export const readExtension = (text: string): Extension | undefined =>
  extensionForm.test(text) ? (text as Extension) : undefined;
