import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { parseAllDocuments } from 'yaml';

/** The root of this project. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** A Kubernetes object as it stands in its file. */
export interface Manifest {
  file: string;
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string> };
  // The parts of it are read by the tests that know the kind.
  // biome-ignore lint/suspicious/noExplicitAny: a manifest is whatever its kind says, checked by its schema
  [part: string]: any;
}

/** Every object of the YAML files below k8s/, without kustomizations, patches and office files. */
export function readManifests(): Manifest[] {
  return yamlFiles(join(root, 'k8s'))
    .filter((file) => !/(kustomization|use-freeswitch|office)\.yaml$/.test(file))
    .flatMap((file) =>
      parseAllDocuments(readFileSync(file, 'utf8')).map((document) => {
        if (document.errors.length) throw document.errors[0];
        return { ...document.toJS(), file: relative(root, file) } as Manifest;
      }),
    );
}

/** All kustomizations, by folder. */
export function readKustomizations(): { folder: string; content: Record<string, unknown> }[] {
  return yamlFiles(join(root, 'k8s'))
    .filter((file) => file.endsWith('kustomization.yaml'))
    .map((file) => ({
      folder: join(file, '..'),
      content: parseAllDocuments(readFileSync(file, 'utf8'))[0]?.toJS() as Record<string, unknown>,
    }));
}

/** Where the schema and the type of an object are. */
export function moduleOf({ apiVersion, kind }: Manifest): string {
  const models = apiVersion.startsWith('monitoring.coreos.com')
    ? '@kubernetes-models/prometheus-operator'
    : 'kubernetes-models';
  return `${models}/${apiVersion}/${kind}`;
}

/** What the types of Kubernetes have against the objects: misspelt and misplaced fields, which the schemas let pass. */
export function typeErrors(manifests: readonly Manifest[]): string[] {
  const lines = manifests.map(({ file, ...object }, index) => {
    const name = `T${index}`;
    const type = moduleOf({ file, ...object } as Manifest);
    return `import type { I${object.kind} as ${name} } from '${type}'; export const _${index}: ${name} = ${JSON.stringify(object)};`;
  });
  const virtual = join(root, 'test/deploy/manifests-as-types.ts');
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile;
  host.getSourceFile = (name, target, ...more) =>
    name === virtual ? ts.createSourceFile(name, lines.join('\n'), target) : read(name, target, ...more);
  const known = host.fileExists;
  host.fileExists = (name) => name === virtual || known(name);
  return ts.getPreEmitDiagnostics(ts.createProgram([virtual], options, host)).map((problem) => {
    const line = problem.file?.getLineAndCharacterOfPosition(problem.start ?? 0).line ?? 0;
    return `${manifests[line]?.file}: ${ts.flattenDiagnosticMessageText(problem.messageText, ' ')}`;
  });
}

function yamlFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => join(folder, name))
    .sort();
}
