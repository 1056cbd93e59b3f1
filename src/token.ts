import { documentReader } from './adapters/office/document-reader.js';
import { loadOffice } from './adapters/office/office-file.js';
import { redisOfficeStore } from './adapters/redis/office-store.js';
import { redisTokens } from './adapters/redis/token-store.js';
import { attachRedis, silent } from './attach.js';
import { readConfig } from './config.js';
import type { OfficeDocument } from './domain/tenant-document.js';
import type { Token, TokenGrant, TokenId } from './domain/token.js';
import type { OfficeStore } from './flows/office-store.js';
import type { TokenBook } from './flows/tokens.js';
import { type CreateOptions, grantOf, readTokenArguments, type TokenCommand, usage } from './token-arguments.js';

/** Words are for people and go to standard error; standard output has the token, or the list, alone. */
const tell = (text: string): void => void process.stderr.write(`${text}\n`);

const day = ({ createdAt }: Token): string => new Date(createdAt).toISOString().slice(0, 10);

const placeOf = ({ tenant, brand, extension, role }: TokenGrant): string =>
  role === 'ADMIN' ? 'everything' : `${brand ?? tenant ?? ''}${extension === undefined ? '' : ` ${extension}`}`;

/** What the token is called that the program makes by itself. */
const firstName = 'npm run token';

/** Makes a token and shows it; returns what was wrong with the wish. */
const create = async (
  tokens: TokenBook,
  office: OfficeDocument,
  options: CreateOptions,
): Promise<string | undefined> => {
  const wish = grantOf(office, options);
  if (!wish.ok) return wish.why;
  const { token, text } = await tokens.issue(wish.grant);
  tell(`${token.role} of ${placeOf(token)}, id ${token.id}. Its text is shown this once:`);
  process.stdout.write(`${text}\n`);
  return undefined;
};

/** The first token of a new office: whoever may write to its Redis may have it. */
const createFirst = async (tokens: TokenBook, office: OfficeDocument): Promise<string | undefined> => {
  const tenant = Object.keys(office.tenants).find((id) => office.tenants[id]?.default);
  if (tenant === undefined) return 'the office has no default tenant: create --tenant … --role OWNER';
  const before = (await tokens.list()).find(({ name, tenant: own }) => name === firstName && own === tenant);
  if (!before) return create(tokens, office, { role: 'OWNER', tenant, name: firstName });
  tell(`The token of ${tenant} was made and shown on ${day(before)}: id ${before.id}.`);
  tell(`Another one:  npm run token -- create --tenant ${tenant} --role OWNER`);
  tell(`Take it back: npm run token -- revoke ${before.id}`);
  return undefined;
};

const list = async (tokens: TokenBook): Promise<undefined> => {
  const all = await tokens.list();
  if (all.length === 0) tell('There are no tokens.');
  for (const token of all) {
    const { id, role, name } = token;
    process.stdout.write(`${id}  ${role.padEnd(8)}  ${placeOf(token).padEnd(24)}  ${day(token)}  ${name}\n`);
  }
};

const revoke = async (tokens: TokenBook, id: TokenId): Promise<string | undefined> => {
  if (!(await tokens.revoke(id))) return `there is no token ${id}`;
  tell(`${id} is taken back: within a second nobody believes it.`);
  return undefined;
};

/** The companies and brands of the file, and those that came since by import or by an API. */
const wholeOffice = async (file: OfficeDocument, store: OfficeStore): Promise<OfficeDocument> => {
  const { tenants, installation } = await store.load();
  const stored = tenants.flatMap(({ id, document }) => {
    const judged = documentReader.tenant(document);
    return judged.ok ? [[id, judged.document] as const] : [];
  });
  const judged = documentReader.installation(installation.document);
  return {
    brands: { ...file.brands, ...(judged.ok && judged.document.brands) },
    tenants: { ...file.tenants, ...Object.fromEntries(stored) },
  };
};

/** Does what was asked; returns why not, if it could not be done. */
const run = async (command: TokenCommand): Promise<string | undefined> => {
  if (command.verb === 'wrong') return `${command.why}\n\n${usage}`;
  if (command.verb === 'help') return tell(usage) as undefined;
  const read = readConfig([]);
  if (!read.ok) return read.problems.join('\n');
  const loaded = loadOffice(read.config.officeFile);
  if (!loaded.ok) return loaded.problems.join('\n');
  const attached = await attachRedis(read.config);
  if (!attached.ok) return attached.problem;

  const tokens = redisTokens(attached.redis);
  try {
    if (command.verb === 'list') return await list(tokens);
    if (command.verb === 'revoke') return await revoke(tokens, command.id as TokenId);
    const office = await wholeOffice(loaded.document, redisOfficeStore(attached.redis, silent));
    return command.verb === 'create'
      ? await create(tokens, office, command.options)
      : await createFirst(tokens, office);
  } catch (error) {
    return `Redis does not answer: ${(error as Error).message}`;
  } finally {
    attached.redis.disconnect();
  }
};

const problem = await run(readTokenArguments(process.argv.slice(2)));
if (problem !== undefined) tell(`callpickup: ${problem}`);
process.exitCode = problem === undefined ? 0 : 2;
