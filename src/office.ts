import { documentReader } from './adapters/office/document-reader.js';
import { loadOffice } from './adapters/office/office-file.js';
import { writeOffice } from './adapters/office/office-yaml.js';
import { hashPin } from './adapters/office/pin-hash.js';
import { redisOfficeStore } from './adapters/redis/office-store.js';
import { attachRedis, silent } from './attach.js';
import { readConfig } from './config.js';
import type { TenantId } from './domain/names.js';
import { pinForm } from './domain/replace-wish.js';
import type { OfficeDocument, TenantDocument } from './domain/tenant-document.js';
import { type Imported, importOffice } from './flows/import-office.js';
import type { OfficeStore } from './flows/office-store.js';
import { type OfficeCommand, readOfficeArguments, usage } from './office-arguments.js';

/** Words are for people and go to standard error; standard output has the export, or what was done. */
const tell = (text: string): void => void process.stderr.write(`${text}\n`);
const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** How the program ends: done, with mistakes in a document, or not done at all. */
type End = 0 | 1 | 2;

const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

const sizeOf = ({ extensions, pickupGroups = {}, groups = {} }: TenantDocument): string =>
  [
    counted(Object.keys(extensions).length, 'extension'),
    counted(Object.keys(pickupGroups).length, 'pickup group'),
    counted(Object.keys(groups).length, 'group'),
  ].join(', ');

/** The document of a file; says every mistake otherwise. */
const read = (file: string): OfficeDocument | undefined => {
  const loaded = loadOffice(file, file);
  if (loaded.ok) return loaded.document;
  for (const problem of loaded.problems) tell(problem);
  tell(counted(loaded.problems.length, 'mistake'));
  return undefined;
};

const check = (file: string): End => {
  const office = read(file);
  if (!office) return 1;
  for (const [id, tenant] of Object.entries(office.tenants)) say(`${id}: ${sizeOf(tenant)}`);
  say('no mistakes');
  return 0;
};

/** So much of standard input is looked at: a PIN is shorter. */
const longestLine = 100;

const pin = async (): Promise<End> => {
  let text = '';
  for await (const part of process.stdin.setEncoding('utf8')) {
    text += part;
    if (text.includes('\n') || text.length > longestLine) break;
  }
  const [dialled = ''] = text.split(/\r?\n/);
  if (!pinForm.test(dialled)) return wrong('a PIN has 4 to 12 digits');
  say(await hashPin(dialled));
  return 0;
};

const words: Readonly<Record<Imported['became'], (version: number, isRehearsal: boolean) => string>> = {
  written: (version, isRehearsal) => (isRehearsal ? `would be version ${version}` : `version ${version}`),
  unchanged: (version) => `unchanged, version ${version}`,
  stale: () => 'NOT written, others write all the time; try again',
};

const bringIn = async (store: OfficeStore, file: string, isRehearsal: boolean): Promise<End> => {
  const office = read(file);
  if (!office) return 1;
  const result = await importOffice({ store, reader: documentReader }, office, { isRehearsal });
  if (!result.ok) {
    for (const { path, why } of result.faults) tell(`${file}: ${path.join('.')}: ${why}`);
    tell('nothing was written');
    return 1;
  }
  for (const { tenant, became, version, document } of result.imported) {
    const size = 'extensions' in document ? ` (${sizeOf(document)})` : '';
    say(`${tenant ?? 'brands'}: ${words[became](version, isRehearsal)}${size}`);
  }
  if (office.sipAuth) tell('sipAuth was not imported: an instance takes it from its OFFICE_FILE');
  return result.imported.some(({ became }) => became === 'stale') ? 1 : 0;
};

const bringOut = async (store: OfficeStore, wanted: TenantId | undefined, hasPasswords: boolean): Promise<End> => {
  const found = await store.load();
  const tenants: Record<string, TenantDocument> = {};
  let end: End = 0;
  for (const { id, document } of found.tenants) {
    if (wanted !== undefined && id !== wanted) continue;
    const judged = documentReader.tenant(document);
    if (judged.ok) tenants[id] = judged.document;
    else {
      for (const { path, why } of judged.faults) tell(`${id}: ${path.join('.') || 'the document'}: ${why}`);
      end = 1;
    }
  }
  if (wanted !== undefined && !found.tenants.some(({ id }) => id === wanted)) {
    tell(`callpickup: there is no tenant ${wanted}`);
    return 2;
  }
  const installation = documentReader.installation(found.installation.document);
  const brands = Object.entries((installation.ok && installation.document.brands) || {}).filter(
    ([name]) => wanted === undefined || tenants[wanted]?.brand === name,
  );
  const office = { ...(brands.length > 0 && { brands: Object.fromEntries(brands) }), tenants };
  process.stdout.write(writeOffice(office, { hasPasswords }));
  return end;
};

/** Does what needs the store. */
const withStore = async (task: (store: OfficeStore) => Promise<End>): Promise<End> => {
  const config = readConfig([]);
  if (!config.ok) return wrong(config.problems.join('\n'));
  const attached = await attachRedis(config.config);
  if (!attached.ok) return wrong(attached.problem);
  try {
    return await task(redisOfficeStore(attached.redis, silent));
  } catch (error) {
    return wrong(`Redis does not answer: ${(error as Error).message}`);
  } finally {
    attached.redis.disconnect();
  }
};

const wrong = (why: string): End => {
  tell(`callpickup: ${why}`);
  return 2;
};

const run = async (command: OfficeCommand): Promise<End> => {
  switch (command.verb) {
    case 'help':
      tell(usage);
      return 0;
    case 'wrong':
      return wrong(`${command.why}\n\n${usage}`);
    case 'pin':
      return pin();
    case 'check':
      return check(command.file);
    case 'import':
      return withStore((store) => bringIn(store, command.file, command.isRehearsal));
    case 'export':
      return withStore((store) => bringOut(store, command.tenant, command.hasPasswords));
  }
};

process.exitCode = await run(readOfficeArguments(process.argv.slice(2)));
