import { closed, form } from '../schema.js';
import { PathExtensionForm } from './extension-number.js';

const whose = {
  userId: form('^(@me|@viewer|@owner|[A-Za-z0-9._-]{1,64})$', '@me, @viewer, @owner, or the id of a user'),
  extension: PathExtensionForm,
};

/** The path of a list. */
export const ListPath = closed(whose);

/** The path of one call. */
export const CallPath = closed({
  ...whose,
  phoneCallId: form('^[A-Za-z0-9]{1,64}$', 'an alphanumeric id, as the list shows it'),
});
