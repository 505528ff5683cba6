import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Language } from './quote.ts';
import { packageRoot } from './package-root.ts';

/** A folder of templates with a manifest, below `generators/`. */
export interface Generator {
  readonly name: string;
  readonly summary: string;
  /** Template texts by the language that they write. */
  readonly templates: Readonly<Partial<Record<Language, string>>>;
  /** Generators whose templates stand in these as partials of their name. */
  readonly uses: readonly Generator[];
}

interface Manifest {
  readonly summary: string;
  readonly templates: Readonly<Partial<Record<Language, string>>>;
  readonly uses?: readonly string[];
}

/** Reads one of the package's generators. */
export function readGenerator(name: string): Generator {
  const folder = join(packageRoot(), 'generators', name);
  const manifest: Manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
  const templates = Object.entries(manifest.templates).map(([language, file]) => [
    language,
    readFileSync(join(folder, file), 'utf8'),
  ]);
  return {
    name,
    summary: manifest.summary,
    templates: Object.fromEntries(templates),
    uses: (manifest.uses ?? []).map(readGenerator),
  };
}
