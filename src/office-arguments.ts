import { parseArgs } from 'node:util';
import { readTenantId, type TenantId } from './domain/names.js';

/** How the program is used. */
export const usage = `npm run office -- check FILE           every mistake of an office file, with its line and field
npm run office -- import FILE          writes its companies and brands over those that are in force
    --dry-run                          says what would be written
npm run --silent office -- export [TENANT]
                                       the companies that are in force, as import reads them
    --with-passwords                   with the passwords of the phones, the hashes of replace PINs, the webhook's secret
npm run --silent office -- pin         the hash of a replace PIN, which is read from standard input`;

/** What the program is asked to do. */
export type OfficeCommand =
  | { readonly verb: 'help' }
  | { readonly verb: 'pin' }
  | { readonly verb: 'check'; readonly file: string }
  | { readonly verb: 'import'; readonly file: string; readonly isRehearsal: boolean }
  | { readonly verb: 'export'; readonly tenant?: TenantId; readonly hasPasswords: boolean }
  | { readonly verb: 'wrong'; readonly why: string };

const flag = { type: 'boolean' } as const;

/** Reads the program's arguments. */
export const readOfficeArguments = (args: string[]): OfficeCommand => {
  try {
    const options = { 'dry-run': flag, 'with-passwords': flag, help: { ...flag, short: 'h' } } as const;
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
    return values.help ? { verb: 'help' } : commandOf(positionals, values);
  } catch (error) {
    return { verb: 'wrong', why: (error as Error).message };
  }
};

interface Flags {
  readonly 'dry-run'?: boolean;
  readonly 'with-passwords'?: boolean;
}

const commandOf = ([verb, name, ...more]: readonly string[], flags: Flags): OfficeCommand => {
  const { 'dry-run': isRehearsal = false, 'with-passwords': hasPasswords = false } = flags;
  if (more.length > 0) return { verb: 'wrong', why: `"${more[0]}" is too much` };
  if (isRehearsal && verb !== 'import') return { verb: 'wrong', why: '--dry-run belongs to import' };
  if (hasPasswords && verb !== 'export') return { verb: 'wrong', why: '--with-passwords belongs to export' };
  switch (verb) {
    case 'check':
      return name === undefined ? { verb: 'wrong', why: 'check needs a file' } : { verb, file: name };
    case 'import':
      return name === undefined ? { verb: 'wrong', why: 'import needs a file' } : { verb, file: name, isRehearsal };
    case 'export':
      return exportOf(name, hasPasswords);
    case 'pin':
      // Whatever stands on a command line, others can read.
      return name === undefined ? { verb } : { verb: 'wrong', why: 'pin reads the PIN from standard input' };
    case undefined:
      return { verb: 'help' };
    default:
      return { verb: 'wrong', why: `there is no command ${verb}` };
  }
};

const exportOf = (name: string | undefined, hasPasswords: boolean): OfficeCommand => {
  if (name === undefined) return { verb: 'export', hasPasswords };
  const tenant = readTenantId(name);
  return tenant ? { verb: 'export', tenant, hasPasswords } : { verb: 'wrong', why: `"${name}" can be no tenant` };
};
