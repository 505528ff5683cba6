import { SagecfgError } from '../problem/sagecfg-error.ts';
import { didYouMean } from '../problem/did-you-mean.ts';
import { templateLanguages, type TemplateLanguage } from './quote.ts';

/** `manifest.json` of a generator. */
export interface Manifest {
  readonly summary: string;
  /** Generators of the package whose partials the templates may include. */
  readonly uses: readonly string[];
  readonly files: readonly ManifestFile[];
}

interface ManifestFile {
  readonly template: string;
  readonly language: TemplateLanguage;
  /** Itself a template, in the language `path`: where the file goes below the output folder. */
  readonly path: string;
  readonly format: string | undefined;
  readonly each: 'instances' | 'resources' | undefined;
  readonly isKept: boolean;
}

/** @throws SagecfgError `usage` that names the key and what was expected */
export function parseManifest(text: string, path: string): Manifest {
  const manifest = objectAt(parseJson(text, path), path, ['summary', 'uses', 'files']);
  const { files } = manifest;
  if (!Array.isArray(files) || files.length === 0)
    throw wrong(path, '"files" must be a list of at least one file');
  return {
    summary: textAt(manifest, 'summary', path),
    uses: namesAt(manifest['uses'], path),
    files: files.map((file: unknown, index) => parseFile(file, `${path}, file ${index + 1}`)),
  };
}

type JsonObject = Readonly<Record<string, unknown>>;

function parseFile(value: unknown, place: string): ManifestFile {
  const file = objectAt(value, place, ['template', 'language', 'path', 'format', 'each', 'keep']);
  const { each, keep, format } = file;
  const language = templateLanguages.find((candidate) => candidate === file['language']);
  if (language === undefined || language === 'path')
    throw wrong(
      place,
      `"language" must be one of ${templateLanguages.filter((name) => name !== 'path').join(', ')}`,
    );
  if (each !== undefined && each !== 'instances' && each !== 'resources')
    throw wrong(place, '"each" must be "instances" or "resources"');
  if (keep !== undefined && typeof keep !== 'boolean') throw wrong(place, '"keep" must be true or false');
  return {
    template: textAt(file, 'template', place),
    language,
    path: textAt(file, 'path', place),
    format: format === undefined ? undefined : textAt(file, 'format', place),
    each,
    isKept: keep ?? false,
  };
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw wrong(path, error instanceof Error ? error.message : String(error));
  }
}

function objectAt(value: unknown, place: string, known: readonly string[]): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong(place, 'expected an object');
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown === undefined) return value as JsonObject; // an object that is no list
  const suggestion = didYouMean(unknown, known);
  const hint = suggestion === undefined ? `expected ${known.join(', ')}` : `did you mean "${suggestion}"?`;
  throw wrong(place, `unknown key ${JSON.stringify(unknown)}: ${hint}`);
}

function textAt(object: JsonObject, key: string, place: string): string {
  const value = object[key];
  if (typeof value === 'string' && value !== '') return value;
  throw wrong(place, `"${key}" must be a text`);
}

function namesAt(value: unknown, place: string): readonly string[] {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.every((name) => typeof name === 'string')) return value;
  throw wrong(place, '"uses" must be a list of names');
}

function wrong(place: string, what: string): SagecfgError {
  return new SagecfgError('usage', `${place}: ${what}`);
}
