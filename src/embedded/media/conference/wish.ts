/** Which conference a channel wishes to be in, and how. */
export interface Wish {
  readonly name: string;
  readonly profile: string;
  readonly pin: string;
  readonly flags: ReadonlySet<string>;
}

/** `name[@profile][+pin][+flags{a|b}]`; names are what the `conference` command can name: no blanks, and not endless. */
const form = /^([^\s@+;]{1,100})(?:@([\w-]{1,50}))?(?:\+(\d{0,20}))?(?:\+flags\{([\w|-]*)\})?$/;

/** Reads what `conference` is executed with; undefined if it makes no sense. A profile that is not named is `default`. */
export function readWish(text: string): Wish | undefined {
  const match = form.exec(text.trim());
  if (!match) return undefined;
  const [, name = '', profile = 'default', pin = '', flags = ''] = match;
  return { name, profile, pin, flags: new Set(flags.split('|').filter(Boolean)) };
}
