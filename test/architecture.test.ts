import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import t from 'tap';
import ts from 'typescript';

/** What one file of ours says of itself. */
interface Source {
  readonly file: string;
  readonly tree: ts.SourceFile;
  readonly imports: readonly Import[];
}

interface Import {
  /** A file of ours, or a package. */
  readonly to: string;
  readonly typesOnly: boolean;
}

type Rule = (sources: readonly Source[]) => string[];

const root = new URL('..', import.meta.url);

const readAll = (): Source[] =>
  readdirSync(new URL('src', root), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readSource(`src/${file}`, readFileSync(new URL(`src/${file}`, root), 'utf8')));

const readSource = (file: string, text: string): Source => {
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true);
  return { file, tree, imports: importsOf(file, tree) };
};

const importsOf = (file: string, tree: ts.SourceFile): Import[] => {
  const found: Import[] = [];
  const note = (name: ts.Node | undefined, typesOnly: boolean) => {
    if (!name || !ts.isStringLiteralLike(name)) return;
    const path = name.text.startsWith('.') ? posix.join(posix.dirname(file), name.text) : name.text;
    found.push({ to: path.startsWith('src/') ? path.replace(/\.js$/, '.ts') : path, typesOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) note(node.moduleSpecifier, isTypesOnly(node.importClause));
    else if (ts.isExportDeclaration(node)) note(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      note(node.arguments[0], false);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
};

const isTypesOnly = (clause: ts.ImportClause | undefined): boolean => {
  if (!clause || clause.isTypeOnly) return clause !== undefined;
  const named = clause.namedBindings;
  return !clause.name && named !== undefined && ts.isNamedImports(named) && named.elements.every((e) => e.isTypeOnly);
};

/** The room a file is in: `domain`, `flows`, `adapters/redis`, `embedded/sip`, or `top` for the composition root. */
const roomOf = (file: string): string => {
  const [, first = '', second = '', ...rest] = file.split('/');
  if (second === '') return 'top';
  return rest.length > 0 && (first === 'adapters' || first === 'embedded') ? `${first}/${second}` : first;
};

const isOurs = (to: string): boolean => to.startsWith('src/');

/** Which rooms a room may look into, besides itself. */
const mayKnow = (room: string): readonly string[] => {
  // The media server is a SIP user agent too, on the same transactions as the engine.
  if (room === 'embedded/media') return ['embedded/sip'];
  if (room === 'domain' || room.startsWith('embedded')) return [];
  if (room === 'flows') return ['domain'];
  return ['domain', 'flows'];
};

const inwards: Rule = (sources) =>
  sources.flatMap(({ file, imports }) => {
    const room = roomOf(file);
    return imports
      .filter(({ to }) => isOurs(to) && roomOf(to) !== room)
      .filter(({ to }) => (room === 'top' ? roomOf(to).startsWith('embedded') : !mayKnow(room).includes(roomOf(to))))
      .map(({ to }) => `${file} -> ${to}`);
  });

/** The domain and the flows need no package and nothing of Node; the embedded engine needs no package. */
const bare: Rule = (sources) =>
  sources.flatMap(({ file, imports }) => {
    const room = roomOf(file);
    const isForeign = (to: string) =>
      !isOurs(to) &&
      (room === 'domain' || room === 'flows' || (room.startsWith('embedded') && !to.startsWith('node:')));
    return imports.filter(({ to }) => isForeign(to)).map(({ to }) => `${file} -> ${to}`);
  });

/** Packages that one file alone may name, because it is the seam to them. */
const seams: Readonly<Record<string, string>> = {
  'drachtio-srf': 'src/adapters/sip/srf.ts',
  ioredis: 'src/adapters/redis/client.ts',
  'drachtio-fsmrf': 'src/adapters/media/mrf.ts',
};

const throughTheSeam: Rule = (sources) =>
  sources.flatMap(({ file, imports }) =>
    imports
      .filter(({ to, typesOnly }) => seams[to] !== undefined && seams[to] !== file && !typesOnly)
      .map(({ to }) => `${file} -> ${to}`),
  );

const acyclic: Rule = (sources) => {
  const byFile = new Map(sources.map((source) => [source.file, source]));
  const done = new Set<string>();
  const cycles: string[] = [];
  const walk = (file: string, way: readonly string[]): void => {
    if (way.includes(file)) return void cycles.push([...way.slice(way.indexOf(file)), file].join(' -> '));
    if (done.has(file)) return;
    for (const { to } of byFile.get(file)?.imports ?? []) if (isOurs(to)) walk(to, [...way, file]);
    done.add(file);
  };
  for (const { file } of sources) walk(file, []);
  return cycles;
};

const environment: Rule = (sources) =>
  sources
    .filter(({ file, tree }) => file !== 'src/config.ts' && /\bprocess\s*(\?\.|\.)\s*env\b|['"]env['"]/.test(tree.text))
    .map(({ file }) => file);

const wornNames = new Set(['utils', 'util', 'helpers', 'helper', 'common', 'managers', 'services', 'misc', 'shared']);

const namedForWhatTheyDo: Rule = (sources) =>
  sources.map(({ file }) => file).filter((file) => file.split(/[/.]/).some((part) => wornNames.has(part)));

const most = { fileLines: 300, functionLines: 60, parameters: 3 };

const linesOf = (node: ts.Node, tree: ts.SourceFile): number => {
  const line = (position: number) => tree.getLineAndCharacterOfPosition(position).line;
  return line(node.getEnd()) - line(node.getStart(tree)) + 1;
};

const small: Rule = (sources) =>
  sources.flatMap(({ file, tree }) => {
    const found: string[] = [];
    const length = tree.text.trimEnd().split('\n').length;
    // Declarations of a package's types are one list; their length says nothing.
    if (length > most.fileLines && !file.startsWith('src/types/')) found.push(`${file}: ${length} lines`);
    const visit = (node: ts.Node): void => {
      if (ts.isFunctionLike(node) && !ts.isTypeNode(node)) {
        const at = `${file}:${tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1}`;
        const lines = linesOf(node, tree);
        if (lines > most.functionLines) found.push(`${at}: a function of ${lines} lines`);
        if (node.parameters.length > most.parameters) found.push(`${at}: ${node.parameters.length} parameters`);
      }
      ts.forEachChild(node, visit);
    };
    if (!file.startsWith('src/types/')) visit(tree);
    return found;
  });

const isExported = (node: ts.Statement): boolean =>
  ts.isExportDeclaration(node) ||
  (ts.canHaveModifiers(node) &&
    (ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false));

/** A run of one-line exports, with no empty line between them, is a list with one comment. */
const documented: Rule = (sources) =>
  sources
    .filter(({ file }) => !file.startsWith('src/types/'))
    .flatMap(({ file, tree }) =>
      tree.statements.flatMap((node, index) => {
        const isDocumented = (ts.getLeadingCommentRanges(tree.text, node.pos) ?? []).some(({ pos }) =>
          tree.text.startsWith('/**', pos),
        );
        const before = tree.statements[index - 1];
        const between = tree.text.slice(before?.end ?? 0, node.getStart(tree));
        const goesOn = before !== undefined && isExported(before) && between === '\n' && linesOf(before, tree) === 1;
        if (!isExported(node) || isDocumented || goesOn) return [];
        return [`${file}:${tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1}`];
      }),
    );

const laterNever: Rule = (sources) =>
  sources.filter(({ tree }) => /\b(TODO|FIXME|XXX)\b|@ts-(ignore|nocheck)/.test(tree.text)).map(({ file }) => file);

interface House {
  readonly rule: Rule;
  /** Files in which the rule is broken; each must be found. */
  readonly broken: Readonly<Record<string, string>>;
  readonly found: number;
}

const doc = '/** What for. */\n';

/** Each rule by its sentence, with a house in which it is broken. */
const house: Readonly<Record<string, House>> = {
  'imports point inwards: top -> adapters -> flows -> domain, and no adapter knows another': {
    rule: inwards,
    broken: {
      'src/domain/a.ts': "import { b } from '../flows/b.js';",
      'src/flows/b.ts': "import type { C } from '../adapters/sip/c.js';",
      'src/adapters/sip/c.ts': "export { d } from '../redis/d.js';",
      'src/adapters/redis/d.ts': "const e = await import('../../embedded/sip/e.js');",
      'src/embedded/sip/e.ts': "import '../../domain/a.js';",
      'src/main.ts': "import '../src/embedded/sip/e.js';",
    },
    found: 6,
  },
  'domain and flows need no package, the embedded engine only Node': {
    rule: bare,
    broken: {
      'src/domain/a.ts': "import { randomUUID } from 'node:crypto';",
      'src/flows/b.ts': "import pino from 'pino';",
      'src/embedded/sip/c.ts': "import 'node:net'; import 'sdp-transform';",
    },
    found: 3,
  },
  'drachtio-srf and ioredis are named in their seams only, types aside': {
    rule: throughTheSeam,
    broken: {
      'src/adapters/sip/a.ts': "import Srf from 'drachtio-srf';",
      'src/adapters/redis/b.ts': "import { type Result, Redis } from 'ioredis';",
      'src/adapters/redis/c.ts': "import { type Result } from 'ioredis'; import type R from 'ioredis';",
    },
    found: 2,
  },
  'no file imports itself by a detour': {
    rule: acyclic,
    broken: {
      'src/domain/a.ts': "import './b.js';",
      'src/domain/b.ts': "import type { C } from './c.js';",
      'src/domain/c.ts': "export * from './a.js';",
    },
    found: 1,
  },
  'only config.ts reads the environment': {
    rule: environment,
    broken: { 'src/main.ts': 'process.env.HOME', 'src/b.ts': "process['env']", 'src/config.ts': 'process.env' },
    found: 2,
  },
  'folders and files are named for what they do': {
    rule: namedForWhatTheyDo,
    broken: { 'src/flows/utils/a.ts': '', 'src/adapters/sip/helpers.ts': '', 'src/domain/call.ts': '' },
    found: 2,
  },
  'files and functions are small': {
    rule: small,
    broken: {
      'src/domain/a.ts': 'let a = 1;\n'.repeat(301),
      'src/domain/b.ts': `const f = () => {\n${'f();\n'.repeat(60)}};`,
      'src/domain/c.ts': 'function f(a, b, c, d) {}',
    },
    found: 3,
  },
  'every exported thing says what it is for': {
    rule: documented,
    broken: {
      'src/domain/a.ts': `${doc}export type A = 1;\nexport type B = 2;\n\nexport type C = 3;`,
      'src/domain/b.ts': '// Not a doc comment.\nexport const b = 1;\nconst own = 2;',
    },
    found: 2,
  },
  'nothing is put off and no type error is silenced': {
    rule: laterNever,
    broken: { 'src/domain/a.ts': `// ${'TO'}${'DO'}: later`, 'src/domain/b.ts': '// @ts-ignore' },
    found: 2,
  },
};

const sources = readAll();

t.ok(sources.length > 50, 'the house was found');

for (const [sentence, { rule, broken, found }] of Object.entries(house)) {
  t.test(sentence, async (t) => {
    const ruins = rule(Object.entries(broken).map(([file, text]) => readSource(file, text)));
    t.equal(ruins.length, found, `the rule finds what breaks it: ${ruins.join(', ')}`);
    t.same(rule(sources), []);
  });
}
