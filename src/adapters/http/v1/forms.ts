import { form } from '../schema.js';

/** An extension as every body, query and path of /v1 has it. */
export const ExtensionForm = form('^[A-Za-z0-9._+-]{1,64}$', 'an extension: letters, digits and . _ + -, at most 64');

/** The id of a call. */
export const CallIdForm = form('^[0-9a-f-]{36}$', 'the id of a call, as GET /v1/calls shows it');

/** A group by its id or by the number that reaches it. */
export const GroupForm = form('^[A-Za-z0-9._+-]{1,64}$', 'the id or the number of a group');
