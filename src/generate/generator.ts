import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { basename, join, resolve, sep } from 'node:path';
import { didYouMean } from '../problem/did-you-mean.ts';
import { SagecfgError } from '../problem/sagecfg-error.ts';
import { packageRoot } from './package-root.ts';
import { parseManifest, type Manifest } from './parse-manifest.ts';
import { compileTemplate, type Render } from './render.ts';

/** A folder of templates with a manifest. */
export interface Generator {
  readonly name: string;
  readonly summary: string;
  readonly files: readonly GeneratorFile[];
}

/** One kind of file that a generator writes. */
export interface GeneratorFile {
  /** Written only when this format is asked for; the first of a generator is its default. */
  readonly format: string | undefined;
  /** The list of the data that it is written once for each item of. */
  readonly each: 'instances' | 'resources' | undefined;
  /** Belongs to the user once it is there: never written again. */
  readonly isKept: boolean;
  readonly renderPath: Render;
  readonly render: Render;
}

/** Names of the generators that the package brings: a folder is the registration. */
export function generatorNames(): readonly string[] {
  const entries = readdirSync(join(packageRoot(), 'generators'), { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/**
 * Reads a generator: one of the package's by its name, a user's own by its folder (`./mine`).
 *
 * @throws SagecfgError `usage` for an unknown name, and for a folder that is no generator
 */
export function readGenerator(nameOrFolder: string, workingDirectory = ''): Generator {
  if (/[\\/]/.test(nameOrFolder)) return readFolder(resolve(workingDirectory, nameOrFolder));
  const known = shipped.get(nameOrFolder);
  if (known !== undefined) return known;
  const names = generatorNames();
  if (!names.includes(nameOrFolder)) throw unknownGenerator(nameOrFolder, names);
  const generator = readFolder(join(packageRoot(), 'generators', nameOrFolder));
  shipped.set(nameOrFolder, generator);
  return generator;
}

/** What the package brings does not change while a command runs. */
const shipped = new Map<string, Generator>();

function unknownGenerator(name: string, names: readonly string[]): SagecfgError {
  const suggestion = didYouMean(name, names);
  const hint =
    suggestion === undefined
      ? `expected one of ${names.join(', ')}, or the folder of your own, such as ./${name}`
      : `did you mean "${suggestion}"?`;
  return new SagecfgError('usage', `no generator is called ${JSON.stringify(name)}: ${hint}`);
}

function readFolder(folder: string): Generator {
  const name = basename(folder);
  const manifest = parseManifest(readInside(folder, 'manifest.json'), join(folder, 'manifest.json'));
  const partials = manifest.uses.flatMap((used) =>
    readPartials(join(packageRoot(), 'generators', requireShipped(used, folder))),
  );
  const all = [...partials, ...readPartials(folder)];
  return {
    name,
    summary: manifest.summary,
    files: manifest.files.map((file) => compileFile(folder, file, all)),
  };
}

function requireShipped(name: string, folder: string): string {
  if (generatorNames().includes(name)) return name;
  throw new SagecfgError('usage', `generator ${folder}: "uses" names no generator of the package: "${name}"`);
}

interface Partial {
  readonly name: string;
  readonly language: string;
  readonly source: string;
}

/** Partials lie in `partials/NAME.LANGUAGE.hbs`. */
function readPartials(folder: string): Partial[] {
  return namesIn(join(folder, 'partials')).flatMap((file) => {
    const match = /^(?<name>[\w-]+)\.(?<language>[a-z]+)\.hbs$/.exec(file);
    if (match?.groups === undefined) return [];
    const { name = '', language = '' } = match.groups;
    return [{ name, language, source: readInside(folder, join('partials', file)) }];
  });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

function compileFile(
  folder: string,
  file: Manifest['files'][number],
  partials: readonly Partial[],
): GeneratorFile {
  const { template, language, path, format, each, isKept } = file;
  const source = readInside(folder, template);
  const fitting = partials.filter((partial) => partial.language === language);
  const body = compileLazily(folder, {
    name: template,
    source,
    language,
    partials: new Map(fitting.map((partial) => [partial.name, partial.source])),
  });
  const name = `path of ${template}`;
  const renderPath = compileLazily(folder, { name, source: path, language: 'path', partials: new Map() });
  return { format, each, isKept, renderPath, render: body };
}

/** Of a generator with several formats most are not used. */
function compileLazily(folder: string, template: Parameters<typeof compileTemplate>[0]): Render {
  let compiled: Render | undefined;
  return (data) => {
    try {
      compiled ??= compileTemplate(template);
      return compiled(data);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const place = reason.startsWith(template.name) ? '' : `${template.name}: `;
      throw new SagecfgError('usage', `generator ${basename(folder)}: ${place}${reason}`, { cause: error });
    }
  };
}

/** A file of the generator itself; a name or a link that leads out of its folder is refused. */
function readInside(folder: string, name: string): string {
  try {
    const [root, path] = [realpathSync(folder), realpathSync(join(folder, name))];
    if (path.startsWith(root + sep)) return readFileSync(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SagecfgError('usage', `generator ${folder}: cannot read ${JSON.stringify(name)}: ${reason}`, {
      cause: error,
    });
  }
  throw new SagecfgError('usage', `generator ${folder}: ${JSON.stringify(name)} lies outside its folder`);
}
