// Turns TypeScript into JavaScript as it is loaded. What was made of a file is kept in .tap/javascript until the file
// changes: most of the tests load the same files, and the compiler itself takes half a second to load.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);
const configFile = join(root, 'tsconfig.json');
const config = readFileSync(configFile, 'utf8');
const compilerVersion = JSON.parse(readFileSync(require.resolve('typescript/package.json'), 'utf8')).version;

/** Our imports name the JavaScript that will be there; in the sources it is TypeScript. */
export const resolve = async (specifier, context, next) => {
  const isOurs = specifier.startsWith('.') && specifier.endsWith('.js') && context.parentURL?.endsWith('.ts');
  if (!isOurs) return next(specifier, context);
  return next(`${specifier.slice(0, -'.js'.length)}.ts`, context).catch(() => next(specifier, context));
};

/** Loads a file of TypeScript as a module; everything else as ever. */
export const load = async (url, context, next) => {
  if (!/^file:.*\.ts$/.test(url)) return next(url, context);
  const loaded = await next(url, { ...context, format: 'module' });
  return { ...loaded, format: 'module', source: made(fileURLToPath(url), String(loaded.source)) };
};

/** What is kept says at its end what it was made of. */
const made = (file, source) => {
  const kept = join(root, '.tap/javascript', `${relative(root, file)}.js`);
  const hash = createHash('sha256').update(compilerVersion).update(config).update(source).digest('hex');
  const mark = `\n// made of ${hash}\n`;
  const before = read(kept);
  if (before?.endsWith(mark)) return before;
  const text = transpiled(file, source) + mark;
  keep(kept, text);
  return text;
};

const read = (file) => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
};

/** Other processes may read and write the same at this moment. */
const keep = (file, text) => {
  mkdirSync(dirname(file), { recursive: true });
  const own = `${file}.${process.pid}`;
  writeFileSync(own, text);
  renameSync(own, file);
};

/** Types are taken off, not checked: `npm run check` does that. */
const transpiled = (fileName, source) => {
  const ts = require('typescript');
  const { compilerOptions } = ts.parseConfigFileTextToJson(configFile, config).config;
  const { options } = ts.convertCompilerOptionsFromJson(compilerOptions, root);
  const own = { module: ts.ModuleKind.ESNext, sourceMap: false, inlineSourceMap: true };
  return ts.transpileModule(source, { fileName, compilerOptions: { ...options, ...own } }).outputText;
};
