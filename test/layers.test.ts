import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Folders of `src/` from the ground up. A file imports from its own folder and from those before it. */
const layers = [
  'problem',
  'input',
  'document',
  'schema',
  'template',
  'model',
  'catalog',
  'lint',
  'report',
  'settings',
  'generate',
  'sage',
  'platform',
  'runtime',
  'simulator',
  'command-line',
  'commands',
];

/** Files that stand in `src/` itself, and what each may import besides the folders: another of them. */
const edgeFiles: Record<string, readonly string[]> = {
  'io.ts': [],
  'version.ts': [],
  'cli.ts': ['io.ts', 'version.ts'],
  'output.ts': ['io.ts'],
  'bin.ts': ['cli.ts', 'io.ts', 'output.ts'],
  'index.ts': [],
};

/** A package stands behind one folder, so that another can take its place. */
const owners: Record<string, string> = {
  ajv: 'schema',
  'date-fns': 'template',
  diff: 'report',
  handlebars: 'generate',
  ignore: 'input',
  'jsonc-parser': 'document',
  'node:sqlite': 'runtime',
  pg: 'runtime',
  'pg-boss': 'runtime',
  'prom-client': 'runtime',
  tinyglobby: 'input',
  yaml: 'document',
  yargs: 'command-line',
};

/** Each must be able to prove the other wrong. */
const strangers: readonly (readonly [string, string])[] = [
  ['simulator', 'runtime'],
  ['simulator', 'sage'],
  ['runtime', 'simulator'],
  ['sage', 'simulator'],
];

interface Import {
  readonly file: string;
  readonly target: string;
}

const root = resolve(import.meta.dirname, '..');
const source = join(root, 'src');
const files = listFiles(source);
const imports = files.flatMap((file) => importsOf(file));

describe('the layers', () => {
  it('has every folder in the table', () => {
    const folders = readdirSync(source).filter((name) => statSync(join(source, name)).isDirectory());
    expect(folders.filter((folder) => !layers.includes(folder))).toEqual([]);
  });

  it('imports only downwards', () => {
    expect(
      localImports()
        .filter(({ file, target }) => !mayImport(file, target))
        .map(describeImport),
    ).toEqual([]);
  });

  it('keeps simulator and runtime strangers', () => {
    const forbidden = localImports().filter(({ file, target }) =>
      strangers.some(([from, to]) => folderOf(file) === from && folderOf(target) === to),
    );
    expect(forbidden.map(describeImport)).toEqual([]);
  });

  it('imports each package in its one folder only', () => {
    const elsewhere = packageImports().filter(({ file, target }) => {
      const owner = owners[packageOf(target)];
      return owner !== undefined && owner !== folderOf(file);
    });
    expect(elsewhere.map(describeImport)).toEqual([]);
  });

  it('really uses each package where the table says so', () => {
    const used = new Set(packageImports().map(({ target }) => packageOf(target)));
    const declared = Object.keys(manifest().dependencies);
    expect(declared.filter((name) => !used.has(name))).toEqual([]);
  });

  it('names adapters in create-runtime.ts and open-storage.ts only', () => {
    const adapters = join('src', 'runtime', 'adapters');
    const outside = localImports().filter(({ file, target }) => {
      const isInside =
        relative(root, file).startsWith(adapters) || /\/(create-runtime|open-storage)\.ts$/.test(file);
      return !isInside && relative(root, target).startsWith(adapters);
    });
    expect(outside.map(describeImport)).toEqual([]);
  });

  it('never imports date-fns as a whole, which takes seconds', () => {
    expect(
      packageImports()
        .filter(({ target }) => target === 'date-fns')
        .map(describeImport),
    ).toEqual([]);
  });
});

function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8');
  const statements =
    /^(?:import|export)\b[^;'"`]*?from\s+['"]([^'"]+)['"]|^import\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm;
  return [...text.matchAll(statements)].map((match) => ({
    file,
    target: match[1] ?? match[2] ?? match[3] ?? '',
  }));
}

function localImports(): Import[] {
  return imports
    .filter(({ target }) => target.startsWith('.') && target.endsWith('.ts'))
    .map(({ file, target }) => ({ file, target: resolve(dirname(file), target) }));
}

function packageImports(): Import[] {
  return imports.filter(({ target }) => !target.startsWith('.'));
}

function packageOf(target: string): string {
  if (target.startsWith('node:')) return target;
  return target
    .split('/')
    .slice(0, target.startsWith('@') ? 2 : 1)
    .join('/');
}

function folderOf(file: string): string {
  return relative(source, file).split('/')[0] ?? '';
}

function mayImport(file: string, target: string): boolean {
  expect(existsSync(target), `${describeImport({ file, target })} exists`).toBe(true);
  const from = folderOf(file);
  const to = folderOf(target);
  if (from in edgeFiles) return layers.includes(to) || (edgeFiles[from] ?? []).includes(to);
  // The streams a command writes to are the one thing that the edge hands down.
  if (to === 'io.ts' || to === 'version.ts') return layers.indexOf(from) >= layers.indexOf('settings');
  // Parsing needs the shape of a command, and help its list; commands need neither.
  if (from === 'command-line') return layers.includes(to);
  return layers.indexOf(to) !== -1 && layers.indexOf(to) <= layers.indexOf(from) && to !== 'command-line';
}

function describeImport({ file, target }: Import): string {
  const shown = target.startsWith('/') ? relative(root, target) : target;
  return `${relative(root, file)} → ${shown}`;
}

function manifest(): { readonly dependencies: Readonly<Record<string, string>> } {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as ReturnType<typeof manifest>; // our own file
}
