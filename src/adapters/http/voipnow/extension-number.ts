import type { Extension } from '../../../domain/names.js';
import { form } from '../schema.js';

/** VoipNow's extended number `0003*210`: the organization's prefix, which may be left out, and the extension. */
export interface ExtensionNumber {
  /** With its star: `0003*`; empty if it was left out. */
  readonly prefix: string;
  readonly extension: Extension;
}

const words = 'the number of an extension: 0003*210, or 210';

/** UAPI-Extension-Number. */
export const ExtensionNumberForm = form('^([0-9]{1,10}\\*)?[A-Za-z0-9._+-]{1,64}$', words);

/** UAPI-Extension-Number in a path, where `@self` is every extension of the user. */
export const PathExtensionForm = form('^(@self|([0-9]{1,10}\\*)?[A-Za-z0-9._+-]{1,64})$', `${words}, or @self`);

/** Takes an extended number apart that has the form. */
export const readExtensionNumber = (text: string): ExtensionNumber => {
  const end = text.indexOf('*') + 1;
  return { prefix: text.slice(0, end), extension: text.slice(end) as Extension };
};
