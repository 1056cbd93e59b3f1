/** What a push is sent by (RFC 8599 section 4.1): the service, the app there where the service asks for it, and the phone. */
const [service, app, phone] = ['pn-provider', 'pn-param', 'pn-prid'];

/**
 * Names the phone that a push to this Contact wakes (RFC 8599), whatever address it has at present; undefined if none is
 * promised: a parameter without a value only asks what is supported (section 4.1.1).
 */
export const wokenBy = (contact: string): string | undefined => {
  const parameters = new Map(contact.split(';').slice(1).map(readParameter));
  const needed = [service, phone].map((name) => parameters.get(name));
  return needed.every(Boolean) ? JSON.stringify([...needed, parameters.get(app) ?? '']) : undefined;
};

const readParameter = (text: string): [name: string, value: string] => {
  const [name = '', value = ''] = text.split('=', 2);
  return [name.trim().toLowerCase(), value.trim()];
};

/**
 * What an edge, or our own stack, says of an address at which nobody is (RFC 3261 sections 8.1.3.1, 21.4.9, 21.4.18; 430:
 * RFC 5626 section 11.5). From a phone that sleeps it is no answer: a push may be on its way.
 */
const nobodyThere: ReadonlySet<number> = new Set([404, 408, 410, 430, 480, 503]);

/** Whether a phone that sleeps may still wake after its leg came to this. */
export const mayStillWake = (status: number): boolean => nobodyThere.has(status);

/** A phone that was not woken in half of the time that calls may ring is not waited for any longer; in milliseconds. */
export const patienceFor = ({ ringSeconds }: { readonly ringSeconds: number }): number => ringSeconds * 500;
